/// The names that a template may use, and those inside of its lists.
package struct TemplateSchema: Sendable {
  package let fields: [TemplateFieldDescription]
  /// By the name of the list.
  let lists: [String: TemplateSchema]

  /// Every name, with those made from them.
  private let names: Set<String>

  init(fields: [TemplateFieldDescription], lists: [String: TemplateSchema]) {
    self.fields = fields
    self.lists = lists
    names = fields.reduce(into: []) { names, field in
      names.insert(field.name)
      if field.kind != .flag { names.insert("has_" + field.name) }
    }
  }

  func knows(_ name: String) -> Bool { names.contains(name) }

  /// Every place in which names are known, from the top inwards: the lists that have the same names, and those names.
  /// The top is a place of no list.
  package var places: [(lists: [String], fields: [TemplateFieldDescription])] {
    var places: [(lists: [String], fields: [TemplateFieldDescription])] = []
    var waiting: [(list: String?, schema: TemplateSchema)] = [(nil, self)]
    while !waiting.isEmpty {
      let (list, schema) = waiting.removeFirst()
      if let list, let same = places.firstIndex(where: { $0.fields == schema.fields }) {
        if !places[same].lists.contains(list) { places[same].lists.append(list) }
      } else {
        places.append((list.map { [$0] } ?? [], schema.fields))
      }
      waiting += schema.fields.compactMap { field in schema.lists[field.name].map { (field.name, $0) } }
    }
    return places
  }
}
