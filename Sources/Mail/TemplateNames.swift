/// Checks that a template uses known names only.
enum TemplateNames {
  /// Something wrong with a tag, and the line it stands in, counted from 1.
  struct Fault: Equatable {
    let line: Int
    let what: String
  }

  /// The first tag that no mail could fill, or that would let it get around the escaping; nil when there is none.
  ///
  /// A name of an outer list is known in an inner one.
  static func fault(in template: String, schema: TemplateSchema) -> Fault? {
    var places = [schema]
    /// For each open section whether it is a list, whose names are known inside.
    var openSections: [Bool] = []
    var line = 1
    var rest = Substring(template)
    while let start = rest.firstRange(of: "{{") {
      line += rest[..<start.lowerBound].count { $0.isNewline }
      rest = rest[start.upperBound...]
      guard let end = rest.firstRange(of: "}}") else { return nil }
      let tag = rest[..<end.lowerBound]
      let name = PlainLine.of(tag.dropFirst("#^/&{".contains(tag.first ?? " ") ? 1 : 0))
      switch tag.first {
      case "!": break
      case ">", "<", "$", "=", "%":
        return Fault(line: line, what: "{{\(tag)}} is not supported; use names and sections only.")
      case "{", "&":
        return Fault(line: line, what: "{{\(tag)}} would not be escaped; write {{\(name)}}.")
      case "/":
        if openSections.popLast() == true { places.removeLast() }
      default:
        guard places.contains(where: { $0.knows(name) }) else {
          return Fault(line: line, what: "unknown name \(name); \(advice(places))")
        }
        if tag.first == "#" || tag.first == "^" {
          let list = tag.first == "#" ? places.reversed().lazy.compactMap { $0.lists[name] }.first : nil
          openSections.append(list != nil)
          if let list { places.append(list) }
        }
      }
      line += tag.count { $0.isNewline }
      rest = rest[end.upperBound...]
    }
    return nil
  }

  private static func advice(_ places: [TemplateSchema]) -> String {
    let names = Set(places.flatMap { $0.fields.map(\.name) })
    return "here are known: \(names.sorted().joined(separator: ", ")), and has_ before a text or a list."
  }
}
