import Retention
import VCLDatabase

/// What the nightly run would do: the same decisions, nothing written.
package struct PlanOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions) {
    self.site = site
    self.options = options
  }

  /// - Throws: whatever would stop a run before its first write.
  package func plan(_ progress: Progress) throws -> PlanReport {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    let preparation = try Preparation(
      connection, settings: site.settings, clock: clock, policies: policies, progress: progress)
    return PlanReport(preparation.plan, warnings: policies.warnings())
  }
}
