import Retention

/// The demonstration: 60 nights of a made-up campus on a real MariaDB server, with real mail, and nothing to install.
package struct DemoOperation {
  let directory: String?
  let keepsRunning: Bool
  let program: String
  let write: (String) -> Void

  /// - Parameters:
  ///   - directory: where the mails and their index go; nil makes a fresh folder under the system's temporary one.
  ///   - keepsRunning: whether the database server stays when the demonstration is over.
  ///   - program: how a person at this terminal calls this program.
  ///   - write: takes the lines of the demonstration as they come.
  package init(
    directory: String?, keepsRunning: Bool, program: String, write: @escaping (String) -> Void
  ) {
    self.directory = directory
    self.keepsRunning = keepsRunning
    self.program = program
    self.write = write
  }

  /// - Throws: ``Failure`` for a folder that cannot be used and a night that fails; errors of the private server.
  package func run() throws -> ExitStatus {
    let start = ContinuousClock.now
    let folder = try DemoFolder(directory)
    write("Starting a MariaDB server of its own and making up a campus; nothing else here is touched.")
    let site = try DemoSite(mailFolder: folder.mails)
    _ = try MigrateOperation(site.site).up()
    let size = try site.campus.size()
    let chronicle = DemoChronicle()
    let events = DemoEvents(site, chronicle)
    let narrator = DemoNarrator(site, chronicle)
    try events.begin()
    write(DemoSummary.introduction(size, firstNight: site.firstNight))

    write("\n" + DemoNight.header)
    var nights: [DemoNight] = []
    for number in 1...DemoSite.nights {
      let night = try play(number, site, events, narrator)
      for line in night.lines { write(line) }
      nights.append(night)
    }
    try DemoIndex(nights: nights).write(to: folder)
    let summary = DemoSummary(
      nights: nights, chronicle: chronicle, plan: try site.plan(), campus: site.campus,
      size: try site.campus.size(), folder: folder,
      seconds: (ContinuousClock.now - start).components.seconds)
    write("\n" + summary.text)
    write("\n" + (keepsRunning ? summary.running(site.server, program: program) : summary.stopped(program)))
    if keepsRunning { site.server.leaveRunning() } else { site.server.stop() }
    return .done
  }

  private func play(
    _ number: Int, _ site: DemoSite, _ events: DemoEvents, _ narrator: DemoNarrator
  ) throws -> DemoNight {
    let day = site.day(ofNight: number)
    let acts = try events.happen(before: number)
    let known = site.sink.mails.count
    let report = try site.run(day)
    // A refused mail is part of the story.
    guard [.done, .doneInPart].contains(report.exitStatus) else {
      throw Failure(
        "night \(number) (\(day)) of the demonstration ended with exit status \(report.exitStatus.rawValue): "
          + report.headline, report.exitStatus)
    }
    let answers = try narrator.sentences(report, number: number)
    return DemoNight(
      number: number, day: day, report: report, mails: Array(site.sink.mails.dropFirst(known)),
      acts: acts, answers: answers)
  }
}
