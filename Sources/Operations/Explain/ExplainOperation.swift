import MariaDB
import Retention
import VCLDatabase

/// Explains one revision: what is known of it, what the next run does with it and why, and what would change that.
package struct ExplainOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions = CallOptions()) {
    self.site = site
    self.options = options
  }

  /// - Parameters:
  ///   - name: a revision's id, or its `imagename`.
  ///   - progress: tells how far it is.
  ///   - screen: what it is read on.
  package func text(_ name: String, _ progress: Progress, on screen: Screen = .file) throws -> String {
    ExplainText(explanation: try read(name, progress), screen: screen).text
  }

  /// - Parameter name: a revision's id, or its `imagename`.
  package func json(_ name: String, _ progress: Progress) throws -> String {
    try ExplainDocument(explanation: try read(name, progress)).json()
  }

  private func read(_ name: String, _ progress: Progress) throws -> Explanation {
    try Explanation.read(try site.connectReady(), name, site, options, progress)
  }
}
