import MariaDB

/// VCL's table `configsubimage`, which only some of its versions have.
enum ConfigSubimages {
  /// Does what reads the table; nothing where VCL does not have it.
  ///
  /// - Throws: ``SchemaError/hiddenTable(_:)`` when the account may not know: an image in use would look unused.
  static func whereKnown(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as MariaDBError where error.kind == .missingTable {
    } catch let error as MariaDBError where error.kind == .denied {
      throw SchemaError.hiddenTable("configsubimage")
    }
  }
}
