import Foundation

/// A child process that cannot outlive this one, however this one ends.
///
/// A watcher beside the child reads a socket whose only other end is in this process. When this process dies, even by
/// SIGKILL, the socket closes and the watcher ends the child. (The kernel's parent-death signal is of no use here: it
/// fires when the *thread* that started the child ends.)
final class GuardedProcess {
  let identifier: pid_t
  private var watcherEnd: Int32
  private var hasEnded = false

  /// Starts a program with its output appended to `log`. A directory given as `scratch` is removed by the watcher after
  /// the child, if this process dies; nothing else is.
  init(_ program: String, _ arguments: [String], log: String, scratch: String?) throws {
    // The watcher is started first and knows the child by the shell's own process id, which `exec` keeps. A whole line
    // means: the child is none of your business any more.
    let script = """
      { read -r _ <&3 || {
        kill -TERM "$$"; tries=0
        while kill -0 "$$" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
        [ -z "$1" ] || rm -rf -- "$1"
      }; } &
      shift
      exec "$@" 3<&-
      """
    var ends: [Int32] = [0, 0]
    // A socket pair, because it can be kept from other children in the same call that makes it.
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw PrivateServerError("cannot make a pair of sockets: \(errorText(errno))")
    }
    defer { close(ends[0]) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    posix_spawn_file_actions_adddup2(&actions, ends[0], 3)
    // Whoever started this process may wait for the end of its files, and the child may be left running.
    for file in Self.openFiles where file > 3 { posix_spawn_file_actions_addclose(&actions, file) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own: Control-C at the terminal is for this process, which then stops the child in order.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)

    let words = ["sh", "-c", script, "sh", scratch ?? "", program] + arguments
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var child: pid_t = 0
    let failure = withCStrings(words) { words in
      withCStrings(environment) { posix_spawn(&child, "/bin/sh", &actions, &attributes, words, $0) }
    }
    guard failure == 0 else {
      close(ends[1])
      throw PrivateServerError("cannot start \(program): \(errorText(failure))")
    }
    identifier = child
    watcherEnd = ends[1]
  }

  deinit { stop() }

  /// The descriptors that this process has open; one that is gone by the time of the spawn does no harm.
  private static var openFiles: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap(Int32.init)
  }

  /// Whether the child runs; false once it has ended by itself.
  var isRunning: Bool {
    if hasEnded { return false }
    if waitpid(identifier, nil, WNOHANG) == identifier { ended() }
    return !hasEnded
  }

  /// Asks the child to end (SIGTERM) and waits until it has; after 30 seconds it is ended without asking.
  func stop() {
    guard isRunning else { return }
    kill(identifier, SIGTERM)
    let deadline = ContinuousClock.now + .seconds(30)
    while isRunning {
      if .now > deadline { kill(identifier, SIGKILL) }
      usleep(5_000)
    }
  }

  /// Lets the child live on after this process.
  func release() { ended() }

  private func ended() {
    hasEnded = true
    dismissWatcher()
  }

  private func dismissWatcher() {
    guard watcherEnd >= 0 else { return }
    // The watcher may be gone already; that must not end this process with SIGPIPE.
    _ = send(watcherEnd, "\n", 1, Int32(MSG_NOSIGNAL))
    close(watcherEnd)
    watcherEnd = -1
  }
}

/// The system's words for an error number.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }

/// Calls with a nil-terminated array of C strings.
private func withCStrings<T>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> T
) -> T {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
}
