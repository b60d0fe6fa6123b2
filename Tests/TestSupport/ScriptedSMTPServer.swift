import Foundation
import Synchronization

/// A mail that a scripted server took.
package struct ReceivedMail: Sendable, Equatable {
  /// The address between the angle brackets of MAIL FROM.
  package var from: String
  /// The addresses of the RCPT commands that were answered with 2xx.
  package var recipients: [String]
  /// The mail between DATA and the final dot, doubled dots made single, line ends as sent.
  package var data: [UInt8]
}

/// A mail server on loopback that answers as a test tells it to, on a port of its own, each connection on its own
/// thread, until the object is released.
///
/// It takes bytes as they are: `log` holds what clients sent, and nothing is normalised.
package final class ScriptedSMTPServer: Sendable {
  /// A point of the conversation at which the server speaks.
  package enum Step: Sendable, Hashable {
    case banner
    case hello
    case startTLS
    /// AUTH, and every answer to a challenge.
    case authentication
    case mail
    /// RCPT for any recipient.
    case recipient
    /// RCPT for this address; goes before `recipient`.
    case recipientNamed(String)
    case data
    /// After the final dot.
    case message
    case quit
  }

  /// What the server does at a step.
  package enum Action: Sendable, Hashable {
    /// Sends this text and a CRLF.
    case reply(String)
    /// Sends this text and a CRLF, each byte a moment after the one before.
    case slowReply(String)
    /// Sends these bytes as they are: no line end, or several, or nonsense.
    case raw([UInt8])
    /// Sends these bytes again and again until the client leaves.
    case endless([UInt8])
    /// Closes the connection without a word.
    case drop
    /// Sends this text and a CRLF and closes the connection.
    case replyAndDrop(String)
    /// Sends these bytes as they are and closes the connection.
    case rawAndDrop([UInt8])
    /// Says nothing more until the client leaves.
    case stall
  }

  /// The TCP port on 127.0.0.1.
  package let port: Int
  private let listener: Int32
  private let shared: ScriptedState

  /// Starts the server. At the n-th time a step comes up, on whatever connection, its n-th action is
  /// taken, and from then on its last one; a step without actions gets the reply of an obliging server.
  package init(replies: [Step: [Action]] = [:]) {
    (listener, port) = LoopbackPort.listen()
    shared = ScriptedState(script: replies)
    let (listener, shared) = (listener, shared)
    Thread.detachNewThread {
      while true {
        let socket = accept(listener, nil, nil)
        guard socket >= 0 else {
          // Closed here and not in `deinit`: its number might be another server's by the time of the next `accept`.
          close(listener)
          return
        }
        shared.opened(socket)
        Thread.detachNewThread { ScriptedConnection(socket: socket, shared: shared).run() }
      }
    }
  }

  /// Gives the server another script, for what it has yet to say.
  package func follow(_ replies: [Step: [Action]]) { shared.state.withLock { $0.script = replies } }

  deinit {
    // Ends `accept`, and every connection that stalls.
    shutdown(listener, Int32(SHUT_RDWR))
    shared.closeAll()
  }

  /// The mails that were taken, in the order of their final dots.
  package var messages: [ReceivedMail] { shared.state.withLock { $0.messages } }
  /// Every byte that clients sent, connection after connection as it came.
  package var log: [UInt8] { shared.state.withLock { $0.log } }
  /// The lines of `log` outside of mails: the commands.
  package var commands: [String] { shared.state.withLock { $0.commands } }
  /// How many connections were opened so far.
  package var connectionCount: Int { shared.state.withLock { $0.connectionCount } }
  /// `smtp://127.0.0.1:port`.
  package var url: String { "smtp://127.0.0.1:\(port)" }
}

/// What the connections of one scripted server share.
final class ScriptedState: Sendable {
  struct State {
    var script: [ScriptedSMTPServer.Step: [ScriptedSMTPServer.Action]]
    var messages: [ReceivedMail] = []
    var log: [UInt8] = []
    var commands: [String] = []
    var connectionCount = 0
    var sockets: Set<Int32> = []
  }

  let state: Mutex<State>

  init(script: [ScriptedSMTPServer.Step: [ScriptedSMTPServer.Action]]) {
    state = Mutex(State(script: script))
  }

  func opened(_ socket: Int32) {
    state.withLock {
      $0.connectionCount += 1
      $0.sockets.insert(socket)
    }
  }

  /// Closes a socket under the lock, so that its number is not shut down after somebody else has got it.
  func closed(_ socket: Int32) {
    state.withLock {
      $0.sockets.remove(socket)
      close(socket)
    }
  }

  func closeAll() {
    state.withLock { for socket in $0.sockets { shutdown(socket, Int32(SHUT_RDWR)) } }
  }

  /// The action for a step, the first of those names that the script has.
  func action(_ steps: [ScriptedSMTPServer.Step], usual: String) -> ScriptedSMTPServer.Action {
    state.withLock { state in
      for step in steps {
        guard let actions = state.script[step], let first = actions.first else { continue }
        if actions.count > 1 { state.script[step]!.removeFirst() }
        return first
      }
      return .reply(usual)
    }
  }
}
