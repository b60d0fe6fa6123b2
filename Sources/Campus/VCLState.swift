/// A state of a request, a computer or a management node, with the id that VCL's `state` table gives it.
package enum VCLState: Int, Sendable, CaseIterable {
  case deleted = 1
  case available = 2
  case reserved = 3
  case failed = 5
  case reloading = 6
  case inuse = 8
  case maintenance = 10
  case timeout = 11
  case complete = 12
  case new = 13
  case pending = 14
  case image = 16
  case makeproduction = 17
  case tomaintenance = 18
  case reload = 19
  case vmhostinuse = 20
  case tovmhostinuse = 21
  case hpc = 23
  case checkpoint = 24
  case serverinuse = 25
  case reinstall = 27
}
