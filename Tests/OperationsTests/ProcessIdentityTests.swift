import Foundation
import Testing
import VCLDatabase

@testable import Operations

@Suite("Whether a process lives")
struct ProcessIdentityTests {
  private static let own = ProcessIdentity.own

  private func holder(
    node: String = own.node, pid: Int = own.pid, start: Int = own.processStart, bootID: String = own.bootID
  ) -> LeaseHolder {
    LeaseHolder(node: node, pid: pid, processStart: start, bootID: bootID)
  }

  /// The number of a process that has ended.
  private func endedPID() throws -> Int {
    let process = try Process.run(URL(filePath: "/bin/true"), arguments: [])
    process.waitUntilExit()
    return Int(process.processIdentifier)
  }

  @Test("This process lives; another start, another boot or no such process means that it is dead")
  func seen() throws {
    #expect(Self.own.processStart > 0 && !Self.own.bootID.isEmpty)
    #expect(!ProcessIdentity.isDead(holder()))
    #expect(ProcessIdentity.isDead(holder(start: Self.own.processStart - 1)))
    #expect(ProcessIdentity.isDead(holder(bootID: "another")))
    #expect(ProcessIdentity.isDead(holder(pid: try endedPID())))
    for number in [0, -1, Int.max] { #expect(ProcessIdentity.isDead(holder(pid: number)), "\(number)") }
  }

  @Test("Of another node nothing is known")
  func otherNode() {
    #expect(!ProcessIdentity.isDead(holder(node: "elsewhere", pid: Int.max, bootID: "another")))
  }

  @Test("Where /proc hides a process, the one that is there lives, and the one that is not is dead")
  func hidden() throws {
    func isDead(_ holder: LeaseHolder) -> Bool { ProcessIdentity.isDead(holder, start: { _ in nil }) }
    #expect(!isDead(holder()))
    // Of another account, unless root calls the tests.
    #expect(!isDead(holder(pid: 1)))
    #expect(isDead(holder(pid: try endedPID())))
    #expect(isDead(holder(bootID: "another")))
    for number in [0, -1, Int.max] { #expect(isDead(holder(pid: number)), "\(number)") }
  }
}
