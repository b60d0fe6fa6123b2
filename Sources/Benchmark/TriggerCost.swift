import Foundation

/// What the triggers add, by the median over pairs of rounds: so a machine that is slower for a while counts on both
/// sides.
struct TriggerCost: Encodable {
  /// To a reservation.
  let milliseconds: Double
  let percent: Double
  /// To the time of the whole load, by reservation.
  let wallMilliseconds: Double
  let wallPercent: Double

  /// - Parameters:
  ///   - without: the rounds without triggers.
  ///   - with: as many rounds with them, each measured next to the one of the same place in the other list.
  init(without: [ReservationRound], with: [ReservationRound]) {
    func added(_ time: (ReservationRound) -> Double) -> (Double, Double) {
      let pairs = zip(without.map(time), with.map(time))
      return (
        Measured.median(pairs.map { $1 - $0 }), Measured.median(pairs.map { ($1 / $0 - 1) * 100 })
      )
    }
    (milliseconds, percent) = added(\.meanMilliseconds)
    (wallMilliseconds, wallPercent) = added(\.wallMillisecondsByReservation)
  }

  var text: String {
    String(
      format: "%+.2f ms (%+.1f %%) to a reservation, %+.2f ms (%+.1f %%) to the load's time by reservation",
      milliseconds, percent, wallMilliseconds, wallPercent)
  }
}

extension ReservationRound {
  /// Of a reservation, from its first statement to its last.
  var meanMilliseconds: Double { times.reduce(0, +) / Double(max(1, times.count)) }
  /// Of the whole round.
  var wallMillisecondsByReservation: Double { wallMilliseconds / Double(max(1, times.count)) }
}
