/// An operating system row that every campus has; the raw value is its id in VCL's `OS` table.
package enum CampusSystem: Int, Sendable, CaseIterable {
  /// Installed on lab machines by hand (`installtype` none): there are no image files.
  case labMachine = 2
  case linux = 36
  case ubuntu = 44
  /// Installed from a whole tree (`installtype` kickstart): there is no image file of one revision.
  case kickstart = 50
  case bareMetal = 53
  case windows10 = 56
  case windowsServer = 58

  /// The name with which VCL begins the names of image files.
  package var name: String {
    switch self {
    case .labMachine: "sun4x_58"
    case .linux: "vmwarelinux"
    case .ubuntu: "vmwareubuntu"
    case .kickstart: "centos7"
    case .bareMetal: "centos7image"
    case .windows10: "vmwarewin10"
    case .windowsServer: "vmwarewin2016"
    }
  }
}
