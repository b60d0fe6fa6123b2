/// The made-up people of the demonstration and where they belong.
enum DemoPeople {
  /// Name, web address and help address of each affiliation; nil falls back on those of `Global`.
  static let affiliations: [(name: String, site: String?, help: String?)] = [
    ("Northfield", "https://vcl.northfield.example.edu", "vcl-help@northfield.example.edu"),
    ("Lakeside", "https://lakeside.example.edu/vcl", "helpdesk@lakeside.example.edu"),
    ("Nordhaven", nil, nil),
    ("MedSchool", nil, "it@med.example.org"),
    ("Saint-Cyr", "https://vcl.saint-cyr.example.org", nil),
  ]

  struct Person {
    let name: String
    let affiliation: String
    let first: String
    let last: String
    var preferred: String?
    /// Nil: made of name and affiliation.
    var email: String?
    var wantsNotices = true

    init(
      _ name: String, _ affiliation: String, _ first: String, _ last: String, preferred: String? = nil,
      email: String? = nil, wantsNotices: Bool = true
    ) {
      self.name = name
      self.affiliation = affiliation
      self.first = first
      self.last = last
      self.preferred = preferred
      self.email = email
      self.wantsNotices = wantsNotices
    }
  }

  /// Names are stored as VCL's web stores them: latin1, and what HTML could take for markup as entities.
  static let all: [Person] = [
    Person("mokafor", "Northfield", "Margaret", "Okafor"),
    Person("jtlee", "Northfield", "Ji-Tae", "Lee", preferred: "Jay"),
    Person("sobrien", "Northfield", "Siobhán", "O'Brien"),
    Person("dwhite", "Northfield", "Del &quot;D&quot;", "White"),
    Person("pandc", "Northfield", "Phys. &amp; Chem.", "Lab"),
    Person("arossi", "Northfield", "Alessandra", "Rossi"),
    Person("vpatel", "Northfield", "Vikram", "Patel"),
    Person("hgarcia", "Northfield", "Héctor", "García Nuñez"),
    Person("tnguyen", "Northfield", "Thuy", "Nguyen"),
    Person("kadeyemi", "Northfield", "Kehinde", "Adeyemi"),
    Person("bsmith", "Northfield", "Barbara", "Smith", wantsNotices: false),
    Person("yhuang", "Northfield", "Yu-Ting", "Huang", preferred: "Grace"),
    Person("rcohen", "Northfield", "Ruth", "Cohen"),
    Person("mabdi", "Northfield", "Mohamed", "Abdi"),
    Person("ekim", "Northfield", "Eun-Ji", "Kim"),
    Person("lfischer", "Nordhaven", "Jürgen", "Fischer-Lüdenscheidt"),
    Person("smoller", "Nordhaven", "Søren", "Møller"),
    Person("aberg", "Nordhaven", "Åsa", "Östberg"),
    Person("lkowalski", "Nordhaven", "&#321;ukasz", "Kowalski"),
    Person("hvirtanen", "Nordhaven", "Helmi", "Virtanen"),
    Person("gjonsdottir", "Nordhaven", "Guðrún", "Jónsdóttir"),
    Person("tweiss", "Nordhaven", "Theodor", "Weiß"),
    Person("jbaker", "Lakeside", "Jasmine", "Baker"),
    Person("mlopez", "Lakeside", "María José", "López"),
    Person("cjones", "Lakeside", "Curtis", "Jones"),
    Person("fhassan", "Lakeside", "Fatima", "Hassan"),
    Person("dthompson", "Lakeside", "Denise", "Thompson"),
    Person("rsilva", "Lakeside", "Rodrigo", "da Silva"),
    Person("wblackhorse", "Lakeside", "Wilma", "Blackhorse"),
    Person("nramirez", "Lakeside", "Noé", "Ramírez"),
    Person("drchen", "MedSchool", "Li-Hua", "Chen"),
    Person("drmbeki", "MedSchool", "Nomvula", "Mbeki"),
    Person("drgruber", "MedSchool", "Elfriede", "Gruber"),
    Person("drali", "MedSchool", "Yasmin", "Ali"),
    Person("flefevre", "Saint-Cyr", "François", "Lefèvre"),
    Person("anoel", "Saint-Cyr", "Anaïs", "Noël"),
    Person("mdubois", "Saint-Cyr", "Maëlle", "Dubois"),
    Person("ozidane", "Saint-Cyr", "Omar", "Zidane"),
    // Owners whom no mail reaches as it should.
    Person("retired", "Northfield", "Walter", "Emeritus", email: ""),
    Person(
      "twoboxes", "Lakeside", "Pilar", "Ortega", email: "pilar@lakeside.example.edu, portega@home.example.net"
    ),
    Person("broken", "MedSchool", "Igor", "Petrov", email: "igor.petrov at med.example.org"),
    Person("testacct", "Local", "Test", "Account", email: "root@localhost"),
  ]

  /// An account that checks every revision once in four weeks through XML-RPC; no person.
  static let monitor = Person("vclmonitor", "Local", "Service", "Monitor", email: "monitoring@example.edu")
}
