import ArgumentParser
import Caches
import Foundation
import Storage

/// What a process of its own does so that its peak memory can be told.
enum StorageMemory: String, ExpressibleByArgument {
  case scan, plan

  var shown: String {
    switch self {
    case .scan: "scan"
    case .plan: "plan for all"
    }
  }

  /// Starts that process, and waits for it.
  ///
  /// - Returns: bytes an entry, above what the process had before with all image names.
  func measured(root: String, entries: Int) throws -> Int {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    process.arguments = [
      "storage", "--memory-of", rawValue, "--folder", root, "--entries", String(entries),
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let bytes = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Measured.Failed(description: "the process that measures its memory failed")
    }
    return bytes
  }

  /// In that process.
  func bytes(root path: String, entries: Int) throws -> Int {
    let known = KnownNames(StorageSite.names(entries))
    let root = try RootDirectory.open(path: path, expecting: nil)
    // The peak is counted from here on (proc(5), clear_refs).
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = try Self.peak()
    let scan = try RootScan(root, layout: .kvm, known: known)
    guard scan.entries.count == entries else {
      throw Measured.Failed(description: "found \(scan.entries.count) of \(entries) entries")
    }
    let plan = self == .plan ? PrunePlan(entries: scan.entries.lazy.map(\.entry), limitBytes: -1) : nil
    let peak = try Self.peak()
    return withExtendedLifetime((scan, plan)) { (peak - before) / entries }
  }

  private static func peak() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(separator: " ").compactMap({ Int($0) }).first
    else { throw Measured.Failed(description: "the system does not tell the peak memory") }
    return kibibytes << 10
  }
}
