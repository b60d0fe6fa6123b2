import Testing

@testable import Retention

@Suite struct JudgementTests {
  private func judgement(
    _ number: Int, _ settings: Settings = [:], recordedSince: Int? = -5000,
    @ListBuilder<Image> _ images: () -> [Image]
  ) throws -> Judgement? {
    Judgement(
      revisionID: 100 + number, facts: facts(images(), recordedSince: recordedSince),
      policies: try policies(settings), today: today)
  }

  @Test(
    "the day on which the criterion is met is the first on which a plan marks",
    arguments: [Use.on(-100), .on(-179), .never], [-60, -5000])
  func metOn(use: Use, recordedSince: Int) throws {
    func images() -> Image { imageInUse { revision(1, created: -80, use: use) } }
    let age = try #require(try judgement(1, recordedSince: recordedSince) { images() }).age
    let met = try #require(age.metOn)
    let plans = try [met, met - 1, today].map { day in
      Plan(
        facts: facts([images()], recordedSince: recordedSince), policies: try policies(), today: day)
    }
    #expect(plans.map { $0.decision(1)?.kind } == [.mark, .keep, .keep])
    #expect(plans[2].decision(1)?.reasons == [age.reason])
  }

  @Test("a limit of 0, and an age that is not known, are never met")
  func never() throws {
    let off = try #require(
      try judgement(1, ["idle_days_older": "0"]) { imageInUse { revision(1, lastUse: -999) } }
    ).age
    #expect(off.metOn == nil)
    #expect(!off.isMet)
    #expect(off.days == 999)
    let unknown = try #require(
      try judgement(1) { imageInUse { revision(1, created: nil) } }
    ).age
    #expect(unknown.days == nil)
    #expect(unknown.metOn == nil)
    #expect(unknown.reason == .recentlyCreated)
  }

  @Test("newer revisions are counted without the production one")
  func newest() throws {
    for (number, newer, isKept) in [(1, 2, false), (3, 1, true), (4, 0, true)] {
      let judgement = try #require(
        try judgement(number, ["keep_newest": "2"]) {
          imageInUse {
            revision(1, lastUse: -400)
            revision(3, lastUse: -400)
            revision(4, lastUse: -400)
          }
        })
      #expect(judgement.newerRevisions == newer)
      #expect(judgement.isNewestKept == isKept)
      #expect(judgement.keepNewest == 2)
    }
  }

  @Test("what keeps an image from expiring as a whole is named, where production days are set")
  func blockers() throws {
    func images() -> Image {
      imageInUse {
        revision(1, lastUse: -400)
        revision(3, lastUse: -400, kept: 5)
      }
    }
    #expect(try judgement(1) { images() }?.blockers == nil)
    let judgement = try judgement(1, ["idle_days_production": "100"]) { images() }
    #expect(
      judgement?.blockers == [
        .init(revisionID: 103, number: 3, reasons: [.kept]),
        .init(revisionID: 102, number: 2, reasons: [.recentlyUsed]),
      ])
  }

  @Test("a revision that is not live, and one of a corrupt image, is not judged")
  func notLive() throws {
    #expect(
      try judgement(1) {
        image(production: [1, 2]) {
          revision(1); revision(2)
        }
      } == nil)
    #expect(try judgement(9) { imageInUse { revision(1) } } == nil)
  }
}
