import Foundation

/// A small ext4 on a file, mounted for the calling thread alone (inside ``PrivateMounts``), whose power can fail.
struct LoopDisk {
  let path: String
  private let image: String

  /// Needs mkfs.ext4 and mount, loop devices, and a system that lets root mount.
  static let isPossible: Bool = {
    guard PrivateMounts.isPossible else { return false }
    let tried: Void? = try? PrivateMounts.run {
      let base = try TemporaryRoot(marks: false)
      let disk = try LoopDisk(in: base.folder)
      try disk.unmount()
      withExtendedLifetime(base) {}
    }
    return tried != nil
  }()

  init(in folder: String) throws {
    image = folder + "/disk.image"
    path = folder + "/disk"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    close(creat(image, 0o600))
    guard truncate(image, 16 << 20) == 0 else { throw POSIXError(.ENOSPC) }
    try Self.run(["mkfs.ext4", "-q", "-F", "-J", "size=4", "-b", "4096", image])
    try mount()
  }

  func mount() throws { try Self.run(["mount", "-o", "loop", image, path]) }

  /// A process that was just started has copies of all descriptors until it runs its program: so long the disk is busy.
  func unmount() throws {
    for _ in 0..<50 {
      do { return try Self.run(["umount", path]) } catch { usleep(100_000) }
    }
    try Self.run(["umount", path])
  }

  /// From here on every call fails with an input/output error; what was not on the disk is lost (`EXT4_IOC_SHUTDOWN`).
  static func cutPower(of directory: Int32) {
    var flag: UInt32 = 2
    _ = ioctl(directory, 0x8004_587D, &flag)
  }

  private struct CommandFailed: Error {
    let command: [String]
    let status: Int32
  }

  private static func run(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.arguments = command
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandFailed(command: command, status: process.terminationStatus)
    }
  }
}
