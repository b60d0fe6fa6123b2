// swift-tools-version: 6.1

import PackageDescription

let strict: [SwiftSetting] = [.unsafeFlags(["-warnings-as-errors"])]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "expireimage",
  products: [.executable(name: "expireimage", targets: ["expireimage"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    // Bindings: the only C.
    .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    library("MariaDB", ["Assets", "CMariaDB"]),

    // Pure: no input, no output, no clock.
    library("Retention"),
    library("Caches"),
    library("Mail", ["Assets", "Retention", .product(name: "Mustache", package: "swift-mustache")]),
    // The texts of sql/ and Templates/, and what compiles them in.
    .target(name: "Assets", swiftSettings: strict, plugins: ["EmbedAssets"]),
    .plugin(
      name: "EmbedAssets", capability: .buildTool(), dependencies: ["EmbedAssetsTool"],
      path: "Sources/EmbedAssets"),
    .executableTarget(name: "EmbedAssetsTool", swiftSettings: strict),

    // Edges.
    library("Settings"),
    library("VCLDatabase", ["Assets", "Mail", "MariaDB", "Retention"]),
    library("SMTP", ["CCurl", "Mail"]),
    library("Campus", ["Assets", "MariaDB"]),
    library("Storage", ["CLinux", "Caches", .product(name: "Crypto", package: "swift-crypto")]),

    library(
      "Operations",
      [
        "Assets", "Caches", "Campus", "Mail", "MariaDB", "Retention", "SMTP", "Settings", "Storage",
        "VCLDatabase", .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(
      name: "expireimage",
      dependencies: [
        "Caches", "Operations", "Retention", "Settings", .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "expireimage-benchmark",
      dependencies: [
        "Assets", "Caches", "Campus", "Mail", "MariaDB", "Retention", "Storage", "VCLDatabase", "expireimage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Benchmark", swiftSettings: strict),

    // Tests: one private MariaDB server for the whole process, real SMTP conversations on loopback.
    .target(
      name: "TestSupport",
      dependencies: [
        "Assets", "Caches", "Campus", "MariaDB", "Operations", "Retention", "Settings", "Storage",
        "VCLDatabase",
      ],
      path: "Tests/TestSupport", exclude: ["read_maildir.py", "tls_relay.py"],
      swiftSettings: strict),
    tests("RetentionTests", ["Retention"]),
    tests(
      "MailTests", ["Mail", "Retention", "TestSupport"],
      exclude: ["Fixtures", "Goldens", "parse_calendar.py", "parse_mail.py", "parse_report.py"]),
    tests("MariaDBTests", ["Assets", "MariaDB", "TestSupport"]),
    tests("CampusTests", ["Assets", "Campus", "MariaDB", "TestSupport"]),
    tests("SMTPTests", ["Mail", "Retention", "SMTP", "TestSupport"]),
    tests("SettingsTests", ["Settings"]),
    tests("CachesTests", ["Caches"]),
    tests("StorageTests", ["Caches", "Storage", "StorageCrashProgram"]),
    // Is killed by the tests, after every change that it makes.
    .executableTarget(
      name: "StorageCrashProgram", dependencies: ["Caches", "Storage"], path: "Tests/StorageCrashProgram",
      swiftSettings: strict),
    tests(
      "OperationsTests",
      [
        "Assets", "Caches", "Campus", "Mail", "MariaDB", "Operations", "Retention", "Settings", "Storage",
        "TestSupport", "VCLDatabase", "expireimage-benchmark",
        .product(name: "Logging", package: "swift-log"),
      ], exclude: ["Goldens"]),
    tests(
      "CommandTests",
      [
        "Campus", "MariaDB", "Operations", "Retention", "Settings", "TestSupport", "VCLDatabase",
        "expireimage",
      ],
      exclude: ["Goldens", "parse_metrics.py"]),
  ],
  swiftLanguageModes: [.v6]
)
