/// Addresses as they stand in one column, separated by commas.
func addressList(_ column: String) -> [String] {
  column.split(separator: ",").map(String.init)
}
