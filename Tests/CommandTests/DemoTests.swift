import Foundation
import TestSupport
import Testing

@Suite("expireimage demo")
struct DemoTests {
  let run: DemoRun

  init() throws {
    run = try DemoRun.shared.get()
  }

  @Test("ends well and says nothing on standard error")
  func ends() {
    #expect(run.status == 0)
    #expect(run.errors == "")
  }

  @Test("plays sixty nights, the last of them today, and one line of the log is one night")
  func nights() throws {
    #expect(run.facts.runs == 60)
    #expect(run.facts.lastRun == run.facts.today)
    let lines = run.output.matches(
      of: #/(?m)^ {0,4}(\d+)  (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \S+  (report|notify|flag) /#)
    #expect(lines.map { Int($0.1) } == Array(1...60))
    // As a site goes live: never back, and every mode in its turn.
    let modes = lines.map { String($0.3) }
    #expect(modes.reduce(into: []) { if $0.last != $1 { $0.append($1) } } == ["report", "notify", "flag"])
  }

  @Test("keeps its lines narrow enough for a terminal, but for commands to copy")
  func width() {
    let wide = run.output.split(separator: "\n").filter {
      $0.count > 100 && !$0.contains("EXPIREIMAGE_") && !$0.contains("/")
    }
    #expect(wide == [])
  }

  @Test("marks, flags, takes a whole image, restores and keeps, as its nights are meant to show")
  func events() {
    #expect(run.facts.marks > 100)
    #expect(run.facts.flags > 50)
    #expect(run.facts.wholeImages >= 1)
    #expect(run.facts.restores >= 1)
    #expect(run.facts.undeletes == 1)
    #expect(run.facts.keepsOfResetDates == 1)
    #expect(run.facts.mailStatus["failed"] ?? 0 >= 1)
  }

  @Test(
    "tells what special things happen",
    arguments: [
      "“Photoshop CS6 Legacy” revision 1 loses its date", "sets the date of “Maple 2019” revision 1 to NULL",
      "“Maple 2019” revision 1 is kept until", "is refused (550",
      "have no usable address, so the admins get their notices",
      "on a day, as one run may flag no more",
      "is restored, because somebody reserved it after the flag", "the admin undeletes it by hand",
      "somebody undeleted it on purpose", "somebody removed the date on purpose",
      "at least 14 days after a notice", "The image “Second Life Viewer” goes as a whole",
      "It is on expireimage_ignore_users", "MedSchool asks for more time",
      "a date long past is never acted on",
      "“CSC 316 Ubuntu 22.04” revision 14 loses its date, because it is in use",
    ])
  func log(sentence: String) {
    let output = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(output.contains(sentence))
  }

  @Test("sums up what the columns of its nights say, and the database too")
  func sums() throws {
    let rows = run.output.split(separator: "\n").compactMap { line -> [Int]? in
      guard let match = line.firstMatch(of: #/^ *\d+  \w{3} \S+  (?:report|notify|flag) +([\d· ]+)$/#) else {
        return nil
      }
      return match.1.split(separator: " ").map { Int($0) ?? 0 }
    }
    let columns = ["Marked", "Moved", "Cleared", "Kept", "Flagged", "Restored", "Mails", "Refused"]
    let header = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("Night") })
    #expect(header.split(separator: " ").suffix(columns.count).map(String.init) == columns)
    #expect(rows.count == 60 && rows.allSatisfy { $0.count == columns.count })
    let sums = columns.indices.map { column in rows.map { $0[column] }.reduce(0, +) }
    let summary = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(sums[0] > run.facts.marks)
    #expect(
      summary.contains(
        "\(run.facts.marks) revisions got an expire date, \(sums[0] - run.facts.marks) of them again"))
    #expect(
      summary.contains(
        "\(sums[1]) dates moved, \(sums[2]) cleared; \(run.facts.undeletes) kept after an undelete,"
          + " \(run.facts.keepsOfResetDates) after its date was removed by hand"))
    #expect(sums[3] == run.facts.undeletes + run.facts.keepsOfResetDates)
    #expect(sums[5] == run.facts.restores)
    #expect(summary.contains("; \(run.facts.restores) restored after a late reservation"))
    #expect(summary.contains("Mails \(sums[6]) delivered over SMTP, \(sums[7]) refused"))
    #expect(sums[6] == run.facts.mailStatus["accepted"])
    #expect(sums[7] == run.facts.mailStatus["failed"])
    // The index counts alike: as a whole, and for each night.
    #expect(run.index.contains("<p>\(sums[6]) mails were delivered, \(sums[7]) refused by the mail server"))
    for (number, row) in zip(1..., rows) where row[6] + row[7] > 0 {
      let refused = row[7] > 0 ? ", \(row[7]) refused" : ""
      #expect(
        run.index.contains(
          "<a href=\"#night-\(number)\">\(number) <span class=\"soft\">(\(row[6])\(refused))</span>"))
    }
  }

  @Test("flags nothing without a notice accepted two weeks before, and no production revision alone")
  func safety() {
    #expect(run.facts.lateFlags == [])
    // That image has none from the beginning.
    #expect(run.facts.imagesWithoutProduction == ["Maya 2018"])
  }

  @Test(
    "never touches what it must not, and the summary says why",
    arguments: [
      ("no production revision", "Maya 2018", "hold_no_production"),
      ("two production revisions", "Eclipse IDE 4.9", "hold_several_productions"),
      ("first capture", "Bioinformatics Lab (new)", "hold_image_deleted"),
      ("base of a capture", "Debian 12 Minimal", "hold_computer"),
      ("reinstalled", "CentOS Stream 9 Dev", "recently_used"),
      ("part of a cluster reservation", "Cluster Worker A", "recently_used"),
      ("being loaded", "Anaconda 2022", "hold_reservation"),
      ("reservation running", "Long Simulation Run", "hold_reservation hold_computer"),
      ("being reserved", "PyTorch 2 (GPU)", "hold_semaphore"),
      ("kickstart", "CentOS 7 Kickstart Tree", "hold_install_type"),
      ("lab machine", "Solaris Lab (Unix 201)", "hold_install_type"),
      ("excluded by name", "Golden Windows 10 Master", "excluded"),
    ])
  func untouched(name: String, image: String, reason: String) throws {
    #expect(!run.facts.touchedImages.contains(image))
    let summary = try #require(run.output.range(of: "Never touched, and why"))
    let section = run.output[summary.upperBound...].split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    let start = try #require(section.range(of: name))
    let codes = try #require(section[start.upperBound...].firstMatch(of: /\[([a-z_ ]+)\]/))
    #expect(codes.1 == reason)
  }

  @Test("leaves every mail as a file that a mail program reads")
  func mails() throws {
    let numbers = run.files.keys.sorted()
    #expect(numbers == (1...numbers.count).map { String(format: "%04d.eml", $0) })
    // A mail that is refused for its owner still reaches the archive.
    let status = run.facts.mailStatus
    #expect(numbers.count == (status["accepted"] ?? 0) + (status["failed"] ?? 0) + run.facts.summaries)
    #expect(run.index.contains("The admins got \(run.facts.summaries) summaries"))
    #expect(
      run.index.matches(of: /who was refused: only vcl-archive@example\.edu got it/).count == status["failed"]
    )
    let mails = try PythonEmail.parse(numbers.compactMap { run.files[$0] })
    for mail in mails {
      #expect(mail.defects == [])
      let content = ["multipart/alternative", "text/plain", "text/html"]
      #expect(mail.parts == content || mail.parts == ["multipart/mixed"] + content + ["text/calendar"])
      #expect(!mail.to.isEmpty && !mail.subject.isEmpty)
    }
    // The page shows the subjects as that program reads them.
    for subject in Set(mails.map(\.subject)) {
      #expect(run.index.contains(">\(DemoIndexText.escaped(subject))<"))
    }
    // Beside every mail lies its HTML part.
    for (number, mail) in zip(numbers, mails) {
      let page = run.folder.appending(path: "mails/\(number.dropLast(4)).html")
      let html = try String(contentsOf: page, encoding: .utf8)
      #expect(html.trimmingCharacters(in: .newlines) == mail.html.trimmingCharacters(in: .newlines))
    }
  }

  @Test("has an index whose links all lead somewhere, with nothing from elsewhere and no scripts")
  func index() throws {
    let links = run.index.matches(of: /(?:href|src)="([^"]*)"/).map { String($0.1) }
    #expect(links.count > run.files.count * 2)
    for link in Set(links) {
      if link.hasPrefix("#") {
        #expect(run.index.contains("id=\"\(link.dropFirst())\""), "\(link)")
      } else {
        #expect(FileManager.default.fileExists(atPath: run.folder.appending(path: link).path), "\(link)")
      }
    }
    for name in run.files.keys { #expect(links.contains("mails/\(name)")) }
    #expect(!run.index.contains("<script"))
    #expect(!run.index.contains("{{"))
  }

  @Test("prints a call of plan that works, and a command that stops the server and removes its files")
  func goesOn() throws {
    #expect(run.plan.status == 0)
    #expect(try run.plan.json["today"].text == run.facts.today)
    #expect(try run.plan.json["mode"].text == "flag")
    #expect(run.isStopped)
  }

  @Test("refuses a folder that holds something, before it starts anything")
  func folderInUse() throws {
    let call = try Executable.run(["demo", "--directory", run.folder.path])
    #expect(call.status == 1)
    #expect(call.output == "")
    #expect(
      call.errors
        == "expireimage: the folder \(run.folder.path) is not empty; name a new or an empty one with --directory\n"
    )
  }

  @Test("refuses a folder that cannot be made, in one line")
  func noFolder() throws {
    let call = try Executable.run(["demo", "--directory", "/dev/null/demo"])
    #expect(call.status == 1)
    #expect(call.errors.hasPrefix("expireimage: cannot use the folder /dev/null/demo: "))
    #expect(call.errors.split(separator: "\n").count == 1)
  }
}

/// Text as the index escapes it.
enum DemoIndexText {
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }
}
