import Mail
import MariaDB
import Retention
import VCLDatabase

/// The tasks of one image, as a user may see them.
package struct ImageTasksOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameters:
  ///   - image: the id of a revision, or its `imagename`.
  ///   - user: `unityid@Affiliation`, who sees less than an admin; nil: an admin.
  ///   - all: also those that are deleted or expired.
  /// - Throws: ``Failure`` when there is no such image, or this user may not know of it.
  package func json(_ image: String, as user: String?, all: Bool) throws -> String {
    let (tasks, clock) = try read(image, as: user, all: all)
    return try JSONOutput.text(["tasks": tasks.map { $0.json(clock) }])
  }

  package func table(_ image: String, as user: String?, all: Bool, on screen: Screen = .file) throws -> String
  {
    let (tasks, clock) = try read(image, as: user, all: all)
    guard !tasks.isEmpty else { return "There is no task." }
    return TextTable(
      header: ["ID", "Type", "Status", "User", "Owner", "Since", "Message"],
      rows: tasks.map { $0.columns(clock) }, style: JobRow.style
    ).text(on: screen)
  }

  private func read(_ image: String, as user: String?, all: Bool) throws -> ([VisibleTask], Clock) {
    let call = try TaskCall(site)
    let viewer = try user.map { try NamedUser.find($0, call.connection) }
    let found = try NamedImage(image, call.connection)
    let name = found?.name ?? (NamedImage.isID(image) ? nil : image)
    let tasks = try call.queue.list(
      .image(name: name, revisionID: found?.revisionID), includingDeleted: all)
    let list = TaskVisibility(viewer: viewer?.id, image: found).list(tasks)
    guard let list else { throw Failure("no such image '\(PlainLine.of(image))'", .failed) }
    return (list, call.clock)
  }
}

/// An image whose tasks are asked for, as VCL knows it.
struct NamedImage {
  /// `imagerevision.imagename`.
  let name: String
  /// Nil: several revisions have the name.
  let revisionID: Int?
  /// By revision.
  let owners: [Int: Owner]

  init(name: String, revisionID: Int?, owners: [Int: Owner]) {
    self.name = name
    self.revisionID = revisionID
    self.owners = owners
  }

  /// Whether a text names a revision by its id, and not by its name.
  static func isID(_ text: String) -> Bool { !text.isEmpty && text.allSatisfy { "0"..."9" ~= $0 } }

  /// Nil: VCL does not know it.
  init?(_ text: String, _ connection: Connection) throws {
    if Self.isID(text) {
      guard let id = Int(text), let revision = try NamedRevision.find(connection, id: id) else { return nil }
      name = revision.fileName
      revisionID = id
      owners = revision.owner.map { [id: $0] } ?? [:]
    } else {
      let found = try ImageOwners.read(connection, fileName: text)
      guard !found.revisionIDs.isEmpty else { return nil }
      name = text
      revisionID = found.revisionIDs.count == 1 ? found.revisionIDs[0] : nil
      owners = found.owners
    }
  }
}

/// Who may see which tasks of an image.
struct TaskVisibility {
  /// `user.id`; nil: an admin, who sees all.
  let viewer: Int?
  /// Nil: VCL does not know it.
  let image: NamedImage?

  /// The newest first, as the tasks are.
  ///
  /// - Returns: nil when there is no such image, or the viewer may not know of it.
  func list(_ tasks: [ListedTask]) -> [VisibleTask]? {
    // A name that VCL does not know is an image as long as tasks of it are on record; it has no owner.
    if image == nil, tasks.isEmpty { return nil }
    var list: [VisibleTask] = []
    var hasRedacted = false
    for listed in tasks {
      if isVisible(listed) {
        list.append(.whole(listed.task, owner: owner(of: listed)))
      } else if !listed.task.status.isEnd, !hasRedacted {
        hasRedacted = true
        list.append(.redacted(listed.task))
      }
    }
    return list.isEmpty && (image == nil || !isVisible) ? nil : list
  }

  /// Whether the image itself is.
  private var isVisible: Bool {
    guard let viewer else { return true }
    guard let owners = image?.owners, !owners.isEmpty else { return true }
    return owners.values.contains { $0.id == viewer }
  }

  /// The owner of its own revision counts; of one that is gone nobody is known to be the owner.
  private func isVisible(_ listed: ListedTask) -> Bool {
    guard let viewer else { return true }
    if listed.task.userID == viewer { return true }
    guard listed.task.revisionID != nil else { return isVisible }
    return listed.hasRevision && (listed.ownerID == nil || listed.ownerID == viewer)
  }

  private func owner(of listed: ListedTask) -> Owner? {
    if listed.task.revisionID != nil { return listed.owner }
    guard let owners = image?.owners else { return nil }
    return owners.count == 1 ? owners.values.first : nil
  }
}

/// A task as somebody sees it.
enum VisibleTask {
  case whole(TaskRecord, owner: Owner?)
  /// Somebody else's, which says why a request is refused.
  case redacted(TaskRecord)

  func columns(_ clock: Clock) -> [String] {
    switch self {
    case .whole(let task, let owner):
      [
        "\(task.id)", task.type.rawValue, task.status.rawValue, task.requestedBy,
        owner?.account.description ?? "", clock.text(task.created) ?? "", task.message,
      ]
    case .redacted(let task):
      [
        "", task.type.rawValue, task.status.rawValue, "", "", clock.text(task.created) ?? "",
        "the image is free again in \(task.secondsUntilTakeover) s at the latest, without a further sign of life",
      ]
    }
  }

  func json(_ clock: Clock) -> JSONValue {
    switch self {
    case .whole(let task, let owner):
      .object([
        "id": .number(task.id), "image_id": JSONValue(task.revisionID), "request_id": .text(task.requestID),
        "user": .text(task.requestedBy), "type": .text(task.type.rawValue),
        "status": .text(task.status.rawValue), "owner": JSONValue(owner?.account.description),
        "expires_at": JSONValue(clock.text(task.expires)),
        "created_at": JSONValue(clock.text(task.created)), "updated_at": JSONValue(clock.text(task.updated)),
        "deleted_at": JSONValue(clock.text(task.deleted)), "deleted": .truth(task.deleted != nil),
        "input": JSONValue(document: task.input), "result": JSONValue(document: task.result),
        "message": .text(task.message),
      ])
    case .redacted(let task):
      .object([
        "type": .text(task.type.rawValue), "status": .text(task.status.rawValue),
        "since": JSONValue(clock.text(task.created)),
        "seconds_until_free": .number(task.secondsUntilTakeover),
      ])
    }
  }
}
