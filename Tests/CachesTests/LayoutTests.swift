import Testing

@testable import Caches

@Suite struct LayoutTests {
  private static let known = KnownNames([
    "vmwarewinxp-base12-v1", "vmwarewinxp-base12-v10", "foo-v1", "foo-v1-x", "a.b", "caf\u{e9}-v1", "trash",
    ".hidden",
    "vmwarewin10-A long name9-v1", "vmwarewin10enterprise-Statistics2251-v3",
    "vmwarewin10enterprise-StatisticalMethods2251-v4", "vmwarewin10enterprise-StatisticalAnalysis2251-v4",
  ])

  @Test(
    "a name in a root belongs to the image whose name it has exactly, and to no other",
    arguments: [
      (Layout.vmware, "vmwarewinxp-base12-v1", true, "vmwarewinxp-base12-v1"),
      (.vmware, "vmwarewinxp-base12-v10", true, "vmwarewinxp-base12-v10"),
      (.vmware, "vmwarewinxp-base12-v100", true, nil),
      (.vmware, "vmwarewinxp-base12-v", true, nil),
      (.vmware, "VMWAREWINXP-base12-v1", true, nil),
      (.vmware, "_delete_vmwarewinxp-base12-v1", true, nil),
      (.vmware, "vmwarewinxp-base12-v1", false, nil),
      (.vmware, "vmwarewinxp-base12-v1.vmdk", false, nil),
      // The name that VCL shortens to 29 characters, if it can only be one.
      (.vmware, "vmwarewin10enterprise-2251-v3", true, "vmwarewin10enterprise-Statistics2251-v3"),
      (.vmware, "vmwarewin10enterprise-2251-v4", true, nil),
      (.kvm, "foo-v1.qcow2", false, "foo-v1"),
      (.kvm, "foo-v1.xml", false, "foo-v1"),
      (.kvm, "foo-v1.qcow2.bak", false, nil),
      (.kvm, "foo-v1.", false, nil),
      (.kvm, "foo-v1", false, nil),
      (.kvm, "foo-v1.qcow2", true, nil),
      (.kvm, "foo-v10.qcow2", false, nil),
      (.kvm, "a.b.qcow2", false, "a.b"),
      (.xcat, "foo-v1-sda1.gz", false, "foo-v1"),
      (.xcat, "foo-v1.img", false, "foo-v1"),
      (.xcat, "foo-v1.img.capturedone", false, "foo-v1"),
      (.xcat, "foo-v1-x-hda.mbr", false, "foo-v1-x"),
      (.xcat, "foo-v10.img", false, nil),
      (.xcat, "foo-v1-other7-v2.img", false, nil),
      (.xcat, "foo-v1", false, nil),
      (.xcat, "foo-v1-sda1.gz", true, nil),
      (.plain, "foo-v1", true, "foo-v1"),
      (.plain, "foo-v1", false, "foo-v1"),
      (.plain, "foo-v1.img", false, "foo-v1"),
      (.plain, "foo-v1.img", true, nil),
      (.plain, "a.b", false, "a.b"),
      // An accented letter in its other spelling is another name.
      (.plain, "caf\u{e9}-v1", true, "caf\u{e9}-v1"),
      (.plain, "cafe\u{301}-v1", true, nil),
      // Areas and hidden names are no entries, whatever an image is called.
      (.plain, "trash", true, nil),
      (.plain, ".hidden", true, nil),
    ] as [(Layout, String, Bool, String?)])
  func imageName(layout: Layout, fileName: String, isDirectory: Bool, expected: String?) {
    let found = layout.imageName(of: fileName, isDirectory: isDirectory, known: Self.known)
    #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
  }

  @Test(
    "names above 29 characters are shortened as VCL's VMware module does it",
    arguments: [
      ("vmwarewinxp-base12-v1", nil),
      ("vmwarewin7-abcdefghijkl123-v1", nil),
      ("vmwarewin7-abcdefghijklm123-v1", "vmwarewin7-abcdefghijkl123-v1"),
      ("vmwarewin7-ThreeHundredLetters44-v12", "vmwarewin7-ThreeHundred44-v12"),
      ("no hyphens at all but a long name", "no hyphens at all b long name"),
      ("vmwarewin10enterpriseedition64bit-x1-v1", nil),
    ] as [(String, String?)])
  func shortened(name: String, expected: String?) {
    let short = KnownNames.shortened(name)
    #expect(short == expected)
    #expect((short?.utf8.count ?? 29) == 29)
  }

  @Test(
    "what cannot be a file's name is no known name",
    arguments: ["", ".", "..", "a/b", "/", "a\0b", "../x", String(repeating: "x", count: 256)])
  func impossible(name: String) {
    let known = KnownNames([name, "good"])
    #expect(known.count == 1)
    #expect(!known.contains(name))
  }
}
