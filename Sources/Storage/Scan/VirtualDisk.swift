import FoundationEssentials
import Glibc

/// What the first bytes of a virtual disk say.
enum VirtualDisk {
  /// The paths of the files that a disk is made on top of, as they are written there; none: of none, or this is no disk.
  ///
  /// - Parameter file: a descriptor that is open for reading.
  /// - Throws: ``FileError`` also for a disk that has such a file and does not tell which.
  static func backingFiles(_ file: Int32) throws(FileError) -> [String] {
    let head = try bytes(file, at: 0, count: 4096)
    if head.starts(with: [0x51, 0x46, 0x49, 0xfb]) { return try qcow(file, head) }
    if head.starts(with: "KDMV".utf8) { return try extent(file, head) }
    return head.starts(with: "# Disk DescriptorFile".utf8) ? descriptor(head) : []
  }

  /// The header of qcow and qcow2: magic, version, then where the name of the backing file is and how long.
  private static func qcow(_ file: Int32, _ head: [UInt8]) throws(FileError) -> [String] {
    guard head.count >= 20 else { return [] }
    let offset = head[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let length = head[16..<20].reduce(0) { $0 << 8 | Int($1) }
    guard offset > 0, length > 0 else { return [] }
    guard length <= 1023, let start = Int64(exactly: offset), start <= Int64.max - 1023 else {
      throw FileError("read the name of a backing file", EINVAL)
    }
    let name = try bytes(file, at: start, count: length)
    guard name.count == length else { throw FileError("read the name of a backing file", EINVAL) }
    return try paths(String(decoding: name, as: UTF8.self))
  }

  /// A sparse extent of VMware: the number of the sector at which the descriptor is embedded, and of how many sectors.
  private static func extent(_ file: Int32, _ head: [UInt8]) throws(FileError) -> [String] {
    guard head.count >= 44 else { return [] }
    let sector = head[28..<36].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let count = head[36..<44].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard sector > 0, count > 0 else { return [] }
    guard sector <= UInt64(Int64.max) / 1024 else { throw FileError("read the descriptor of a disk", EINVAL) }
    return descriptor(
      try bytes(file, at: Int64(sector) * 512, count: Int(min(count, longestDescriptor)) * 512))
  }

  /// In sectors; VMware writes 20.
  private static let longestDescriptor: UInt64 = 2048

  /// A line `parentFileNameHint="…"`.
  private static func descriptor(_ bytes: [UInt8]) -> [String] {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      guard text.hasPrefix("parentFileNameHint") else { continue }
      return text.split(separator: "\"").dropFirst().first.map { [String($0)] } ?? []
    }
    return []
  }

  /// `json:` names and those with a protocol are told by the paths in them.
  private static func paths(_ name: String) throws(FileError) -> [String] {
    guard name.hasPrefix("json:") else {
      return [name.hasPrefix("file:") ? String(name.dropFirst("file:".count)) : name]
    }
    do {
      return try JSONDecoder().decode(FileNames.self, from: Data(name.utf8.dropFirst("json:".count))).paths
    } catch {
      throw FileError("read the name of a backing file", EINVAL)
    }
  }

  /// What is called `filename` anywhere in a JSON text; keys may be nested or joined with dots.
  private struct FileNames: Decodable {
    private(set) var paths: [String] = []

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      if var list = try? decoder.unkeyedContainer() {
        while !list.isAtEnd { paths += try FileNames(from: try list.superDecoder()).paths }
      } else if let object = try? decoder.container(keyedBy: Key.self) {
        for key in object.allKeys {
          let isPath = key.stringValue == "filename" || key.stringValue.hasSuffix(".filename")
          if isPath, let path = try? object.decode(String.self, forKey: key) {
            paths.append(path)
          } else {
            paths += try FileNames(from: try object.superDecoder(forKey: key)).paths
          }
        }
      }
    }
  }

  private static func bytes(_ file: Int32, at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let done = pread(file, buffer.baseAddress! + filled, count - filled, off_t(offset) + filled)
        if done < 0, errno == EINTR { continue }
        if done < 0 { failure = errno }
        guard done > 0 else { break }
        filled += done
      }
    }
    if failure != 0 { throw FileError("read a virtual disk", failure) }
    return bytes
  }
}
