/// What people did on the demonstration's campus before its first night.
///
/// Images and revisions are added at once, reservations are collected and written in order of time by `write`.
final class DemoHistory {
  /// How many days before the first night VCL began to write `sublog` rows; older reservations have a `log` row only.
  static let sublogDays = 1000
  /// Days between two checks of a revision by the monitoring account.
  static let monitorDays = 28
  /// Reservations of an everyday image for each part of its share.
  static let usesPerShare = 17

  let builder: CampusBuilder
  let night: CampusTime
  var random = SplitMix64(seed: 926)
  private(set) var people: [String: Int] = [:]
  /// Ids of those who reserve, and how often each does.
  private var reservers: [Int] = []
  private var weights: [Int] = []
  private var uses: [(made: CampusTime, use: PastUse)] = []
  private var monitored: [(revision: Int, since: Int)] = []

  /// Adds the people.
  init(_ builder: CampusBuilder, firstNight: CampusTime) throws {
    self.builder = builder
    night = firstNight
    var affiliations = ["Local": CampusBuilder.local]
    for affiliation in DemoPeople.affiliations {
      affiliations[affiliation.name] = try builder.affiliation(
        affiliation.name, site: affiliation.site, help: affiliation.help)
    }
    for person in DemoPeople.all + [DemoPeople.monitor] {
      people[person.name] = try builder.user(
        person.name, in: affiliations[person.affiliation] ?? CampusBuilder.local, first: person.first,
        last: person.last, preferred: person.preferred,
        email: person.email ?? "\(person.name)@\(person.affiliation.lowercased()).example.edu",
        wantsNotices: person.wantsNotices)
    }
    reservers = DemoPeople.all.filter { $0.email == nil }.compactMap { people[$0.name] }
    weights = reservers.indices.map { 60 / ($0 + 4) + 1 }
  }

  /// A day relative to the first night (negative: before), at an hour.
  func day(_ offset: Int, _ hour: Int = 10, _ minute: Int = 0) -> CampusTime {
    night.later(days: offset, hours: hour, minutes: minute)
  }

  func id(_ person: String) -> Int { people[person] ?? CampusBuilder.admin }

  /// Notes a reservation; VCL writes a changelog row when one is made.
  func use(
    _ revisions: [Int], by user: Int, from start: CampusTime, to end: CampusTime? = nil,
    ending: String = "released",
    made: CampusTime? = nil, changes: [PastUse.Change] = [], hasEnd: Bool = true
  ) {
    let made = made ?? start
    let hasSublog = made >= day(-Self.sublogDays, 0)
    uses.append(
      (
        made,
        PastUse(
          revisions, by: user, from: start.description,
          to: hasEnd ? (end ?? start.later(hours: 2)).description : CampusBuilder.zeroDate, ending: ending,
          hasSublog: hasSublog,
          changes: [.init(made.description)] + changes)
      ))
  }

  /// Lets the monitoring account check a revision every four weeks since a day.
  func monitor(_ revision: Int, since offset: Int) {
    monitored.append((revision, offset))
  }

  /// An image with an older revision that nobody has reserved for 400 days and a production one in use.
  func addPair(
    _ prettyName: String, owner: String?, system: CampusSystem = .linux, name: String? = nil
  ) throws -> (image: Int, older: Int, production: Int) {
    try addPair(prettyName, ownerID: owner.map(id), system: system, name: name, lastUse: -6)
  }

  /// As `addPair`, but nobody has reserved the production revision either for 700 days.
  func addForgotten(_ prettyName: String, owner: String) throws -> (image: Int, older: Int, production: Int) {
    try addPair(prettyName, ownerID: id(owner), system: .linux, name: nil, lastUse: -700)
  }

  func addPair(
    _ prettyName: String, ownerID: Int?, system: CampusSystem, name: String?, lastUse: Int
  ) throws -> (image: Int, older: Int, production: Int) {
    let image = try builder.image(prettyName, owner: ownerID, system: system, name: name)
    let capturer = ownerID ?? CampusBuilder.admin
    let older = try builder.revision(
      of: image, 1, created: day(lastUse - 494, 9, 15).description, by: capturer)
    let production = try builder.revision(
      of: image, 2, production: true, created: day(lastUse - 374, 9, 15).description, by: capturer)
    use([older], by: capturer, from: day(lastUse - 394, 13, 30))
    for weeks in 0..<8 {
      use(
        [production], by: reservers[random.index(weights: weights)],
        from: day(lastUse - weeks * 7, 13 + weeks % 5))
    }
    monitor(older, since: lastUse - 494)
    monitor(production, since: lastUse - 374)
    return (image, older, production)
  }

  /// Writes the reservations, oldest first.
  func write() throws {
    addMonitoring()
    // The position decides between equal times, so that the order never depends on the sort.
    let order = uses.indices.map { (uses[$0].made.seconds << 20) + $0 }.sorted()
    try builder.uses(order.map { uses[$0 & 0xFFFFF].use })
  }

  private func addMonitoring() {
    for (index, (revision, since)) in monitored.enumerated() {
      let first = max(since + 1, -730) + index % Self.monitorDays
      for offset in stride(from: first, through: -1, by: Self.monitorDays) {
        let start = day(offset, 4, index % 60)
        use(
          [revision], by: id("vclmonitor"), from: start, to: start.later(minutes: 5), ending: "deleted",
          changes: [.init(start.later(minutes: 5).description)])
      }
    }
  }
}

// MARK: - Everyday images

extension DemoHistory {
  /// Adds the images of every day and their reservations; returns their production revisions.
  func addEverydayImages() throws -> [Int] {
    try DemoImages.all.map(addEveryday)
  }

  private func addEveryday(_ kind: DemoImages.Kind) throws -> Int {
    let owner = id(kind.owner)
    let image = try builder.image(kind.prettyName, owner: owner, system: kind.system)
    let captured = captureDays(kind)
    let production = kind.revisions - 1 - kind.newer
    var revisions: [Int] = []
    for (index, offset) in captured.enumerated() {
      // Owners delete some old revisions themselves.
      let canBeDeleted = index < production - 1 && captured[index + 1] < -220
      let deletedAt =
        canBeDeleted && random.chance(12) ? day(captured[index + 1] + 200, 16, 5).description : nil
      let revision = try builder.revision(
        of: image, index + 1, production: index == production,
        created: day(offset, 9 + index % 8, 11 * index % 60).description, by: owner, deletedAt: deletedAt)
      revisions.append(revision)
      if deletedAt == nil { monitor(revision, since: offset) }
    }
    for _ in 0..<kind.share * Self.usesPerShare {
      addUse(revisions: Array(revisions[...production]), captured: captured, owner: owner)
    }
    for index in revisions.indices where index > production && random.chance(60) {
      use([revisions[index]], by: owner, from: day(min(captured[index] + 3, -1), 15, 20))
    }
    return revisions[production]
  }

  /// The days on which an image's revisions were captured, in order, evenly with some unrest.
  private func captureDays(_ kind: DemoImages.Kind) -> [Int] {
    // Revisions newer than the production one were captured long ago and never made production.
    let recent = kind.newer > 0 ? 190...(kind.age * 2 / 5) : 12...(kind.age / 5)
    let newest = Int.random(in: recent, using: &random)
    let step = (kind.age - newest) / max(1, kind.revisions - 1)
    return (0..<kind.revisions).map { index in
      let unrest = index == 0 ? 0 : Int.random(in: 0...max(1, step / 3), using: &random)
      return min(-3, -kind.age + index * step + unrest)
    }
  }

  private func addUse(revisions: [Int], captured: [Int], owner: Int) {
    var start = night
    repeat {
      let offset = Int.random(in: captured[0] + 1...(-1), using: &random)
      start = day(offset, Int.random(in: 8...20, using: &random), 5 * Int.random(in: 0..<12, using: &random))
    } while isQuiet(start) && random.chance(65)
    let day = Int((Double(start.seconds - night.seconds) / 86_400).rounded(.down))
    var index = revisions.indices.last { captured[$0] < day } ?? 0
    // Some go on with the revision before for some weeks.
    if index > 0, day - captured[index] < 80, random.chance(5) { index -= 1 }
    let endings = ["released", "timeout", "EOR", "noack", "nologin", "deleted", "failed"]
    let ending = endings[random.index(weights: [56, 14, 14, 5, 3, 6, 2])]
    let end = start.later(minutes: 10 * Int.random(in: 1...18, using: &random))
    let user = random.chance(8) ? owner : reservers[random.index(weights: weights)]
    use([revisions[index]], by: user, from: start, to: end, ending: ending)
  }

  /// Whether a campus sleeps: in summer, at the end of the year and on weekends.
  private func isQuiet(_ time: CampusTime) -> Bool {
    // 1970-01-01 was a Thursday.
    [6, 7, 12].contains(time.month) || [2, 3].contains(time.seconds / 86_400 % 7)
  }
}
