/// The nights of the demonstration before which something special happens.
///
/// The restore and the undelete have none: they follow the first flags.
enum DemoTimetable {
  /// The mode of the site becomes `notify`, and a mailbox is gone.
  static let notifyMode = 4
  /// An owner has read the mail and reserves.
  static let rescue = 9
  /// An affiliation gets longer grace.
  static let moreTime = 12
  /// The mode of the site becomes `flag`.
  static let flagMode = 15
  /// A date long past is set by hand.
  static let pastDate = 17
  /// A date is removed by hand.
  static let removedDate = 18
  /// The monitoring account reserves.
  static let monitoring = 21
  /// A revision in use is given a date by hand.
  static let mistakenDate = 24
  /// The owner without a mailbox gets another address.
  static let newAddress = 40
}
