import Campus
import MariaDB
import TestSupport
import Testing

@Suite("The odd cases of the demonstration's campus")
struct OddCaseTests {
  /// What must be true of the revision `?` (or of the image, if the case has no revision), as a condition of SQL.
  static let conditions: [String: String] = [
    "no production revision": """
    (SELECT COUNT(*) FROM imagerevision WHERE imageid = i.id AND production = 1) = 0
    """,
    "two production revisions": """
    (SELECT COUNT(*) FROM imagerevision WHERE imageid = i.id AND production = 1 AND deleted = 0) = 2
    """,
    "first capture": """
    i.deleted = 1 AND r.deleted = 0 AND r.production = 1 AND EXISTS (SELECT 1 FROM reservation JOIN request
      ON request.id = requestid WHERE imagerevisionid = r.id AND stateid = 16)
    """,
    "base of a capture": """
    r.production = 0 AND EXISTS (SELECT 1 FROM computer WHERE imagerevisionid = r.id AND stateid = 8)
    AND NOT EXISTS (SELECT 1 FROM reservation WHERE imagerevisionid = r.id)
    """,
    "failed capture": "r.deleted = 1 AND r.datedeleted IS NULL",
    "zero date of creation": """
    r.datecreated = '0000-00-00 00:00:00' AND NOT EXISTS (SELECT 1 FROM sublog WHERE imagerevisionid = r.id)
    """,
    "shared file name": """
    (SELECT COUNT(*) FROM imagerevision WHERE imagename = r.imagename) = 2
    """,
    "cancelled future reservation": """
    EXISTS (SELECT 1 FROM sublog JOIN log ON log.id = sublog.logid WHERE imagerevisionid = r.id
      AND log.ending = 'deleted' AND log.finalend >= '2038-01-01' AND log.start > '2026-03-02'
      AND (SELECT MAX(timestamp) FROM changelog WHERE logid = log.id) < log.start)
    """,
    "reservation without an ending": """
    EXISTS (SELECT 1 FROM sublog JOIN log ON log.id = sublog.logid WHERE imagerevisionid = r.id
      AND log.ending = 'none' AND log.finalend = '0000-00-00 00:00:00')
    """,
    "reinstalled": """
    EXISTS (SELECT 1 FROM changelog WHERE other = CONCAT('event:reinstall|revisionid:', r.id)
      AND NOT EXISTS (SELECT 1 FROM sublog WHERE sublog.logid = changelog.logid AND imagerevisionid = r.id))
    """,
    "older than the usage data": """
    NOT EXISTS (SELECT 1 FROM sublog WHERE imagerevisionid = r.id)
    AND EXISTS (SELECT 1 FROM log WHERE imageid = i.id AND NOT EXISTS (SELECT 1 FROM sublog WHERE logid = log.id))
    AND r.datecreated < (SELECT MIN(start) FROM log JOIN sublog ON sublog.logid = log.id)
    """,
    "part of a cluster reservation": """
    EXISTS (SELECT 1 FROM sublog WHERE imagerevisionid = r.id
      AND (SELECT COUNT(*) FROM sublog AS part WHERE part.logid = sublog.logid) = 3)
    """,
    "loaded for a block allocation": """
    EXISTS (SELECT 1 FROM reservation JOIN request ON request.id = requestid WHERE imagerevisionid = r.id
      AND userid = 2 AND stateid = 12 AND logid IS NULL)
    AND EXISTS (SELECT 1 FROM blockRequest JOIN blockTimes ON blockRequestid = blockRequest.id
      WHERE imageid = i.id AND status = 'completed' AND blockTimes.end < '2026-03-02')
    """,
    "reserved by the monitor only": """
    (SELECT MAX(start) FROM log JOIN sublog ON logid = log.id JOIN user ON user.id = userid
      WHERE imagerevisionid = r.id AND unityid = 'vclmonitor') > '2026-01-30'
    AND (SELECT MAX(start) FROM log JOIN sublog ON logid = log.id JOIN user ON user.id = userid
      WHERE imagerevisionid = r.id AND unityid <> 'vclmonitor') < '2025-03-01'
    """,
    "being loaded": """
    EXISTS (SELECT 1 FROM reservation JOIN request ON request.id = requestid WHERE imagerevisionid = r.id
      AND userid = 2 AND stateid = 19)
    """,
    "no owner": "i.ownerid IS NULL",
    "owned by a system account": "i.ownerid = (SELECT id FROM user WHERE unityid = 'vclsystem')",
    "owner without address": "(SELECT email FROM user WHERE id = i.ownerid) = ''",
    "owner with two addresses": "(SELECT email FROM user WHERE id = i.ownerid) LIKE '%@%,%@%'",
    "owner with a broken address": """
    (SELECT email FROM user WHERE id = i.ownerid) NOT LIKE '%@%' AND (SELECT email FROM user WHERE id = i.ownerid) <> ''
    """,
    "owner at root@localhost": "(SELECT email FROM user WHERE id = i.ownerid) = 'root@localhost'",
    "owner with a preferred name": "(SELECT preferredname FROM user WHERE id = i.ownerid) <> ''",
    "long name": "CHAR_LENGTH(i.prettyname) = 80",
    "owner without reservation mails": "(SELECT emailnotices FROM user WHERE id = i.ownerid) = 0",
    "reservation running": """
    EXISTS (SELECT 1 FROM reservation JOIN request ON request.id = requestid WHERE imagerevisionid = r.id
      AND stateid = 8 AND end > '2026-03-02')
    """,
    "loaded on a computer in use": """
    EXISTS (SELECT 1 FROM computer WHERE imagerevisionid = r.id AND stateid = 8 AND deleted = 0)
    """,
    "loaded on an idle computer": """
    EXISTS (SELECT 1 FROM computer WHERE imagerevisionid = r.id AND stateid = 2 AND deleted = 0)
    """,
    "being reserved": """
    EXISTS (SELECT 1 FROM semaphore WHERE imagerevisionid = r.id AND expires > '2026-05-02')
    """,
    "server profile": "EXISTS (SELECT 1 FROM serverprofile WHERE imageid = i.id)",
    "part of a cluster image": """
    EXISTS (SELECT 1 FROM subimages JOIN imagemeta ON imagemeta.id = subimages.imagemetaid
      JOIN image AS parent ON parent.imagemetaid = imagemeta.id
      WHERE subimages.imageid = i.id AND imagemeta.subimages = 1 AND parent.deleted = 0)
    """,
    "image of VM hosts": "EXISTS (SELECT 1 FROM vmprofile WHERE imageid = i.id)",
    "next on a computer": "EXISTS (SELECT 1 FROM computer WHERE nextimageid = i.id AND deleted = 0)",
    "one click": "EXISTS (SELECT 1 FROM oneclick WHERE imageid = i.id AND status = 1)",
    "block allocation to come": """
    EXISTS (SELECT 1 FROM blockRequest JOIN blockTimes ON blockRequestid = blockRequest.id
      WHERE imageid = i.id AND status = 'accepted' AND skip = 0 AND blockTimes.end > '2026-05-02')
    """,
    "abandoned image": """
    NOT EXISTS (SELECT 1 FROM log JOIN user ON user.id = userid
      WHERE imageid = i.id AND start > '2024-06-01' AND unityid <> 'vclmonitor')
    """,
    "reservation of another image": """
    EXISTS (SELECT 1 FROM reservation JOIN imagerevision AS other ON other.id = imagerevisionid
      WHERE reservation.imageid = i.id AND other.imageid <> i.id)
    """,
    "kickstart": "(SELECT installtype FROM OS WHERE id = i.OSid) = 'kickstart'",
    "lab machine": "(SELECT installtype FROM OS WHERE id = i.OSid) = 'none'",
    "excluded by name":
      "i.name LIKE '%golden%' AND (SELECT COUNT(*) FROM image WHERE name LIKE '%golden%') = 1",
    "date set by hand": "r.expiredate = '2025-11-22'",
  ]

  @Test("are all in the database, each under a name of its own")
  func cases() throws {
    let database = try TestDatabase(schema: .vcl, exclusive: true)
    let connection = try database.connection()
    let campus = try DemoCampus.create(on: connection, firstNight: (2026, 3, 2))
    try connection.execute("ALTER TABLE imagerevision ADD COLUMN expiredate DATE NULL DEFAULT NULL")
    try campus.setDatesByHand()
    #expect(campus.oddCases.map(\.name).sorted() == Self.conditions.keys.sorted())
    for odd in campus.oddCases {
      let condition = try #require(Self.conditions[odd.name])
      let found = try connection.first(
        """
        SELECT COUNT(*) FROM image AS i JOIN imagerevision AS r ON r.imageid = i.id
        WHERE i.id = ? AND (? IS NULL OR r.id = ?) AND (\(condition))
        """, [Value(odd.imageID), Value(odd.revisionID), Value(odd.revisionID)]
      ) { $0.int(0) }
      #expect(found ?? 0 > 0, "\(odd.name)")
      #expect(odd.sentence.hasSuffix(".") && odd.sentence.count < 110, "\(odd.sentence)")
    }
    let ordinary = [campus.rescuedRevision, campus.resetRevision] + campus.popularRevisions
    #expect(Set(campus.oddCases.compactMap(\.revisionID)).isDisjoint(with: ordinary))
  }
}
