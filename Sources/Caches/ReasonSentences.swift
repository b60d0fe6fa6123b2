// For people, and for the README's table of reasons.

extension InUse {
  package var sentence: String {
    switch self {
    case .extraHardLinks: "A file of it has a further name elsewhere."
    case .reservation: "A reservation needs it, or one that is being made this very minute."
    case .loaded: "It is loaded on a computer, an idle one too."
    case .production: "It is the production revision of its image."
    case .onlyCopy:
      "Its revision lives, or was deleted and not purged, and no repository of this node that is under management has a copy that can be whole: at least half its blocks, and as long where it has as many files."
    case .backingFile: "A virtual disk of this node is made on top of it, perhaps through others."
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
  package var sentence: String {
    switch self {
    case .inUse(let reason): reason.sentence
    case .obstacle(let obstacle): obstacle.sentence
    case .freesNothing: "Removing it would give the disk nothing back."
    }
  }
}

extension CleanPlan.Reason {
  package var sentence: String {
    switch self {
    case .invalid: "It failed a test."
    case .writerDead: "The process that wrote it is dead."
    case .stalled: "It was not written for longer than the stall time, by nobody who is known."
    case .writerAlive: "Its writer is at work, or a job or VCL has its name."
    case .recent: "It was written within the stall time."
    case .obstacle: "Something on the disk forbids touching it."
    }
  }
}

extension RootReclaim.Reason {
  package var sentence: String {
    switch self {
    case .timeToLive: "It was not used for longer than the root's time to live."
    case .leastRecentlyUsed: "The space is needed, and nothing older is left."
    case .overLimit: "Enough is free, but the root is over its limit."
    }
  }
}
