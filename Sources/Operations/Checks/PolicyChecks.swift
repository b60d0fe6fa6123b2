import Mail
import MariaDB
import Retention
import VCLDatabase

/// Checks of the parameters.
enum PolicyChecks {
  static func parameters(_ connection: Connection) throws -> (results: [CheckResult], value: PolicySet?) {
    let policies = try Preparation.policies(
      connection, CallOptions(), today: try Clock.read(connection).today)
    let mode = policies.site.mode
    let warnings = policies.warnings() + (try PolicyOperation.unknownAffiliations(connection, policies))
    let result =
      if !warnings.isEmpty {
        CheckResult(
          .parameters, .warning,
          "mode is \(mode.rawValue); change these with `expireimage policy set` or `unset`",
          details: warnings)
      } else if mode == .off {
        CheckResult(
          .parameters, .warning,
          "mode is off, so that runs do nothing; `expireimage policy set expireimage_mode report` switches them on"
        )
      } else {
        CheckResult(.parameters, .ok, "they can be used; mode is \(mode.rawValue)")
      }
    return ([result], policies)
  }

  /// Whether everything that the parameters name is there: what matches nothing was mistyped, or is over.
  static func exclusions(_ preparation: Preparation, _ connection: Connection) throws -> CheckResult {
    let idle = patterns(preparation) + (try accounts(preparation, connection))
    guard !idle.isEmpty else {
      return CheckResult(.exclusions, .ok, "all names and patterns in the parameters match something")
    }
    return CheckResult(
      .exclusions, .warning,
      "\(idle.count == 1 ? "a name or pattern in the parameters matches" : "names and patterns in the parameters match")"
        + " nothing, so nothing is protected or chosen by \(idle.count == 1 ? "it" : "them"); correct or remove"
        + " \(idle.count == 1 ? "it" : "them") with `expireimage policy set`", details: idle)
  }

  private static func patterns(_ preparation: Preparation) -> [String] {
    let policies = preparation.policies
    // An affiliation that has no list of its own repeats the site's.
    let owning = policies.named.filter { affiliation, _ in
      affiliation == nil
        || policies.settings.contains {
          $0.key == "expireimage_exclude_images" && $0.affiliation?.lowercased() == affiliation?.lowercased()
        }
    }
    return owning.flatMap { affiliation, policy in
      let images = preparation.facts.images.filter { image in
        affiliation == nil || image.owner?.account.affiliation.lowercased() == affiliation?.lowercased()
      }
      return policy.excludedImages.filter { glob in !images.contains { glob.matches($0.name) } }.map { glob in
        "expireimage_exclude_images\(affiliation.map { "|\($0)" } ?? ""): no image.name matches '\(glob.pattern)'"
      }
    }
  }

  private static func accounts(_ preparation: Preparation, _ connection: Connection) throws -> [String] {
    let site = preparation.policies.site
    let owners = Set(preparation.facts.images.compactMap { $0.owner?.account })
    var idle: [String] = []
    for account in site.onlyOwners.sorted(by: { "\($0)" < "\($1)" }) where !owners.contains(account) {
      idle.append("expireimage_only_owners: \(account) owns no image")
    }
    for account in site.ignoredUsers.sorted(by: { "\($0)" < "\($1)" }) where try !isKnown(account, connection)
    {
      idle.append("expireimage_ignore_users: VCL has no account \(account)")
    }
    return idle
  }

  /// Letters that VCL's tables cannot hold are in no account.
  private static func isKnown(_ account: Account, _ connection: Connection) throws -> Bool {
    do {
      return try People.user(account, connection) != nil
    } catch let error as MariaDBError where error.kind == .illegalCollationMix {
      return false
    }
  }
}
