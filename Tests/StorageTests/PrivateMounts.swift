import Foundation

/// Runs code on a thread with a view of the file systems of its own: what it mounts is gone with it, however it ends.
///
/// Only root can. What the thread opens is of that view; what other threads see stays as it is.
enum PrivateMounts {
  static let isPossible: Bool = getuid() == 0 && ((try? run { () }) != nil)

  struct MountError: Error {
    let call: String
    let code: Int32
  }

  /// - Parameter body: runs on the thread; its result or error comes back.
  static func run<Result>(_ body: @escaping () throws -> Result) throws -> Result {
    nonisolated(unsafe) let body = body
    nonisolated(unsafe) var outcome: Swift.Result<Result, any Error>?
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      outcome = Swift.Result<Result, any Error> {
        typealias Unshare = @convention(c) (Int32) -> Int32
        let unshare = unsafeBitCast(dlsym(nil, "unshare"), to: Unshare.self)
        let newMounts: Int32 = 0x20000
        guard unshare(newMounts) == 0 else { throw MountError(call: "unshare", code: errno) }
        try mounting("none", "/", nil, UInt(MS_REC | MS_PRIVATE))
        return try body()
      }
      ended.signal()
    }
    ended.wait()
    return try outcome!.get()
  }

  /// An empty file system in memory with so many bytes.
  ///
  /// - Parameter files: how many files and directories fit into it, its own among them.
  static func memory(at path: String, bytes: Int, files: Int? = nil) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let limit = files.map { ",nr_inodes=\($0)" } ?? ""
    try mounting("tmpfs", path, "tmpfs", 0, "size=\(bytes)\(limit)")
  }

  /// The same directory a second time.
  static func bind(_ source: String, at path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try mounting(source, path, nil, UInt(MS_BIND))
  }

  static func readOnly(_ path: String) throws {
    try mounting("none", path, nil, UInt(MS_REMOUNT | MS_RDONLY))
  }

  /// Takes a file system away although somebody works on it.
  static func detach(_ path: String) throws {
    guard umount2(path, Int32(MNT_DETACH)) == 0 else { throw MountError(call: "umount", code: errno) }
  }

  private static func mounting(
    _ source: String, _ path: String, _ type: String?, _ flags: UInt, _ options: String? = nil
  ) throws {
    guard mount(source, path, type, flags, options) == 0 else {
      throw MountError(call: "mount \(path)", code: errno)
    }
  }
}
