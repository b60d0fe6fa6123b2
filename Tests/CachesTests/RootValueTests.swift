import Caches
import Testing

@Suite struct RootValueTests {
  @Test(
    "a root's values are checked before its directory is looked at",
    arguments: [
      ("good", "/srv/images", 0, 1, 0), ("", "/srv/images", 0, 1, 1), ("a b", "/srv", 0, 1, 1),
      ("a", "srv/images", 0, 1, 1), ("a", "/srv/../etc", 0, 1, 1), ("a", "/srv/./x", 0, 1, 1),
      ("a", "//", 0, 1, 1),
      ("a", "/srv", -1, 1, 1), ("a", "/srv", 0, 0, 1), ("a\n", "/srv", -1, 0, 3),
    ] as [(String, String, Int64, Int, Int)])
  func problems(name: String, path: String, limit: Int64, priority: Int, count: Int) {
    let root = Root(
      name: name, path: path, role: .cache, layout: .plain, limitBytes: limit, priority: priority)
    #expect(root.problems.count == count, "\(root.problems)")
  }

  @Test(
    "file times order and clamp",
    arguments: [
      (0, 0, 0), (1, 999_999_999, 1), (-1, 0, -1), (-1, 999_999_999, -1), (Int64.max, 0, 9_223_372_036),
      (Int64.min, 0, -9_223_372_037),
    ] as [(Int64, Int64, Int64)])
  func times(seconds: Int64, nanoseconds: Int64, expected: Int64) {
    #expect(FileTime(seconds: seconds, nanoseconds: nanoseconds).seconds == expected)
  }
}
