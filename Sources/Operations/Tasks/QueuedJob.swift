import VCLDatabase

/// What is told of a job that was left to a worker.
package enum QueuedJob {
  package static func json(_ id: Int) throws -> String {
    try JSONOutput.text(
      JSONValue.object(["task_id": .number(id), "status": .text(TaskStatus.pending.rawValue)]))
  }

  package static func line(_ id: Int) -> String { "job \(id) waits for a worker: `expireimage work`" }
}
