import Campus
import MariaDB
import TestSupport
import Testing

@Suite(
  "A Galera cluster", .serialized,
  .enabled(if: GaleraCluster.library != nil, "galera-4 is not there: run .ci/setup"))
struct GaleraTests {
  /// One line of an error that says what to do, the last one; those before it tell what the run had done.
  private func expectUnavailable(_ call: CommandSite.Call, _ parts: [String]) {
    #expect(call.status == 7, "\(call.errors)")
    #expect(call.output == "")
    let told = call.errorLines.dropLast().allSatisfy { line in
      [" event=run_began ", " event=mark "].contains { line.contains($0) }
    }
    #expect(told, "\(call.errors)")
    for part in parts { #expect(call.errorLines.last?.contains(part) == true, "\(call.errors)") }
  }

  @Test(
    "what is migrated through one node works on the others, and a reservation through any node clears a date")
  func migration() throws {
    let site = try GaleraSite(lookingThrough: 0)
    let pair = try site.forgotten("Forgotten", owner: site.campus.user("owner"))
    for node in 1..<GaleraCluster.size {
      let check = try CommandSite.call(["migrate", "check"], site.environment(node))
      #expect(check.status == 0, "\(check.errors)")
    }
    #expect(try site.run(mode: "notify").exitStatus == 0)
    #expect(try site.date(pair.older) == "2026-04-01")

    try CampusBuilder(site.cluster.connection(2)).use(pair.older, from: "2026-03-02 12:00:00")
    #expect(try site.date(pair.older) == nil)
  }

  @Test("a reservation through a node that has not come to the latest change of its revision is not refused")
  func laggingNode() throws {
    let site = try GaleraSite(lookingThrough: 0)
    let pair = try site.forgotten("Forgotten", owner: site.campus.user("owner"))
    #expect(try site.run(mode: "notify").exitStatus == 0)
    // VCL's connections wait for nothing, and send their statements as text.
    let vcl = try site.cluster.connection(1)
    try vcl.executeScript("SET SESSION wsrep_sync_wait = 0;")
    // While the node is busy with this, it does not come to what is changed next.
    try site.connection.executeScript(
      """
      CREATE TABLE bulk (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(100));
      INSERT INTO bulk (text) SELECT REPEAT('x', 90) FROM seq_1_to_60000;
      """)
    try site.connection.execute(
      "UPDATE imagerevision SET expiredate = '2026-05-05' WHERE id = ?", [Value(pair.older)])
    try vcl.executeScript(
      """
      INSERT INTO sublog (logid, imageid, imagerevisionid, computerid, managementnodeid, predictivemoduleid)
      SELECT logid, imageid, imagerevisionid, computerid, managementnodeid, predictivemoduleid
      FROM sublog WHERE imagerevisionid = \(pair.older) LIMIT 1;
      """)
    #expect(try site.count("sublog", where: "imagerevisionid = \(pair.older)") == 2)
    #expect(try site.date(pair.older) == nil)
  }

  @Test("of two runs through two nodes at the same time one works, the other ends with status 6 and one line")
  func twoRuns() throws {
    let site = try GaleraSite(lookingThrough: 2)
    let rounds = 5
    for round in 1...rounds {
      // Something to do, after which the winner rests, so that the two are there at the same time.
      try site.forgotten("Image \(round)", owner: site.campus.user("owner\(round)"))
      let first = round % 2
      let one = try site.begin(first, pauseMilliseconds: 500)
      let other = try site.begin(1 - first, pauseMilliseconds: 500)
      let results = [try one.result(), try other.result()]
      #expect(results.map(\.status).sorted() == [0, 6], "\(results.map(\.errors))")
      guard let loser = results.first(where: { $0.status == 6 }) else { continue }
      #expect(loser.errorLines.count == 1, "\(loser.errors)")
      #expect(loser.errors.contains("lease"), "\(loser.errors)")
      #expect(loser.output == "")
    }
    #expect(try site.count("expireimage_run", where: "finished IS NOT NULL AND exit_status = 0") == rounds)
    #expect(try site.count("expireimage_run") == rounds)
    #expect(site.toldOwners == (1...rounds).map { "owner\($0)@example.edu" })
  }

  @Test("the run's node dies: it ends with status 7, and the next run through another node completes it")
  func ownNodeDies() throws {
    let site = try GaleraSite(lookingThrough: 1)
    let pairs = try site.fourOwners()
    let run = try site.begin(0, pauseMilliseconds: 1500)
    try run.wait(until: "the first owner's mail") {
      try site.count("expireimage_mail", where: "status = 'pending'") == 1
    }
    site.cluster.kill(0)
    let call = try run.result()
    expectUnavailable(
      call, ["at \(site.cluster.socket(0))", "check that the server runs"])

    // Half of the run was done, but no revision was half done.
    #expect(try site.count("imagerevision", where: "expiredate IS NOT NULL") == 1)
    #expect(try site.count("expireimage_mark") == 1)
    #expect(try site.count("expireimage_event") == 1)
    #expect(try site.count("expireimage_lease", where: "node IS NOT NULL") == 1)
    #expect(site.toldOwners == [])

    let next = try site.run(mode: "notify", set: GaleraSite.unlimited)
    #expect(next.exitStatus == 0)
    #expect(next.decisions.count == 3)
    try expectComplete(site, pairs)
    #expect(site.toldOwners == GaleraSite.fourAddresses)
  }

  @Test("another node dies: the run waits until the cluster knows, and does all")
  func otherNodeDies() throws {
    let site = try GaleraSite(lookingThrough: 1)
    let pairs = try site.fourOwners()
    let run = try site.begin(0, pauseMilliseconds: 500)
    try run.wait(until: "the first owner's mail") {
      try site.count("expireimage_mail", where: "status = 'pending'") >= 1
    }
    site.cluster.kill(2)
    let call = try run.result()
    #expect(call.status == 0, "\(call.errors)")
    try expectComplete(site, pairs)
    #expect(site.toldOwners == GaleraSite.fourAddresses)
  }

  @Test(
    "without a majority every call ends with status 7; when the cluster is one again, the next run completes it"
  )
  func withoutMajority() throws {
    let site = try GaleraSite(lookingThrough: 0)
    let pairs = try site.fourOwners()
    let run = try site.begin(0, pauseMilliseconds: 1500)
    try run.wait(until: "the first owner's mail") {
      try site.count("expireimage_mail", where: "status = 'pending'") >= 1
    }
    site.cluster.kill(1)
    site.cluster.kill(2)
    expectUnavailable(
      try run.result(), ["at \(site.cluster.socket(0))", "wsrep_cluster_status"])
    try site.cluster.waitForLostQuorum(0)
    for command in [["run"], ["plan"], ["policy", "show"], ["mail", "list"], ["migrate", "up"]] {
      let call = try site.call(command)
      expectUnavailable(
        call, ["set up the session at \(site.cluster.socket(0))", "error 1047", "majority", "another node"])
    }
    #expect(site.toldOwners == [])

    try site.cluster.declareMajority(0)
    try site.look(through: 0)
    #expect(try site.count("expireimage_mark") == site.count("expireimage_event"))
    #expect(try site.run(mode: "notify", set: GaleraSite.unlimited).exitStatus == 0)
    try expectComplete(site, pairs)
    #expect(site.toldOwners == GaleraSite.fourAddresses)
  }
}
