/// How a call ends; the numbers are a promise to schedulers and monitoring.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case doneInPart = 2
  case limitExceeded = 3
  case usageNotTrusted = 4
  case configurationInvalid = 5
  case leaseHeld = 6
  case databaseUnavailable = 7
  case wrongCommandLine = 64
  /// EX_TEMPFAIL of sysexits, as mail servers understand it.
  case tryAgain = 75
}

extension ExitStatus {
  /// One sentence for the README's table.
  package var sentence: String {
    switch self {
    case .done: "Done."
    case .failed:
      "Failed; the line on standard error says what, on what, and what to do. Of `check`: it found an error."
    case .doneInPart:
      "Done in part: some mail, rows or files failed and are tried again by the next run or call, the triggers have a fault, or the log or"
        + " the metrics file could not be written. Of `check`: warnings only. Of `migrate down`: procedures may be left behind."
        + " Of `work`: a job failed. Of `image cleanup`: something is needed, and stays."
    case .limitExceeded:
      "The plan would flag more than the limit, so nothing was flagged; everything else was done."
    case .usageNotTrusted: "The usage data, or the clock, is not trusted; nothing was marked or flagged."
    case .configurationInvalid: "The settings, the parameters or the templates are invalid; nothing was done."
    case .leaseHeld: "Another run, a restore or a migration is at work, or a job has the image or the roots."
    case .databaseUnavailable:
      "The database cannot be reached, is not migrated, or is of a VCL that this version does not know."
    case .wrongCommandLine: "Wrong command line."
    case .tryAgain: "Only `mail bounce`: not now; the mail server keeps the report and tries again."
    }
  }

  /// What a person does about it, for the README's table.
  package var remedy: String {
    switch self {
    case .done: ""
    case .failed:
      "Do what the line says. Nothing is half done: the next run goes on."
    case .doneInPart:
      "See what the lines name; `expireimage mail list --status failed` for mails, `expireimage check` for the rest."
    case .limitExceeded:
      "Look at `expireimage plan`. Is it right, raise `expireimage_max_flag_count` or `_percent`; else correct the criteria, or wait: after three days the dates spread anew."
    case .usageNotTrusted:
      "Does VCL write reservations to `log` and `sublog`, and is the database's clock right? On a quiet site raise `expireimage_usage_max_age_days`."
    case .configurationInvalid:
      "Correct what the line names; `expireimage config` and `expireimage policy check` tell the rest."
    case .leaseHeld:
      "Nothing, on a site where several nodes have it scheduled. A dead run's lease is free after five minutes. Of a job: `expireimage jobs` with the number that the line names."
    case .databaseUnavailable:
      "Is the server up, and what does `expireimage config` say? Not migrated: `expireimage migrate up`."
    case .wrongCommandLine: "`--help` behind the command."
    case .tryAgain: "Nothing, unless it stays: the mail server's log has the line."
    }
  }
}
