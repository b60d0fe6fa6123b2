import Mustache

/// What a name of a template means, for those who write templates.
package struct TemplateFieldDescription: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// One line; `has_` and its name tell whether there is any.
    case text
    /// A section that is shown or not.
    case flag
    /// A section that is repeated; `has_` and its name tell whether it is at all.
    case list
  }

  package let name: String
  package let kind: Kind
  package let meaning: String
}

/// One name that a template may use, and how its value comes from what the template shows.
struct TemplateField<Subject>: Sendable {
  let description: TemplateFieldDescription
  /// Of a list: the names inside.
  let inside: TemplateSchema?
  let value: @Sendable (Subject) -> Any
  /// Of `has_` and the name; nil for a flag.
  let isPresent: (@Sendable (Subject) -> Bool)?

  /// Text in one line; the template engine escapes it.
  static func text(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> String
  ) -> Self {
    Self(
      description: TemplateFieldDescription(name: name, kind: .text, meaning: meaning), inside: nil,
      value: { TemplateText(renderText: value($0)) }, isPresent: { !value($0).isEmpty })
  }

  static func flag(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Subject) -> Bool
  ) -> Self {
    Self(
      description: TemplateFieldDescription(name: name, kind: .flag, meaning: meaning), inside: nil,
      value: value, isPresent: nil)
  }

  static func list<Element>(
    _ name: String, of fields: TemplateFields<Element>, _ meaning: String,
    _ value: @escaping @Sendable (Subject) -> [Element]
  ) -> Self {
    Self(
      description: TemplateFieldDescription(name: name, kind: .list, meaning: meaning),
      inside: fields.schema, value: { value($0).map(fields.object) }, isPresent: { !value($0).isEmpty })
  }
}

/// All names that a template may use for one kind of thing.
struct TemplateFields<Subject>: Sendable {
  let schema: TemplateSchema
  private let values: [String: @Sendable (Subject) -> Any]

  init(_ fields: [TemplateField<Subject>]) {
    schema = TemplateSchema(
      fields: fields.map(\.description),
      lists: Dictionary(
        uniqueKeysWithValues: fields.compactMap { field in
          field.inside.map { (field.description.name, $0) }
        }))
    var values: [String: @Sendable (Subject) -> Any] = [:]
    for field in fields {
      values[field.description.name] = field.value
      if let isPresent = field.isPresent { values["has_" + field.description.name] = isPresent }
    }
    self.values = values
  }

  /// A thing in the form in which the template engine reads it.
  func object(_ subject: Subject) -> TemplateObject { TemplateObject { values[$0]?(subject) } }
}

/// A thing with the fields by which a template knows it.
///
/// No class and no generic type: at every name the engine asks for what else it might be, which takes longer for those.
struct TemplateObject: MustacheParent {
  let value: (String) -> Any?

  func child(named name: String) -> Any? { value(name) }
}

/// Text that the engine takes as it is: it describes a plain string by reflection, at ten times the cost.
private struct TemplateText: MustacheCustomRenderable {
  let renderText: String
  var isNull: Bool { false }
}
