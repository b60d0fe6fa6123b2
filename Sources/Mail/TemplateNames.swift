/// Checks that a template uses known names only.
enum TemplateNames {
  /// Something wrong with a tag, and the line it stands in, counted from 1.
  struct Fault: Equatable {
    let line: Int
    let what: String
  }

  /// The first tag that no mail could fill, or that would let it get around the escaping; nil when there is none.
  ///
  /// `known` holds the names that may be used inside of each list; the empty name is the top. A name of an outer list
  /// is known in an inner one.
  static func fault(in template: String, known: [String: Set<String>]) -> Fault? {
    var lists: [String] = [""]
    var openSections: [String] = []
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
        if openSections.popLast() != nil, lists.count > openSections.count + 1 { lists.removeLast() }
      default:
        guard lists.contains(where: { known[$0]?.contains(name) == true }) else {
          return Fault(line: line, what: "unknown name \(name); \(advice(lists, known))")
        }
        if tag.first == "#" || tag.first == "^" {
          openSections.append(name)
          lists.append(tag.first == "#" && known[name] != nil ? name : lists.last!)
        }
      }
      line += tag.count { $0.isNewline }
      rest = rest[end.upperBound...]
    }
    return nil
  }

  private static func advice(_ lists: [String], _ known: [String: Set<String>]) -> String {
    let names = lists.reduce(into: Set<String>()) { $0.formUnion(known[$1] ?? []) }
    return "here are known: \(names.sorted().joined(separator: ", "))."
  }
}
