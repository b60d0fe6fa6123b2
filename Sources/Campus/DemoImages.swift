/// The images of the demonstration that people work with every day.
enum DemoImages {
  struct Kind {
    let prettyName: String
    let owner: String
    let system: CampusSystem
    /// How many days before the first night its first revision was captured.
    let age: Int
    let revisions: Int
    /// Its share of all reservations.
    let share: Int
    /// Newer revisions that wait to be made production.
    var newer = 0
  }

  /// A few are in everybody's hands, most serve one course.
  static let all: [Kind] = [
    Kind(
      prettyName: "CSC 316 Ubuntu 22.04", owner: "jtlee", system: .ubuntu, age: 900, revisions: 15,
      share: 190, newer: 1),
    Kind(
      prettyName: "MATLAB R2023b (EE)", owner: "vpatel", system: .windows10, age: 1050, revisions: 17,
      share: 160, newer: 2),
    Kind(
      prettyName: "Windows 10 Base", owner: "mokafor", system: .windows10, age: 1080, revisions: 18,
      share: 120),
    Kind(
      prettyName: "ArcGIS Pro 3.1", owner: "hgarcia", system: .windows10, age: 640, revisions: 11, share: 70,
      newer: 1),
    Kind(
      prettyName: "SolidWorks 2023", owner: "sobrien", system: .windows10, age: 720, revisions: 12, share: 60,
      newer: 1),
    Kind(
      prettyName: "RStudio &amp; Tidyverse", owner: "drchen", system: .ubuntu, age: 800, revisions: 13,
      share: 48),
    Kind(
      prettyName: "AutoCAD 2024 (CE 301)", owner: "arossi", system: .windows10, age: 500, revisions: 9,
      share: 40),
    Kind(
      prettyName: "Jupyter Data Science", owner: "tnguyen", system: .ubuntu, age: 700, revisions: 14,
      share: 36, newer: 2),
    Kind(
      prettyName: "SPSS 29 (Psychology)", owner: "rcohen", system: .windows10, age: 610, revisions: 8,
      share: 28),
    Kind(
      prettyName: "Cisco Packet Tracer 8", owner: "cjones", system: .linux, age: 560, revisions: 7, share: 24),
    Kind(
      prettyName: "QGIS 3.28 Förlängd", owner: "aberg", system: .ubuntu, age: 480, revisions: 7, share: 22),
    Kind(
      prettyName: "Stata 18 (Economics)", owner: "flefevre", system: .windows10, age: 430, revisions: 7,
      share: 18),
    Kind(
      prettyName: "Visual Studio 2022", owner: "ekim", system: .windows10, age: 760, revisions: 10, share: 16,
      newer: 1),
    Kind(
      prettyName: "COMSOL 6.1 (Research)", owner: "lfischer", system: .windowsServer, age: 680, revisions: 9,
      share: 12),
    Kind(
      prettyName: "Kali Linux (CNT 4403)", owner: "mabdi", system: .linux, age: 590, revisions: 7, share: 7),
    Kind(
      prettyName: "LabVIEW &quot;Student&quot;", owner: "pandc", system: .windows10, age: 840, revisions: 12,
      share: 9, newer: 1),
    Kind(
      prettyName: "Epic Training 2022", owner: "drmbeki", system: .windows10, age: 650, revisions: 9, share: 5
    ),
    Kind(
      prettyName: "Aspen Plus V12", owner: "kadeyemi", system: .windowsServer, age: 740, revisions: 8,
      share: 6),
    Kind(prettyName: "Mathematica 13", owner: "tweiss", system: .linux, age: 610, revisions: 7, share: 4),
  ]
}
