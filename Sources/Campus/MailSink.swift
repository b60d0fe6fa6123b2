import Foundation
import Synchronization

/// A mail that a sink took.
package struct SunkMail: Sendable, Equatable {
  /// 1 for the first; its file is called after it.
  package let number: Int
  /// The name of its file in the sink's folder, `0001.eml`.
  package let file: String
  /// The address of MAIL FROM.
  package let sender: String
  /// The addresses of RCPT TO that were not refused, blind ones among them.
  package let recipients: [String]
  /// The mail as it was sent, dots unstuffed.
  package let data: [UInt8]
}

/// A mail server on loopback that delivers nothing: every mail becomes a numbered file in a folder.
///
/// It speaks SMTP (RFC 5321) as far as a sender of mails needs it, on a port of its own, and refuses the recipients that
/// it is told to refuse, as a server does when a mailbox is gone.
package final class MailSink: Sendable {
  /// The TCP port on 127.0.0.1.
  package let port: Int
  private let listener: SinkListener
  private let store: MailStore

  /// Starts the server, with threads of its own.
  ///
  /// - Parameters:
  ///   - folder: where the files go; made when it is missing.
  ///   - refused: addresses whose RCPT gets 550.
  ///   - replyDelayMilliseconds: how long it thinks before each reply, as a server far away seems to.
  /// - Throws: ``MailSinkError`` when there is no port or no folder.
  package init(folder: String, refusing refused: Set<String> = [], replyDelayMilliseconds: Int = 0) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw MailSinkError("cannot make the folder \(folder): \(error.localizedDescription)")
    }
    let store = MailStore(folder: folder, refused: refused)
    self.store = store
    listener = try SinkListener { socket in
      SinkConversation(socket: socket, store: store, replyDelayMilliseconds: replyDelayMilliseconds).run()
    }
    port = listener.port
  }

  deinit { stop() }

  /// `smtp://127.0.0.1:port`.
  package var url: String { "smtp://127.0.0.1:\(port)" }
  /// What was taken so far, in the order of arrival; whoever has read the last reply finds the mail here.
  package var mails: [SunkMail] { store.mails }

  /// From now on a mailbox is gone, or there again.
  package func refuse(_ address: String, _ refuses: Bool = true) { store.refuse(address, refuses) }

  /// Takes no more connections and ends those that are open. The files stay. Twice is fine.
  package func stop() { listener.stop() }
}

/// Why a sink cannot take mail, in one line.
package struct MailSinkError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// The mails of a sink, and whom it refuses.
final class MailStore: Sendable {
  private struct State {
    var mails: [SunkMail] = []
    var refused: Set<String>
  }

  private let folder: String
  private let state: Mutex<State>

  init(folder: String, refused: Set<String>) {
    self.folder = folder
    state = Mutex(State(refused: Set(refused.map { $0.lowercased() })))
  }

  var mails: [SunkMail] { state.withLock { $0.mails } }

  func refuse(_ address: String, _ refuses: Bool) {
    state.withLock { state in
      if refuses {
        state.refused.insert(address.lowercased())
      } else {
        state.refused.remove(address.lowercased())
      }
    }
  }

  func refuses(_ address: String) -> Bool { state.withLock { $0.refused.contains(address.lowercased()) } }

  /// Writes a mail's file and notes the mail; answers false when the file cannot be written.
  func take(sender: String, recipients: [String], data: [UInt8]) -> Bool {
    state.withLock { state in
      let number = state.mails.count + 1
      let digits = String(number)
      let file = String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".eml"
      guard FileManager.default.createFile(atPath: "\(folder)/\(file)", contents: Data(data)) else {
        return false
      }
      state.mails.append(
        SunkMail(number: number, file: file, sender: sender, recipients: recipients, data: data))
      return true
    }
  }
}
