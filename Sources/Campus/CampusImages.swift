import Assets
import MariaDB

/// Images, their revisions, and what needs a whole image.
extension CampusBuilder {
  /// Adds an image without revisions. Nil as owner is possible: VCL's web hides such images.
  ///
  /// The name of its files begins as VCL writes it, from the system, the pretty name and a number.
  @discardableResult
  package func image(
    _ prettyName: String, owner: Int? = CampusBuilder.admin, system: CampusSystem = .linux,
    name: String? = nil,
    deleted: Bool = false, megabytes: Int = 8192
  ) throws -> Int {
    let letters = prettyName.unicodeScalars.filter {
      $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0)
    }
    let stem = "\(system.name)-\(String(String.UnicodeScalarView(letters)).prefix(36))\(nextNumber())"
    let id = try insert(
      Assets.Campus.insertImage,
      [
        Value(name ?? "\(stem)-v0"), Value(prettyName), Value(owner), Value(system.rawValue),
        Value(deleted ? 1 : 0), Value(megabytes),
      ])
    fileNames[id] = name ?? stem
    return id
  }

  /// Adds a revision to an image; without an `imagename` its files are named after the image and the number.
  ///
  /// `deleted` without `deletedAt` is what VCL leaves while, or after, a capture fails.
  @discardableResult
  package func revision(
    of image: Int, _ number: Int = 1, production: Bool = false, created: String = "2024-01-15 10:00:00",
    by user: Int = CampusBuilder.admin, imagename: String? = nil, deleted: Bool = false,
    deletedAt: String? = nil
  ) throws -> Int {
    let id = try insert(
      Assets.Campus.insertRevision,
      revisionRow(
        id: nil, image: image, number: number, production: production, created: created, user: user,
        imagename: imagename, deleted: deleted || deletedAt != nil, deletedAt: deletedAt))
    images[id] = image
    return id
  }

  /// The parameters of `insert_revision.sql`.
  func revisionRow(
    id: Int?, image: Int, number: Int, production: Bool, created: String, user: Int, imagename: String? = nil,
    deleted: Bool = false, deletedAt: String? = nil
  ) -> [Value] {
    [
      Value(id), Value(image), Value(number), Value(user), Value(created), Value(deleted ? 1 : 0),
      Value(deletedAt), Value(production ? 1 : 0),
      Value(imagename ?? "\(fileNames[image] ?? "image\(image)")-v\(number)"),
    ]
  }

  /// Sets or clears the expire date of a revision as an admin would by hand (`YYYY-MM-DD`).
  ///
  /// Throws until the product's own migration has added the column.
  package func setExpireDate(_ revision: Int, _ day: String?) throws {
    try connection.execute(Assets.Campus.setExpireDate, [Value(day), Value(revision)])
  }

  /// Makes a revision the production one of its image, or takes that away.
  package func setProduction(_ revision: Int, _ production: Bool) throws {
    try connection.execute(Assets.Campus.setProduction, [Value(production ? 1 : 0), Value(revision)])
  }

  /// Deletes an image, or brings it back; its revisions stay as they are.
  package func setDeleted(image: Int, _ deleted: Bool) throws {
    try connection.execute(Assets.Campus.setImageDeleted, [Value(deleted ? 1 : 0), Value(image)])
  }

  /// The image of a revision.
  func image(ofRevision revision: Int) throws -> Int {
    if let image = images[revision] { return image }
    guard let image = try connection.first(Assets.Campus.imageOfRevision, [Value(revision)], { $0.int(0) })
    else {
      throw CampusError(description: "no revision has the id \(revision): add it first")
    }
    images[revision] = image
    return image
  }
}

// MARK: - What needs a whole image

extension CampusBuilder {
  /// Makes an image a cluster of others. Not `active`: VCL keeps the rows and does not read them.
  package func cluster(_ parent: Int, of parts: [Int], active: Bool = true) throws {
    let meta: Int
    if let known = clusters[parent] {
      meta = known
    } else {
      meta = try insert(Assets.Campus.insertImageMeta, [Value(active ? 1 : 0)])
      try connection.execute(Assets.Campus.setImageMeta, [Value(meta), Value(parent)])
      clusters[parent] = meta
    }
    for part in parts {
      try connection.execute(Assets.Campus.insertSubimage, [Value(meta), Value(part)])
    }
  }

  /// Adds a server profile.
  @discardableResult
  package func serverProfile(of image: Int, owner: Int = CampusBuilder.admin) throws -> Int {
    try insert(
      Assets.Campus.insertServerProfile,
      [Value("server profile \(image).\(nextNumber())"), Value(image), Value(owner)])
  }

  /// Adds a profile of VM hosts, which are installed from the image.
  @discardableResult
  package func vmProfile(of image: Int) throws -> Int {
    try insert(
      Assets.Campus.insertVmProfile, [Value("host profile \(image).\(nextNumber())"), Value(image)])
  }

  /// Adds a OneClick link; not `active` is one that its owner has deleted.
  @discardableResult
  package func oneClick(of image: Int, by user: Int = CampusBuilder.admin, active: Bool = true) throws -> Int
  {
    try insert(
      Assets.Campus.insertOneclick,
      [Value(user), Value(image), Value("one click \(image)"), Value(active ? 1 : 0)])
  }

  /// Adds a block allocation; `status` is requested, accepted, completed, rejected or deleted.
  @discardableResult
  package func blockRequest(
    of image: Int, by owner: Int = CampusBuilder.admin, expires: String, status: String = "accepted"
  ) throws -> Int {
    try insert(
      Assets.Campus.insertBlockRequest,
      [Value("block \(image).\(nextNumber())"), Value(image), Value(owner), Value(expires), Value(status)])
  }

  /// Adds one session of a block allocation.
  @discardableResult
  package func blockTime(
    of blockRequest: Int, from start: String, to end: String, skipped: Bool = false
  ) throws -> Int {
    try insert(
      Assets.Campus.insertBlockTime,
      [Value(blockRequest), Value(start), Value(end), Value(skipped ? 1 : 0)])
  }

  /// Gives a computer to a session of a block allocation.
  package func blockComputer(of blockTime: Int, image: Int, computer: Int = 1, reload: Int = 0) throws {
    try connection.execute(
      Assets.Campus.insertBlockComputer, [Value(blockTime), Value(computer), Value(image), Value(reload)])
  }
}
