import Foundation
import PackagePlugin

/// Compiles `sql/` and `Templates/` into the module that names this plugin, as string literals.
///
/// SwiftPM's own `.embedInCode` writes an array of bytes, which the compiler takes 0.3 ms a byte to
/// check; a string literal costs nothing.
@main
struct EmbedAssets: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedAssets.swift")
    let inputs = ["sql", "Templates"].flatMap { files(under: root.appending(path: $0)) }
    return [
      .buildCommand(
        displayName: "Embedding sql and Templates",
        executable: try context.tool(named: "EmbedAssetsTool").url,
        arguments: [output.path, root.path] + inputs.map(\.path),
        inputFiles: inputs,
        outputFiles: [output])
    ]
  }

  private func files(under folder: URL) -> [URL] {
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (found?.allObjects as? [URL] ?? [])
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
      .filter { !$0.lastPathComponent.hasPrefix(".") }
      .sorted { $0.path < $1.path }
  }
}
