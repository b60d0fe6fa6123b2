import CMariaDB

/// The memory that the parameters of one execution live in, from binding until the server has them.
struct ParameterBuffer: ~Copyable {
  let binds: UnsafeMutablePointer<MYSQL_BIND>
  private let numbers: UnsafeMutablePointer<UInt64>
  private let bytes: UnsafeMutablePointer<UInt8>

  init(_ values: [Value]) {
    binds = .allocate(capacity: values.count)
    binds.initialize(repeating: MYSQL_BIND(), count: values.count)
    numbers = .allocate(capacity: values.count)
    numbers.initialize(repeating: 0, count: values.count)
    bytes = .allocate(capacity: values.reduce(1) { $0 + $1.byteCount })
    var end = bytes
    for (index, value) in values.enumerated() {
      binds[index].buffer = UnsafeMutableRawPointer(numbers + index)
      switch value {
      case .null:
        binds[index].buffer_type = MYSQL_TYPE_NULL
      case .int(let number):
        binds[index].buffer_type = MYSQL_TYPE_LONGLONG
        numbers[index] = UInt64(bitPattern: number)
      case .unsigned(let number):
        binds[index].buffer_type = MYSQL_TYPE_LONGLONG
        binds[index].is_unsigned = 1
        numbers[index] = number
      case .double(let number):
        binds[index].buffer_type = MYSQL_TYPE_DOUBLE
        numbers[index] = number.bitPattern
      case .text, .bytes:
        binds[index].buffer_type = value.isBytes ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING
        binds[index].buffer = UnsafeMutableRawPointer(end)
        let count = value.copyBytes(to: end)
        binds[index].buffer_length = UInt(count)
        binds[index].length_value = UInt(count)
        end += count
      }
    }
  }

  deinit {
    binds.deallocate()
    numbers.deallocate()
    bytes.deallocate()
  }
}

extension Value {
  /// How many bytes `copyBytes` writes; 0 for numbers and NULL.
  var byteCount: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .bytes(let bytes): bytes.count
    default: 0
    }
  }

  var isBytes: Bool { if case .bytes = self { true } else { false } }

  /// Writes text or bytes to memory with room for `byteCount`, and returns that count.
  func copyBytes(to target: UnsafeMutablePointer<UInt8>) -> Int {
    let room = UnsafeMutableBufferPointer(start: target, count: byteCount)
    switch self {
    case .text(let text): _ = room.initialize(from: text.utf8)
    case .bytes(let bytes): _ = room.initialize(from: bytes)
    default: break
    }
    return room.count
  }
}
