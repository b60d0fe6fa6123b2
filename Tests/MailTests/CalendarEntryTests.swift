import Mail
import Retention
import Testing

@Suite("Entries of an owner's calendar")
struct CalendarEntryTests {
  private static let today = Samples.today

  private static func digest(_ days: [Int: Int], flagged: [Int] = [], safe: [Int] = []) -> OwnerDigest {
    OwnerDigest(
      today: today,
      entries: days.sorted { $0.key < $1.key }.map { Samples.entry($0.key, "A", $0.key, inDays: $0.value) }
        + flagged.map { Samples.entry($0, "A", $0, change: .flagged, inDays: 0) }
        + safe.map { Samples.entry($0, "A", $0, change: .safe, inDays: nil, previously: 3) })
  }

  private static func entry(
    _ uid: String, _ sequence: Int, inDays: Int, _ revisions: [Int], cancelled: Bool = false
  ) -> CalendarEntry {
    CalendarEntry(
      uid: uid, sequence: sequence, day: today + inDays, revisionIDs: revisions, isCancelled: cancelled)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var previous: [CalendarEntry]
    var digest: OwnerDigest
    var next: [CalendarEntry]

    init(_ name: String, _ previous: [CalendarEntry], _ digest: OwnerDigest, _ next: [CalendarEntry]) {
      testDescription = name
      self.previous = previous
      self.digest = digest
      self.next = next
    }
  }

  @Test(
    "An entry follows its revisions",
    arguments: [
      Case(
        "each date gets one entry", [], digest([1: 30, 2: 30, 3: 40]),
        [entry("new1", 0, inDays: 30, [1, 2]), entry("new2", 0, inDays: 40, [3])]),
      Case(
        "nothing changes, and nothing changes", [entry("a", 3, inDays: 30, [1, 2])], digest([1: 30, 2: 30]),
        [entry("a", 3, inDays: 30, [1, 2])]),
      Case(
        "a later date moves the entry", [entry("a", 3, inDays: 30, [1, 2])], digest([1: 35, 2: 35]),
        [entry("a", 4, inDays: 35, [1, 2])]),
      Case(
        "another revision changes it", [entry("a", 3, inDays: 30, [1])], digest([1: 30, 2: 30]),
        [entry("a", 4, inDays: 30, [1, 2])]),
      Case(
        "an unmark cancels it", [entry("a", 3, inDays: 30, [1])], digest([:], safe: [1]),
        [entry("a", 4, inDays: 30, [1], cancelled: true)]),
      Case(
        "it stays cancelled until its day has passed",
        [entry("a", 4, inDays: 0, [1], cancelled: true), entry("b", 4, inDays: -1, [2], cancelled: true)],
        digest([:]), [entry("a", 4, inDays: 0, [1], cancelled: true)]),
      Case(
        "a cancelled one comes not to life again", [entry("a", 4, inDays: 30, [1], cancelled: true)],
        digest([1: 30]),
        [entry("new1", 0, inDays: 30, [1]), entry("a", 4, inDays: 30, [1], cancelled: true)]),
      Case(
        "of a date that is split the larger part keeps it", [entry("a", 0, inDays: 30, [1, 2, 3])],
        digest([1: 25, 2: 35, 3: 35]),
        [entry("new1", 0, inDays: 25, [1]), entry("a", 1, inDays: 35, [2, 3])]),
      Case(
        "of equal parts the one that stays keeps it", [entry("a", 0, inDays: 30, [1, 2])],
        digest([1: 25, 2: 30]), [entry("new1", 0, inDays: 25, [1]), entry("a", 1, inDays: 30, [2])]),
      Case(
        "of dates that become one the larger entry lives",
        [entry("a", 5, inDays: 30, [1]), entry("b", 2, inDays: 31, [2, 3])], digest([1: 35, 2: 35, 3: 35]),
        [entry("b", 3, inDays: 35, [1, 2, 3]), entry("a", 6, inDays: 30, [1], cancelled: true)]),
      Case(
        "what was deleted on its day has come true", [entry("a", 1, inDays: 0, [1, 2])],
        digest([:], flagged: [1, 2]), []),
      Case(
        "what was deleted before its day is cancelled", [entry("a", 1, inDays: 5, [1])],
        digest([:], flagged: [1]), [entry("a", 2, inDays: 5, [1], cancelled: true)]),
      Case(
        "a date that was moved on its day, or after, moves", [entry("a", 1, inDays: -1, [1])],
        digest([1: 14]),
        [entry("a", 2, inDays: 14, [1])]),
      Case("a day that has passed has none", [entry("a", 1, inDays: -1, [1])], digest([1: -1]), []),
    ])
  func next(_ example: Case) {
    #expect(Self.next(example.previous, example.digest) == example.next)
  }

  private static func next(_ previous: [CalendarEntry], _ digest: OwnerDigest) -> [CalendarEntry] {
    var count = 0
    return CalendarEntries.next(previous: previous, digest: digest) {
      count += 1
      return "new\(count)"
    }
  }

  @Test("Over many nights each date has one entry, identities are never shared, and no sequence falls")
  func property() {
    var generator = FixedGenerator(seed: 5545)
    var identity = 0
    func newUID() -> String {
      identity += 1
      return "entry\(identity)"
    }
    for _ in 0..<60 {
      var today = Samples.today
      var days: [Int: Day] = [:]
      var entries: [CalendarEntry] = []
      for _ in 0..<40 {
        var told: [OwnerDigest.Entry] = []
        for id in 1...12 {
          let revision = { (change: OwnerDigest.Change, date: Day?) in
            OwnerDigest.Entry(
              revisionID: id, image: "A", revision: id, isProduction: false, createdOn: nil, lastUse: nil,
              expireDate: date, previousDate: nil, change: change, reasons: [])
          }
          switch Int.random(in: 0..<10, using: &generator) {
          case 0: days[id] = today + Int.random(in: -1...6, using: &generator)
          case 1 where days[id] != nil:
            days[id] = nil
            told.append(revision(.safe, nil))
          case 2 where days[id] == today:
            days[id] = nil
            told.append(revision(.flagged, today))
          case 3: days[id] = nil
          default: break
          }
          if let date = days[id] { told.append(revision(.reminder, date)) }
        }
        let digest = OwnerDigest(today: today, entries: told)
        let next = CalendarEntries.next(previous: entries, digest: digest, newUID: newUID)

        #expect(Set(next.map(\.uid)).count == next.count)
        #expect(next.allSatisfy { $0.day >= today })
        for old in entries {
          guard let same = next.first(where: { $0.uid == old.uid }) else {
            // Only what is over is dropped, or what has come true.
            #expect(old.day <= today)
            continue
          }
          #expect(same.sequence >= old.sequence)
          #expect((same == old) == (same.sequence == old.sequence))
          #expect(!old.isCancelled || same == old)
        }
        for (id, date) in days where date >= today {
          let holders = next.filter { !$0.isCancelled && $0.revisionIDs.contains(id) }
          #expect(holders.map(\.day) == [date])
        }
        for entry in next where !entry.isCancelled {
          #expect(!entry.revisionIDs.isEmpty && entry.revisionIDs.allSatisfy { days[$0] == entry.day })
        }
        #expect(CalendarEntries.next(previous: next, digest: digest) { "none" } == next)
        entries = next
        today = today + Int.random(in: 0...2, using: &generator)
      }
    }
  }
}
