/// The checks of `check`, in their order; the names are a promise to monitoring.
package enum CheckName: String, CaseIterable, Sendable {
  case settings, templates
  case mailServer = "mail_server"
  case connection, clock, rights, schema, parameters, triggers
  case triggersUnchanged = "triggers_unchanged"
  case triggerDefiner = "trigger_definer"
  case triggerStatements = "trigger_statements"
  case expiringRevisions = "expiring_revisions"
  case ignoredAccounts = "ignored_accounts"
  case usageData = "usage_data"
  case exclusions
  case corruptImages = "corrupt_images"
  case sender
  case adminAddresses = "admin_addresses"
  case messages
  case stuckMails = "stuck_mails"
  case lastRun = "last_run"
  case roots

  /// One sentence for the README's table.
  package var sentence: String {
    switch self {
    case .settings: "The connection settings can be used, and none is unusual, such as a readable password."
    case .templates: "The site's templates can be used."
    case .mailServer: "The mail server answers, encrypts and lets this side log in; no mail is sent."
    case .connection: "The database can be reached with them."
    case .clock:
      "The clocks of this machine and the database server agree; an hour apart, no run does anything."
    case .rights: "The account has every right of `sql/grants.sql`; those that it lacks are listed."
    case .schema: "VCL's tables and ours are as this version needs them."
    case .parameters: "The parameters can be used, do not contradict each other, and the mode is not `off`."
    case .triggers: "The triggers are there, or the site does without."
    case .triggersUnchanged: "They are as this program makes them."
    case .triggerDefiner: "The account that they run as exists; without it VCL's reservations fail."
    case .triggerStatements: "What they do succeeds."
    case .expiringRevisions: "They know every expire date."
    case .ignoredAccounts: "They know the accounts whose reservations are no use."
    case .usageData: "The newest reservation on record is not older than `expireimage_usage_max_age_days`."
    case .exclusions: "Every name and pattern in the parameters matches something."
    case .corruptImages: "Every image has one production revision, and what else VCL needs."
    case .sender: "There is an address to send each owner's mails from."
    case .adminAddresses:
      "There is somebody to send summaries to, and no address of a management node is none."
    case .messages: "The site's words of VCL's *Site Configuration* page can be read."
    case .stuckMails: "No mail waits for more than a day, and none has failed that nothing came after."
    case .lastRun: "A run ended well in the last 36 hours, or is at work."
    case .roots: "The directories of this node that are under management are there, marked and writable."
    }
  }
}
