import Glibc

/// Where a directory is within its file system, wherever that, or a part of it, is mounted (proc(5), `mountinfo`).
struct MountedPath {
  private let device: UInt64
  private let parts: [[UInt8]]

  /// Nil where the system does not tell.
  init?(_ root: RootDirectory) {
    guard root.place.mount != 0,
      let path = Self.path(of: root.number),
      let mount = Self.mount(root.place.mount),
      path.starts(with: mount.point)
    else { return nil }
    device = root.place.device
    parts = mount.root + path.dropFirst(mount.point.count)
  }

  /// Whether one is the other, or lies below it.
  func isNested(with other: MountedPath) -> Bool {
    device == other.device && (parts.starts(with: other.parts) || other.parts.starts(with: parts))
  }

  private static func path(of descriptor: Int32) -> [[UInt8]]? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = buffer.withUnsafeMutableBytes {
      readlink(
        "/proc/thread-self/fd/\(descriptor)", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return length > 0 ? split(buffer[..<length]) : nil
  }

  /// What is mounted, and where.
  private static func mount(_ id: UInt64) -> (root: [[UInt8]], point: [[UInt8]])? {
    let name = FileName("/proc/thread-self/mountinfo")
    guard let file = try? Descriptor.file(name, in: AT_FDCWD),
      let lines = try? file.contents(atMost: 4 << 20, of: name).split(separator: UInt8(ascii: "\n"))
    else { return nil }
    for line in lines {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
      guard fields.count == 6, UInt64(String(decoding: fields[0], as: UTF8.self)) == id else { continue }
      return (split(unescaped(fields[3])), split(unescaped(fields[4])))
    }
    return nil
  }

  private static func split(_ path: ArraySlice<UInt8>) -> [[UInt8]] {
    path.split(separator: UInt8(ascii: "/")).map(Array.init)
  }

  /// Blanks, line breaks and backslashes are written as a backslash and three octal digits.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"),
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      {
        result.append(code)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result[...]
  }
}
