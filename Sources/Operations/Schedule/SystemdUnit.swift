/// The units that call the program: two services, each with its timer.
package enum SystemdUnit: String, CaseIterable, Sendable {
  case service = "expireimage.service"
  case timer = "expireimage.timer"
  case mailService = "expireimage-mail.service"
  case mailTimer = "expireimage-mail.timer"

  /// The unit's file.
  package func text(_ schedule: Schedule) -> String {
    let content =
      switch self {
      case .service: service(schedule)
      case .timer: timer(schedule)
      case .mailService: mailService(schedule)
      case .mailTimer: mailTimer
      }
    return """
      # \(rawValue), as printed by: expireimage schedule systemd
      # Change it with: systemctl edit \(rawValue)
      \(content)
      """
  }

  private func service(_ schedule: Schedule) -> String {
    """
    [Unit]
    Description=Nightly run of expireimage: expire dates of Apache VCL's image revisions
    Documentation=man:expireimage(1)
    Wants=network-online.target
    After=network-online.target time-sync.target mariadb.service

    [Service]
    Type=oneshot
    ExecStart=\(schedule.nightlyRun(isQuiet: false))
    # Another management node is at work: no failure.
    SuccessExitStatus=6
    # A run works off what it finds and ends; one that hangs is stopped, and the next one completes it.
    TimeoutStartSec=6h
    \(sandbox(schedule))
    """
  }

  private func mailService(_ schedule: Schedule) -> String {
    """
    [Unit]
    Description=Mails of expireimage that the mail server did not take yet
    Documentation=man:expireimage(1)
    Wants=network-online.target
    After=network-online.target time-sync.target mariadb.service

    [Service]
    Type=oneshot
    ExecStart=\(schedule.mailRetry)
    TimeoutStartSec=2h
    \(sandbox(schedule))
    """
  }

  private func timer(_ schedule: Schedule) -> String {
    """
    [Unit]
    Description=Nightly run of expireimage
    Documentation=man:expireimage(1)

    [Timer]
    OnCalendar=*-*-* \(schedule.time.text):00
    # Every management node has its own minute.
    RandomizedDelaySec=15min
    FixedRandomDelay=yes
    # A night that the machine slept through is made up for.
    Persistent=true

    [Install]
    WantedBy=timers.target
    """
  }

  private var mailTimer: String {
    """
    [Unit]
    Description=Mails of expireimage that the mail server did not take yet
    Documentation=man:expireimage(1)

    [Timer]
    OnCalendar=*:0/15
    RandomizedDelaySec=5min
    FixedRandomDelay=yes

    [Install]
    WantedBy=timers.target
    """
  }

  /// What the program may do: talk to the database and the mail server, and read its settings.
  private func sandbox(_ schedule: Schedule) -> String {
    let folder = schedule.metricsFile.flatMap { file in file.lastIndex(of: "/").map { file[..<$0] } }
    let writable = self == .service ? folder.map { "\nReadWritePaths=-\($0)" } ?? "" : ""
    return """

      User=\(schedule.user)
      # Read by systemd, so that this account need not be able to; a file that is not there is none.
      LoadCredential=vcld.conf:/etc/vcl/vcld.conf
      SetCredential=vcld.conf:\\n
      LoadCredential=database.password:\(Self.credentials)/database.password
      SetCredential=database.password:\\n
      LoadCredential=smtp.password:\(Self.credentials)/smtp.password
      SetCredential=smtp.password:\\n

      NoNewPrivileges=yes
      CapabilityBoundingSet=
      ProtectSystem=strict\(writable)
      ProtectHome=yes
      PrivateTmp=yes
      PrivateDevices=yes
      ProtectClock=yes
      ProtectControlGroups=yes
      ProtectHostname=yes
      ProtectKernelLogs=yes
      ProtectKernelModules=yes
      ProtectKernelTunables=yes
      LockPersonality=yes
      MemoryDenyWriteExecute=yes
      RemoveIPC=yes
      RestrictNamespaces=yes
      RestrictRealtime=yes
      RestrictSUIDSGID=yes
      # The sockets of the database and the resolver, TCP, and what the resolver asks the kernel about addresses.
      RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
      SystemCallArchitectures=native
      SystemCallFilter=@system-service
      SystemCallFilter=~@privileged @resources
      SystemCallErrorNumber=EPERM
      # No ProtectProc= and no ProcSubset=: whether the process that holds the lease still lives is looked up in /proc;
      # where that hides it, a number that another process has got takes the place of a dead one until the lease ends.
      """
  }

  /// Where the passwords for the services are kept, one file each, under the name of its setting.
  static let credentials = "/etc/expireimage/credentials"
}
