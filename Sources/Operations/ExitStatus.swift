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
      "Done in part: some mail or rows failed and are tried again by the next run, the triggers have a fault, or the log or"
        + " the metrics file could not be written. Of `check`: warnings only."
    case .limitExceeded:
      "The plan would flag more than the limit, so nothing was flagged; everything else was done."
    case .usageNotTrusted: "The usage data, or the clock, is not trusted; nothing was marked or flagged."
    case .configurationInvalid: "The settings, the parameters or the templates are invalid; nothing was done."
    case .leaseHeld: "Another run is at work."
    case .databaseUnavailable: "The database cannot be reached, or is not migrated."
    case .wrongCommandLine: "Wrong command line."
    case .tryAgain: "Only `mail bounce`: not now; the mail server keeps the report and tries again."
    }
  }
}
