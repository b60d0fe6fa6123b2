import CMariaDB

/// The parameters of many rows, column by column, as the array binding of MariaDB wants them.
struct BulkBuffer: ~Copyable {
  let binds: UnsafeMutablePointer<MYSQL_BIND>
  private var allocations: [UnsafeMutableRawPointer] = []

  /// Every row has `columns` values.
  init(_ rows: ArraySlice<[Value]>, columns: Int) {
    binds = .allocate(capacity: columns)
    binds.initialize(repeating: MYSQL_BIND(), count: columns)
    for column in 0..<columns {
      let indicators = allocate(CChar.self, rows.count)
      for (row, values) in rows.enumerated() {
        let isNull = values[column] == .null
        indicators[row] = CChar(isNull ? STMT_INDICATOR_NULL.rawValue : STMT_INDICATOR_NONE.rawValue)
      }
      binds[column].u.indicator = indicators
      switch BulkType(rows, column: column) {
      case .int: bind(rows, column, MYSQL_TYPE_LONGLONG) { $0.integerBits }
      case .double: bind(rows, column, MYSQL_TYPE_DOUBLE) { $0.doubleBits }
      case .text: bindBytes(rows, column, MYSQL_TYPE_STRING)
      case .bytes: bindBytes(rows, column, MYSQL_TYPE_BLOB)
      }
    }
  }

  private mutating func bind(
    _ rows: ArraySlice<[Value]>, _ column: Int, _ type: enum_field_types, _ bits: (Value) -> UInt64
  ) {
    let numbers = allocate(UInt64.self, rows.count)
    for (row, values) in rows.enumerated() { numbers[row] = bits(values[column]) }
    binds[column].buffer_type = type
    binds[column].buffer = UnsafeMutableRawPointer(numbers)
  }

  private mutating func bindBytes(_ rows: ArraySlice<[Value]>, _ column: Int, _ type: enum_field_types) {
    let texts = rows.map { $0[column].asText }
    let pointers = allocate(UnsafeMutablePointer<UInt8>.self, rows.count)
    let lengths = allocate(UInt.self, rows.count)
    var end = allocate(UInt8.self, texts.reduce(1) { $0 + $1.byteCount })
    for (row, text) in texts.enumerated() {
      pointers[row] = end
      lengths[row] = UInt(text.copyBytes(to: end))
      end += text.byteCount
    }
    binds[column].buffer_type = type
    binds[column].buffer = UnsafeMutableRawPointer(pointers)
    binds[column].length = lengths
  }

  private mutating func allocate<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: count)
    allocations.append(UnsafeMutableRawPointer(memory))
    return memory
  }

  deinit {
    binds.deallocate()
    for memory in allocations { memory.deallocate() }
  }
}

/// The one type that a column has in all rows of an array binding.
private enum BulkType {
  case int, double, text, bytes

  /// Integers, numbers or bytes where every row has them or NULL; text for anything mixed.
  init(_ rows: ArraySlice<[Value]>, column: Int) {
    var found: BulkType?
    for row in rows {
      let type: BulkType
      switch row[column] {
      case .null: continue
      case .int: type = .int
      // The array is signed as a whole; a number beyond goes as digits.
      case .unsigned(let number): type = number <= UInt64(Int64.max) ? .int : .text
      case .double: type = .double
      case .text: type = .text
      case .bytes: type = .bytes
      }
      if let found, found != type {
        self = .text
        return
      }
      found = type
    }
    self = found ?? .text
  }
}

extension Value {
  fileprivate var integerBits: UInt64 {
    switch self {
    case .int(let number): UInt64(bitPattern: number)
    case .unsigned(let number): number
    default: 0
    }
  }

  fileprivate var doubleBits: UInt64 {
    if case .double(let number) = self { number.bitPattern } else { 0 }
  }

  /// Text and bytes as they are, numbers as digits, NULL as nothing.
  fileprivate var asText: Value {
    switch self {
    case .int(let number): .text(String(number))
    case .unsigned(let number): .text(String(number))
    case .double(let number): .text("\(number)")
    case .null, .text, .bytes: self
    }
  }
}
