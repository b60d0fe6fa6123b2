import Caches

/// Every code that says why files stay or go.
package enum FileReason {
  package static let staying: [(code: String, sentence: String)] =
    InUse.allCases.map { ($0.rawValue, $0.sentence) }
    + [Obstacle.otherFileSystem, .containsRoot, .unreadable, .tooDeep].map { ($0.rawValue, $0.sentence) }
    + [(SkipReason.freesNothing.code, SkipReason.freesNothing.sentence)]
    + PurgeReason.allCases.map { ($0.rawValue, $0.sentence) }
    + [CleanPlan.Reason.writerAlive, .recent].map { ($0.rawValue, $0.sentence) }
    + [
      ("unmanaged", "VCL's database does not know its name any more."),
      ("vanished", "It was gone when its turn came."),
      ("interrupted", "The removal was cut short before it was decided; it is in its place."),
      ("batch_held", "Something that left with it could not be put back, so it was, too."),
    ]

  package static let going: [(code: String, sentence: String)] =
    [CleanPlan.Reason.invalid, .writerDead, .stalled].map { ($0.rawValue, $0.sentence) }
    + RootReclaim.Reason.allCases.map { ($0.rawValue, $0.sentence) }
}
