import CMariaDB
import Glibc

/// The memory that one row of a result is fetched into, again and again.
final class ResultBuffer {
  /// How a column arrives.
  enum Kind {
    case signed, unsigned, double, dateTime, date, text, bits
  }

  /// A column's memory; nothing in it is counted, so that a read costs no more than the read.
  struct Column {
    let kind: Kind
    /// 8 bytes, a MYSQL_TIME, or `capacity` bytes of text.
    fileprivate(set) var memory: UnsafeMutableRawPointer
    fileprivate(set) var capacity: Int
  }

  let names: [String]
  private let columns: UnsafeMutablePointer<Column>
  /// Set by a read that the column does not allow; the statement then fails instead of going on with a made-up value.
  var misread: String?
  /// Whether memory has moved since it was bound.
  private(set) var isMoved = false
  private let binds: UnsafeMutablePointer<MYSQL_BIND>
  private let nulls: UnsafeMutablePointer<my_bool>
  private let errors: UnsafeMutablePointer<my_bool>
  private let lengths: UnsafeMutablePointer<UInt>

  init(fields: UnsafeBufferPointer<MYSQL_FIELD>) {
    names = fields.map { String(cString: $0.name) }
    columns = .allocate(capacity: fields.count)
    binds = .allocate(capacity: fields.count)
    binds.initialize(repeating: MYSQL_BIND(), count: fields.count)
    nulls = .allocate(capacity: fields.count)
    nulls.initialize(repeating: 0, count: fields.count)
    // The library does not write these flags for dates and for NULL: what is not zeroed reads as a truncation.
    errors = .allocate(capacity: fields.count)
    errors.initialize(repeating: 0, count: fields.count)
    lengths = .allocate(capacity: fields.count)
    lengths.initialize(repeating: 0, count: fields.count)
    for (index, field) in fields.enumerated() {
      let kind = Kind(field)
      let capacity =
        switch kind {
        case .signed, .unsigned, .double: 8
        case .dateTime, .date: MemoryLayout<MYSQL_TIME>.size
        case .text, .bits: max(64, min(Int(field.length), 1024))
        }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
      (columns + index).initialize(to: Column(kind: kind, memory: memory, capacity: capacity))
      binds[index].buffer_type = kind.bufferType
      binds[index].is_unsigned = kind == .unsigned ? 1 : 0
      binds[index].buffer = memory
      binds[index].buffer_length = UInt(capacity)
      binds[index].is_null = nulls + index
      binds[index].error = errors + index
      binds[index].length = lengths + index
    }
  }

  deinit {
    for index in names.indices { columns[index].memory.deallocate() }
    columns.deallocate()
    binds.deallocate()
    nulls.deallocate()
    errors.deallocate()
    lengths.deallocate()
  }

  /// A column by its index; an index out of range is a programmer's error and ends the process.
  func column(_ index: Int) -> Column {
    precondition(names.indices.contains(index), "no column \(index)")
    return columns[index]
  }

  func isNull(_ index: Int) -> Bool {
    precondition(names.indices.contains(index), "no column \(index)")
    return nulls[index] != 0
  }

  /// The bytes of a text column.
  func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: columns[index].memory, count: min(Int(lengths[index]), columns[index].capacity))
  }

  /// Whether the statement, executed again, still has the columns this was made for.
  func fits(_ fields: UnsafeBufferPointer<MYSQL_FIELD>) -> Bool {
    fields.count == names.count
      && names.indices.allSatisfy { index in
        Kind(fields[index]) == columns[index].kind && strcmp(fields[index].name, names[index]) == 0
      }
  }

  /// Makes the statement fetch into this memory; false on failure.
  func bind(to statement: UnsafeMutablePointer<MYSQL_STMT>) -> Bool {
    isMoved = false
    return mysql_stmt_bind_result(statement, binds) == 0
  }

  /// After a fetch that cut texts off: enlarges their memory and reads them again; false on failure.
  ///
  /// The next fetch must be bound anew, but not before this row has been read: some releases of the library set the
  /// lengths of the present row to 0 when they bind (3.3.19 does, 3.3.20 does not).
  func completeTruncated(_ statement: UnsafeMutablePointer<MYSQL_STMT>) -> Bool {
    for index in names.indices
    where columns[index].kind == .text && Int(lengths[index]) > columns[index].capacity {
      let capacity = Int(lengths[index]) + Int(lengths[index]) / 2
      columns[index].memory.deallocate()
      columns[index].memory = .allocate(byteCount: capacity, alignment: 16)
      columns[index].capacity = capacity
      binds[index].buffer = columns[index].memory
      binds[index].buffer_length = UInt(capacity)
      guard mysql_stmt_fetch_column(statement, binds + index, UInt32(index), 0) == 0 else { return false }
    }
    isMoved = true
    return true
  }
}

extension ResultBuffer.Kind {
  init(_ field: MYSQL_FIELD) {
    self =
      switch field.type {
      case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_LONG, MYSQL_TYPE_INT24, MYSQL_TYPE_LONGLONG,
        MYSQL_TYPE_YEAR:
        field.flags & UInt32(UNSIGNED_FLAG) != 0 ? .unsigned : .signed
      case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: .double
      case MYSQL_TYPE_DATE, MYSQL_TYPE_NEWDATE: .date
      case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP, MYSQL_TYPE_DATETIME2, MYSQL_TYPE_TIMESTAMP2: .dateTime
      case MYSQL_TYPE_BIT: .bits
      default: .text
      }
  }

  var bufferType: enum_field_types {
    switch self {
    case .signed, .unsigned: MYSQL_TYPE_LONGLONG
    case .double: MYSQL_TYPE_DOUBLE
    case .dateTime, .date: MYSQL_TYPE_DATETIME
    case .text: MYSQL_TYPE_STRING
    case .bits: MYSQL_TYPE_BLOB
    }
  }
}
