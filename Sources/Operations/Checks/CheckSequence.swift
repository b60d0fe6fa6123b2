import MariaDB
import VCLDatabase

/// Checks one after the other: one that fails stops none of the others but those that depend on it.
struct CheckSequence {
  private(set) var results: [CheckResult] = []
  /// Why nothing more can be done: what needs no database comes before what does.
  private var lostConnection: String?
  /// Whether the account is known to lack rights: what is denied then is no news.
  var lacksRights = false

  /// Does one check.
  ///
  /// - Parameters:
  ///   - obstacle: why it cannot be done; nil: it can.
  ///   - body: its results, and what later ones need; nil: they cannot be done.
  mutating func perform<T>(
    _ name: CheckName, unless obstacle: String?, _ body: () throws -> (results: [CheckResult], value: T?)
  ) -> T? {
    if let obstacle = obstacle ?? lostConnection {
      results.append(CheckResult(name, .notChecked, "not checked: \(obstacle)"))
      return nil
    }
    do {
      let outcome = try body()
      results += outcome.results
      return outcome.value
    } catch {
      let kind = (error as? MariaDBError)?.kind
      if kind == .connectionLost { lostConnection = "the connection to the database was lost" }
      if kind == .denied, lacksRights {
        results.append(CheckResult(name, .notChecked, "not checked: it takes a right that is missing"))
      } else {
        results.append(CheckResult(name, .error, Failure(error).description))
      }
      return nil
    }
  }

  /// Does one check that no other depends on.
  mutating func perform(_ name: CheckName, unless obstacle: String?, _ body: () throws -> CheckResult) {
    let _: Void? = perform(name, unless: obstacle) { (results: [try body()], value: nil) }
  }
}
