import Testing

@testable import Retention

@Suite struct RestoreTests {
  private static func flagged(
    _ number: Int, image: Int = 1, wholeImage: Bool = false, lastUse: LastUse = .at(Moment(day: day(-400))),
    held: Bool = false
  ) -> FlaggedRevision {
    var revision = FlaggedRevision(
      id: image * 100 + number, imageID: image, image: "Image \(image)", number: number,
      revisionClass: .older, owner: alice, expireDate: day(-3), flaggedAt: Moment(day: day(-3), second: 7200),
      wholeImage: wholeImage)
    revision.lastUse = lastUse
    revision.isHeld = held
    return revision
  }

  @Test(
    "a reservation made after the flag takes it back, one before it does not",
    arguments: [
      (LastUse.at(Moment(day: day(-3), second: 7201)), true),
      (.at(Moment(day: day(-3), second: 7200)), false),
      (.at(Moment(day: day(-3), second: 0)), false), (.at(Moment(day: day(0))), true), (.never, false),
      (.undated, false),
    ])
  func reserved(lastUse: LastUse, isRestored: Bool) throws {
    let plan = try plan(flagged: [Self.flagged(1, lastUse: lastUse)]) {}
    #expect(plan.line(1) == (isRestored ? "unmark -: reserved_after_flag" : "no decision"))
    if isRestored {
      let decision = try #require(plan.decision(1))
      #expect(decision.isRestore)
      #expect(!decision.wholeImage)
      #expect(decision.keepUntil == day(30), "kept for the grace period")
      #expect(decision.expireDate == day(-3))
    }
  }

  @Test("so does a reservation that holds it now")
  func held() throws {
    let plan = try plan(flagged: [Self.flagged(1, held: true), Self.flagged(3)]) {}
    #expect(plan.decisions.map(\.revision) == [1])
  }

  @Test("an image that went as a whole comes back as a whole")
  func wholeImage() throws {
    let plan = try plan(flagged: [
      Self.flagged(1, wholeImage: true), Self.flagged(2, wholeImage: true, held: true),
      Self.flagged(5, wholeImage: false), Self.flagged(1, image: 2, wholeImage: true),
    ]) {}
    #expect(plan.decisions.map { [$0.imageID, $0.revision] } == [[1, 1], [1, 2]])
    #expect(plan.decisions.allSatisfy { $0.isRestore && $0.wholeImage })
  }

  @Test("a revision flagged before its whole image brings the image back: alone it would have no production")
  func flaggedBeforeItsImage() throws {
    let plan = try plan(flagged: [
      Self.flagged(1, held: true), Self.flagged(2, wholeImage: true), Self.flagged(3),
    ]) {}
    #expect(plan.decisions.map(\.revision) == [1, 2])
  }

  @Test("restores do not count towards the limit, and come last")
  func order() throws {
    let plan = try plan(["max_flag_count": "0"], flagged: [Self.flagged(1, held: true)]) {
      imageInUse(7) { revision(1, lastUse: -400) }
    }
    #expect(plan.decisions.map(\.imageID) == [7, 7, 1])
    #expect(plan.overLimit == nil)
    #expect(plan.judged == 2)
  }
}
