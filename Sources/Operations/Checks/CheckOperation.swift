import Foundation
import MariaDB
import Retention
import Settings
import VCLDatabase

/// Looks whether everything that the nightly run needs is as it should be; changes nothing and sends nothing.
package struct CheckOperation {
  private let readSettings: () throws -> Settings
  private let nodeTime: () -> Date

  /// - Parameters:
  ///   - settings: reads them; what is wrong with them is one of the things that are told.
  ///   - nodeTime: this machine's clock.
  package init(nodeTime: @escaping () -> Date = { Date() }, settings: @escaping () throws -> Settings) {
    readSettings = settings
    self.nodeTime = nodeTime
  }

  package init(_ site: Site) { self.init { site.settings } }

  package func check() -> CheckReport {
    var sequence = CheckSequence()
    let settings = sequence.perform(.settings, unless: nil) { () -> ([CheckResult], Settings?) in
      let settings = try readSettings()
      return ([NodeChecks.settings(settings)], settings)
    }
    let obstacle = settings == nil ? "the settings cannot be used" : nil
    sequence.perform(.templates, unless: obstacle) { try NodeChecks.templates(settings!) }
    sequence.perform(.mailServer, unless: obstacle) { try MailServerCheck.result(settings!.mailServer) }
    checkDatabase(settings.map { Site($0) }, obstacle, &sequence)
    return CheckReport(checks: sequence.results)
  }

  private func checkDatabase(_ site: Site?, _ obstacle: String?, _ sequence: inout CheckSequence) {
    let connection = sequence.perform(.connection, unless: obstacle) { () -> ([CheckResult], Connection?) in
      let connection = try site!.connect()
      return ([NodeChecks.connection(connection, site!.settings.database)], connection)
    }
    let database = connection == nil ? obstacle ?? "there is no connection to the database" : nil
    sequence.perform(.clock, unless: database) {
      NodeChecks.clock(try Clock.read(connection!), node: nodeTime())
    }
    let lacking = sequence.perform(.rights, unless: database) { () -> ([CheckResult], [Right]?) in
      let lacking = try Rights.lacking(connection!)
      return ([RightsCheck.result(lacking)], lacking)
    }
    sequence.lacksRights = lacking?.isEmpty == false
    let isReady = sequence.perform(.schema, unless: database) { () -> ([CheckResult], Bool?) in
      let result = try RightsCheck.schema(connection!, lacking ?? [])
      // With rights that are missing each of the others tells for itself whether it can be done.
      return ([result], result.status == .error ? nil : true)
    }
    let schema = database ?? (isReady == nil ? "the schema is not as it should be" : nil)

    let policies = sequence.perform(.parameters, unless: database) {
      try PolicyChecks.parameters(connection!)
    }
    let _: Void? = sequence.perform(.triggers, unless: schema) { () -> ([CheckResult], Void?) in
      let triggers = TriggerCheck(connection!)
      let checks = try triggers.triggers() + triggers.tables(ignored: policies?.site.ignoredUsers)
      return (checks.map { CheckResult($0) }, nil)
    }
    checkSite(site, connection, policies, schema, &sequence)
    sequence.perform(.messages, unless: schema) { try MailChecks.messages(connection!) }
    sequence.perform(.stuckMails, unless: schema) { try MailChecks.stuck(connection!) }
    sequence.perform(.lastRun, unless: schema) {
      try LastRunCheck.result(connection!, mode: policies?.site.mode)
    }
    sequence.perform(.roots, unless: schema) { try RootsCheck.result(connection!, site!) }
  }

  /// What is known of revisions, owners and addresses, as the next run would read it.
  private func checkSite(
    _ site: Site?, _ connection: Connection?, _ policies: PolicySet?, _ schema: String?,
    _ sequence: inout CheckSequence
  ) {
    let policy = schema ?? (policies == nil ? "the parameters cannot be used" : nil)
    let preparation = sequence.perform(.usageData, unless: policy) { () -> ([CheckResult], Preparation?) in
      let preparation = try Preparation(
        reading: connection!, settings: site!.settings, clock: try Clock.read(connection!),
        policies: policies!,
        progress: .silent)
      return ([SiteChecks.usage(preparation)], preparation)
    }
    let plan = policy ?? (preparation == nil ? "the revisions cannot be read" : nil)
    sequence.perform(.exclusions, unless: plan) {
      try PolicyChecks.exclusions(preparation!, connection!)
    }
    sequence.perform(.corruptImages, unless: plan) { SiteChecks.corruptImages(preparation!) }
    sequence.perform(.sender, unless: plan) { SiteChecks.sender(preparation!) }
    sequence.perform(.adminAddresses, unless: plan) { SiteChecks.admins(preparation!) }
  }
}
