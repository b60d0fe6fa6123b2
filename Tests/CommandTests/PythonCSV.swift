import Foundation

/// Comma-separated values as Python's `csv` module reads them.
enum PythonCSV {
  static func rows(_ text: String) throws -> [[String]] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import csv, io, json, sys;"
        + " text = sys.stdin.buffer.read().decode('utf-8');"
        + " json.dump(list(csv.reader(io.StringIO(text, newline=''), strict=True)), sys.stdout)",
    ]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return try JSONDecoder().decode([[String]].self, from: answer)
  }
}
