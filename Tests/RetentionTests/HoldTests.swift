import Testing

@testable import Retention

@Suite struct HoldTests {
  static let ofRevision: [Reason] = [.holdReservation, .holdSemaphore, .holdComputer]
  static let ofImage: [Reason] = [
    .holdImageReservation, .holdBlockRequest, .holdBlockComputer, .holdServerProfile, .holdSubimage,
    .holdVMProfile, .holdNextImage, .holdOneClick, .holdConfigSubimage,
  ]

  @Test("a hold keeps a revision that would be eligible", arguments: ofRevision)
  func hold(reason: Reason) throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -4000, holds: [reason]) } }
    #expect(plan.line(1) == "keep -: \(reason.rawValue)")
  }

  @Test("a hold clears the date of a marked revision and ends its mark", arguments: ofRevision)
  func holdUnmarks(reason: Reason) throws {
    let plan = try plan {
      imageInUse { marked(1, date: 0, holds: [reason], notices: [notice(date: 0, accepted: -30)]) }
    }
    #expect(plan.line(1) == "unmark -: \(reason.rawValue)")
    #expect(plan.decision(1)?.markChange == .end)
  }

  @Test("a hold clears a date that somebody else set", arguments: ofRevision)
  func holdClearsForeignDate(reason: Reason) throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -4000, date: 10, holds: [reason]) } }
    #expect(plan.line(1) == "unmark -: \(reason.rawValue)")
  }

  @Test("several holds are all reported, each once")
  func several() throws {
    let plan = try plan {
      imageInUse { revision(1, lastUse: -4000, holds: [.holdComputer, .holdReservation, .holdComputer]) }
    }
    #expect(plan.line(1) == "keep -: hold_computer hold_reservation")
    #expect(plan.decision(1)?.holds.count == 3)
  }

  @Test("a hold on the image protects neither older nor newer revisions", arguments: ofImage)
  func imageHoldAndOthers(reason: Reason) throws {
    let plan = try plan {
      image(production: 2, holds: [reason]) {
        revision(1, lastUse: -400)
        revision(2, lastUse: -1)
        revision(3, lastUse: -400)
      }
    }
    #expect(plan.line(1) == "mark +30: idle_older")
    #expect(plan.line(2) == "keep -: \(reason.rawValue)")
    #expect(plan.line(3) == "mark +30: idle_newer")
  }

  @Test("a hold on the image protects the production revision and the whole image", arguments: ofImage)
  func imageHoldAndWholeImage(reason: Reason) throws {
    let plan = try plan(["idle_days_production": "300"]) {
      image(production: 2, holds: [reason]) {
        revision(1, lastUse: -100)
        revision(2, lastUse: -400)
      }
      image(2, production: 2, holds: [reason]) { revision(2, lastUse: -400) }
    }
    #expect(plan.line(2) == "keep -: \(reason.rawValue)")
    #expect(plan.line(2, image: 2) == "keep -: \(reason.rawValue)")
    #expect(plan.decision(2)?.holds.map(\.reason) == [reason])
  }

  @Test("every reason that begins with hold_ is a hold, and no other is")
  func reasonsAreHolds() {
    let corrupt: [Reason] = [
      .holdImageDeleted, .holdNoProduction, .holdSeveralProductions, .holdNoImage, .holdInstallType,
      .holdCreatedUnknown, .holdUseUndated,
    ]
    #expect(Set(Reason.allCases.filter(\.isHold)) == Set(Self.ofRevision + Self.ofImage + corrupt))
    #expect(Reason.allCases.allSatisfy { $0.sentence.hasSuffix(".") })
  }
}

/// Images that VCL keeps for itself or that are corrupt: reported with their reason, never judged.
@Suite struct UnjudgedImageTests {
  private static func odd(_ id: Int) -> [(Image, Reason)] {
    func drafts() -> [Draft] { [revision(1, lastUse: -4000), revision(2, lastUse: -4000)] }
    return [
      (image(id, production: [], drafts), .holdNoProduction),
      (image(id, production: [1, 2], drafts), .holdSeveralProductions),
      (image(id, production: [2], name: "noimage", drafts), .holdNoImage),
      (image(id, production: [2], name: "NoImage", drafts), .holdNoImage),
      (image(id, production: [2], installType: "none", drafts), .holdInstallType),
      (image(id, production: [2], installType: "Kickstart", drafts), .holdInstallType),
      (image(id, production: [2], deleted: true, drafts), .holdImageDeleted),
    ]
  }

  @Test("an image that may not be judged keeps all its revisions, with the reason", arguments: 0..<7)
  func unjudged(index: Int) throws {
    let (image, reason) = Self.odd(1)[index]
    let plan = try plan(["idle_days_production": "10"]) { image }
    #expect(plan.line(1) == "keep -: \(reason.rawValue)")
    #expect(plan.line(2) == "keep -: \(reason.rawValue)")
    #expect(plan.judged == 0)
  }

  @Test("it loses the dates of its revisions, except where a capture is under way", arguments: 0..<7)
  func unjudgedWithDates(index: Int) throws {
    var (image, reason) = Self.odd(1)[index]
    for position in image.revisions.indices {
      image.revisions[position].expireDate = day(-1)
      image.revisions[position].mark = mark(date: -1)
      image.revisions[position].notices = [notice(date: -1, accepted: -30)]
    }
    let image1 = image
    let plan = try plan { image1 }
    let decision = try #require(plan.decision(1))
    if reason == .holdImageDeleted {
      #expect(plan.line(1) == "keep -1: hold_image_deleted")
      #expect(decision.markChange == .none)
    } else {
      #expect(plan.line(1) == "unmark -: \(reason.rawValue)")
      #expect(decision.markChange == .end)
    }
  }

  @Test("an image name that only begins with noimage is judged")
  func nameBeginsWithNoImage() throws {
    let plan = try plan { imageInUse(name: "noimage2") { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == "mark +30: idle_older")
  }

  @Test("one bad image does not stop the others")
  func others() throws {
    let plan = try plan {
      Self.odd(1)[1].0
      imageInUse(2) { revision(1, lastUse: -400) }
    }
    #expect(plan.line(1, image: 2) == "mark +30: idle_older")
    #expect(plan.judged == 2)
  }
}
