/// The oddities of real VCL databases, each once in the demonstration's campus.
final class DemoOddCases {
  private let history: DemoHistory
  private let builder: CampusBuilder
  private var cases: [DemoCampus.OddCase] = []

  init(_ history: DemoHistory) {
    self.history = history
    builder = history.builder
  }

  /// Adds them all and returns them in the order of their groups.
  func add() throws -> [DemoCampus.OddCase] {
    try addCorruptImages()
    try addOddUses()
    try addForeignUses()
    try addOwners()
    try addRevisionHolds()
    try addImageHolds()
    try addUnjudged()
    return cases
  }

  private func note(_ name: String, _ sentence: String, image: Int, revision: Int? = nil) {
    cases.append(.init(name: name, sentence: sentence, revisionID: revision, imageID: image))
  }

  private func addCorruptImages() throws {
    let none = try history.addPair("Maya 2018", owner: "mdubois", system: .windows10)
    try builder.setProduction(none.production, false)
    note(
      "no production revision", "None of its revisions is the production one.", image: none.image,
      revision: none.older)

    let two = try history.addPair("Eclipse IDE 4.9", owner: "fhassan")
    try builder.setProduction(two.older, true)
    note(
      "two production revisions", "Two live revisions are both the production one.", image: two.image,
      revision: two.older)

    let base = try history.addPair("Debian 12 Minimal", owner: "hvirtanen")
    let capture = try builder.image("Bioinformatics Lab (new)", owner: history.id("drali"), deleted: true)
    let captured = try builder.revision(
      of: capture, 1, production: true, created: history.day(-1, 22, 40).description, by: history.id("drali"))
    let computer = try builder.computer(with: base.older, state: .inuse)
    try builder.request(
      of: captured, by: history.id("drali"), state: .image, from: history.day(-1, 20).description,
      to: history.day(1).description, computer: computer)
    note(
      "first capture", "Its first capture is running: the image is deleted, the revision is live.",
      image: capture, revision: captured)
    note(
      "base of a capture", "Only the computer tells that this revision is being captured from.",
      image: base.image, revision: base.older)

    let failed = try history.addPair("Gaussian 16", owner: "drgruber")
    let broken = try builder.revision(
      of: failed.image, 3, created: history.day(-310, 17, 2).description, by: history.id("drgruber"),
      deleted: true)
    note(
      "failed capture", "Deleted without a date of deletion, which is how VCL leaves a capture that failed.",
      image: failed.image, revision: broken)

    let zero = try history.addPair("Ubuntu 18.04 Archive", owner: "smoller")
    let undated = try builder.revision(
      of: zero.image, 3, created: CampusBuilder.zeroDate, by: history.id("smoller"))
    note(
      "zero date of creation", "Created 0000-00-00 and never reserved, so its age is not known.",
      image: zero.image, revision: undated)

    let twin = try history.addPair("MiniTab 21 (Stats)", owner: "drmbeki", system: .windows10)
    let copy = try builder.revision(
      of: twin.image, 3, created: history.day(-420).description, by: history.id("drmbeki"),
      imagename: "vmwarelinux-MiniTabtwin-v1")
    let gone = try builder.image("MiniTab 20", owner: history.id("drmbeki"), deleted: true)
    try builder.revision(
      of: gone, 1, production: true, created: history.day(-430).description, by: history.id("drmbeki"),
      imagename: "vmwarelinux-MiniTabtwin-v1", deletedAt: history.day(-90).description)
    note(
      "shared file name", "A revision of another, deleted image names the same files.",
      image: twin.image, revision: copy)
  }

  private func addOddUses() throws {
    let cancelled = try history.addPair("Oracle DB 19c", owner: "nramirez")
    history.use(
      [cancelled.older], by: history.id("nramirez"), from: history.day(120),
      to: CampusTime(year: 2038, month: 1, day: 1),
      ending: "deleted", made: history.day(-260), changes: [.init(history.day(-250).description)])
    note(
      "cancelled future reservation", "Asked for until 2038, and cancelled 250 days before the first night.",
      image: cancelled.image, revision: cancelled.older)

    let zero = try history.addPair("Scilab 6", owner: "ozidane")
    history.use(
      [zero.older], by: history.id("ozidane"), from: history.day(-210), ending: "none",
      hasEnd: false)
    note(
      "reservation without an ending", "VCL never wrote when and how its last reservation ended.",
      image: zero.image, revision: zero.older)

    let reinstalled = try history.addPair("CentOS Stream 9 Dev", owner: "tweiss")
    history.use(
      [reinstalled.production], by: history.id("tweiss"), from: history.day(-21, 9),
      to: history.day(-21, 17),
      changes: [
        .init(history.day(-21, 11).description, other: "event:reinstall|revisionid:\(reinstalled.older)")
      ])
    note(
      "reinstalled", "Used three weeks ago by a reinstall, which only a changelog row tells.",
      image: reinstalled.image, revision: reinstalled.older)

    let old = try builder.image("Fortran Toolchain 2019", owner: history.id("lfischer"))
    let first = try builder.revision(
      of: old, 1, created: history.day(-1090).description, by: history.id("lfischer"))
    let production = try builder.revision(
      of: old, 2, production: true, created: history.day(-1020).description, by: history.id("lfischer"))
    history.use([first], by: history.id("tweiss"), from: history.day(-1060))
    history.use([production], by: history.id("tweiss"), from: history.day(-9))
    note(
      "older than the usage data", "Reserved only before VCL wrote which revision a reservation got.",
      image: old, revision: first)

    let parts = try ["Cluster Head Node", "Cluster Worker A", "Cluster Worker B"].map {
      try history.addPair($0, owner: "mabdi")
    }
    try builder.cluster(parts[0].image, of: [parts[1].image, parts[2].image])
    history.use(
      [parts[0].older, parts[1].older, parts[2].older], by: history.id("mabdi"), from: history.day(-12))
    note(
      "part of a cluster reservation",
      "Reserved twelve days ago as a part of a cluster: one log row, three revisions.",
      image: parts[1].image, revision: parts[1].older)
  }

  private func addForeignUses() throws {
    let block = try history.addPair("Exam Browser 3", owner: "cjones", system: .windows10)
    let past = try builder.blockRequest(
      of: block.image, by: history.id("cjones"), expires: history.day(-30).description, status: "completed")
    try builder.blockTime(
      of: past, from: history.day(-31, 9).description, to: history.day(-31, 12).description)
    for _ in 0..<3 {
      try builder.request(
        of: block.older, by: CampusBuilder.vclreload, state: .complete, from: history.day(-31, 8).description,
        to: history.day(-31, 9).description)
    }
    note(
      "loaded for a block allocation",
      "VCL itself loaded it a month ago; such loads are not in the log and no use.",
      image: block.image, revision: block.older)

    let watched = try history.addPair("Status Page Kiosk", owner: "vpatel")
    note(
      "reserved by the monitor only",
      "The monitoring account reserves it every four weeks, nobody else does.",
      image: watched.image, revision: watched.older)

    let reload = try history.addPair("Anaconda 2022", owner: "ekim")
    try builder.request(
      of: reload.older, by: CampusBuilder.vclreload, state: .reload, from: history.day(-1, 23).description,
      to: history.day(90).description)
    note(
      "being loaded", "VCL itself is loading it: no use, but its files are about to be read.",
      image: reload.image, revision: reload.older)
  }

  private func addOwners() throws {
    let orphan = try history.addPair("Orphaned Web Server", owner: nil)
    note(
      "no owner", "Nobody owns it, and VCL's web hides such images.", image: orphan.image,
      revision: orphan.older)

    let system = try history.addPair(
      "Node Burn-in Test", ownerID: CampusBuilder.vclsystem, system: .linux, name: nil, lastUse: -6)
    note(
      "owned by a system account", "Its owner is vclsystem, who reads no mail.", image: system.image,
      revision: system.older)

    for (person, image, name, sentence) in [
      (
        "retired", "Pascal Compiler (CSC 101)", "owner without address",
        "Its owner has no mail address any more."
      ),
      (
        "twoboxes", "GIMP y diseño gráfico", "owner with two addresses",
        "Its owner reads mail at two addresses."
      ),
      (
        "broken", "Clinical Trials DB", "owner with a broken address",
        "No mail can be sent to its owner's address."
      ),
      (
        "testacct", "Test Image &lt;do not use&gt;", "owner at root@localhost",
        "Its owner's address is root@localhost."
      ),
      (
        "jtlee", "Embedded C (CSC 230)", "owner with a preferred name",
        "Its owner wants to be called by another name."
      ),
      (
        "lkowalski", "Sistemas Distribuídos, Redes e Computação em Nuvem: Laboratório Avançado 2ª turm",
        "long name", "Its name takes as many letters as VCL allows, some of them accented."
      ),
      (
        "bsmith", "Qualtrics Offline", "owner without reservation mails",
        "Its owner wants no mails about reservations; these are others."
      ),
    ] {
      let pair = try history.addPair(image, owner: person)
      note(name, sentence, image: pair.image, revision: pair.older)
    }
  }

  private func addRevisionHolds() throws {
    let running = try history.addPair("Long Simulation Run", owner: "gjonsdottir")
    let computer = try builder.computer(with: running.older, state: .inuse)
    try builder.request(
      of: running.older, by: history.id("gjonsdottir"), from: history.day(-3).description,
      to: history.day(90).description, computer: computer)
    note(
      "reservation running", "A reservation of it, older than its log row, runs on.", image: running.image,
      revision: running.older)

    let loaded = try history.addPair("Blade Render Node", owner: "anoel")
    try builder.computer(with: loaded.older, state: .inuse)
    note(
      "loaded on a computer in use", "A computer in use runs it, and no reservation tells.",
      image: loaded.image, revision: loaded.older)

    let idle = try history.addPair("Preloaded Office 2019", owner: "jbaker", system: .windows10)
    try builder.computer(with: idle.older, state: .available)
    note(
      "loaded on an idle computer",
      "An idle computer has it loaded, which keeps its files and not its record.",
      image: idle.image, revision: idle.older)

    let semaphore = try history.addPair("PyTorch 2 (GPU)", owner: "yhuang", system: .ubuntu)
    // It ends long after the demonstration, so that every night meets it.
    try builder.semaphore(of: semaphore.older, expires: history.day(120).description, process: "12345-67890")
    note(
      "being reserved", "The frontend is making a reservation of it this very minute.",
      image: semaphore.image, revision: semaphore.older)
  }

  private func addImageHolds() throws {
    let profile = try history.addForgotten("License Server 2020", owner: "arossi")
    try builder.serverProfile(of: profile.image, owner: history.id("arossi"))
    note("server profile", "A server profile offers it.", image: profile.image)

    let part = try history.addForgotten("Database Tier (CIS 300)", owner: "fhassan")
    let parent = try history.addPair("Three Tier Web (CIS 300)", owner: "fhassan")
    try builder.cluster(parent.image, of: [part.image])
    note("part of a cluster image", "A live cluster image consists of it.", image: part.image)

    let host = try history.addForgotten("ESXi 6.5 Host", owner: "mokafor")
    try builder.vmProfile(of: host.image)
    note("image of VM hosts", "VM hosts are installed from it.", image: host.image)

    let next = try history.addForgotten("Orientation Kiosk", owner: "dthompson")
    try builder.computer(next: next.image)
    note("next on a computer", "A computer is to get it next.", image: next.image)

    let link = try history.addForgotten("One Click Chemistry", owner: "pandc")
    try builder.oneClick(of: link.image, by: history.id("pandc"))
    note("one click", "A OneClick link leads to it.", image: link.image)

    let block = try history.addForgotten("Summer School 2024", owner: "rsilva")
    let request = try builder.blockRequest(
      of: block.image, by: history.id("rsilva"), expires: history.day(150).description)
    try builder.blockTime(
      of: request, from: history.day(149, 9).description, to: history.day(149, 12).description)
    note("block allocation to come", "A course has booked it for a day to come.", image: block.image)

    let abandoned = try history.addForgotten("Second Life Viewer", owner: "wblackhorse")
    note("abandoned image", "Nobody has reserved any of it for almost two years.", image: abandoned.image)

    let other = try history.addPair("Reservation Mismatch", owner: "kadeyemi")
    let held = try history.addForgotten("Mismatched Image", owner: "kadeyemi")
    try builder.request(
      of: other.older, by: history.id("kadeyemi"), from: history.day(-4).description,
      to: history.day(90).description, image: held.image)
    note(
      "reservation of another image",
      "A running reservation names this image together with a revision of another.",
      image: held.image)
  }

  private func addUnjudged() throws {
    let kickstart = try history.addPair("CentOS 7 Kickstart Tree", owner: "mokafor", system: .kickstart)
    note(
      "kickstart", "Installed from a tree that belongs to no single revision.", image: kickstart.image,
      revision: kickstart.older)

    let lab = try history.addPair("Solaris Lab (Unix 201)", owner: "rcohen", system: .labMachine)
    note(
      "lab machine", "Installed on machines by hand: it has no files.", image: lab.image, revision: lab.older)

    let golden = try history.addPair(
      "Golden Windows 10 Master", owner: "mokafor", system: .windows10, name: "vmwarewin10-golden-master-v1")
    note(
      "excluded by name", "Its name matches *golden*, which the demonstration excludes.", image: golden.image,
      revision: golden.older)

    let dated = try history.addPair("SketchUp 2017", owner: "arossi", system: .windows10)
    note(
      "date set by hand", "An admin gave it an expire date by hand, long past.", image: dated.image,
      revision: dated.older)
  }
}
