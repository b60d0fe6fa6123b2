// For people, and for the README's table of reasons.

extension InUse {
  package var sentence: String {
    switch self {
    case .extraHardLinks: "A file of it has a further name elsewhere."
    case .reservation: "A reservation needs it, or one that is being made this very minute."
    case .loaded: "It is loaded on a computer, an idle one too."
    case .production: "It is the production revision of its image."
    case .onlyCopy:
      "Its revision lives, and no repository of this node that is under management has another copy."
    case .backingFile: "A virtual disk of this node is made on top of it."
    case .vclSemaphore: "VCL has a lock on it, or on its directory."
    case .taskLock: "A job, such as an upload, has its name."
    }
  }
}

extension Obstacle {
  package var sentence: String {
    switch self {
    case .otherFileSystem: "Another file system is mounted inside."
    case .containsRoot: "Another root lies inside."
    case .unreadable: "It cannot be read wholly."
    case .tooDeep: "Its directories are nested deeper than anything VCL writes."
    }
  }
}

extension SkipReason {
  package static let freesNothingSentence = "Removing it would give the disk nothing back."

  package var sentence: String {
    switch self {
    case .inUse(let reason): reason.sentence
    case .obstacle(let obstacle): obstacle.sentence
    case .freesNothing: Self.freesNothingSentence
    }
  }
}
