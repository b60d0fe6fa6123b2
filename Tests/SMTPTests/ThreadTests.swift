import Mail
import SMTP
import TestSupport
import Testing

@Suite("Sessions in several threads")
struct ThreadTests {
  @Test("Four sessions in four threads lose no mail, double none, and open one connection each")
  func parallel() async throws {
    let server = Server()
    let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
      for thread in 0..<4 {
        group.addTask {
          try await Waiting.shared.run {
            let session = try DeliveryTests.session(server)
            return (0..<100).count { number in
              let mail = Array("Subject: \(thread * 100 + number)\r\n\r\n.\r\n".utf8)
              return session.send(mail, envelope: DeliveryTests.envelope).status == .accepted
            }
          }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(accepted == 400)
    let subjects = server.messages.map { String(decoding: $0.data, as: UTF8.self) }
    #expect(subjects.count == 400)
    #expect(Set(subjects) == Set((0..<400).map { "Subject: \($0)\r\n\r\n.\r\n" }))
    #expect(server.connectionCount == 4)
  }
}
