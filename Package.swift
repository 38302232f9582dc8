// swift-tools-version: 6.2
import PackageDescription

// Scripts/check sets LSTM_LAB_STRICT: warnings are errors there, never for those who only build.
let strict = Context.environment["LSTM_LAB_STRICT"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] =
  [.enableWarning("all"), .enableWarning("extra")]
  + (strict ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
  name: "lstm-lab",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "lstm-lab", targets: ["lstm-lab"])],
  dependencies: [
    // Exact versions: what was tested is what is built (docs/decisions/0008-dependencies.md).
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
  ],
  targets: [
    .target(name: "LSTMKernels", cSettings: cSettings),
    .target(name: "LSTMEngine", dependencies: ["LSTMKernels"], swiftSettings: settings),
    .target(
      name: "LabSchema", path: "migrations", exclude: ["README.md"],
      resources: [
        .embedInCode("V0001_activations.sql"), .embedInCode("V0001_runs.sql"),
        .embedInCode("V0001_data.sql"),
        .embedInCode("V0001_vectors.sql"), .embedInCode("V0001_views.sql"),
        .embedInCode("V0001_weights.sql"),
        .embedInCode("V0002_epochs.sql"), .embedInCode("V0002_gates.sql"),
        .embedInCode("V0002_runs.sql"), .embedInCode("V0002_views.sql"),
        .embedInCode("V0002_weights.sql"),
        .embedInCode("V0003_decoding.sql"), .embedInCode("V0003_progress.sql"),
        .embedInCode("V0003_vectors.sql"), .embedInCode("V0003_views.sql"),
        .embedInCode("reading_V0001.sql"), .embedInCode("reading_V0002.sql"),
        .embedInCode("schema.sql"),
      ],
      swiftSettings: settings),
    .target(
      name: "LabReports", path: "reports", exclude: ["README.md", "sample"],
      resources: [
        .embedInCode("runs.sql"), .embedInCode("compare.sql"), .embedInCode("epochs.sql"),
        .embedInCode("gate_stats.sql"), .embedInCode("metrics.sql"), .embedInCode("weights.sql"),
      ],
      swiftSettings: settings),
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "LabFormats", dependencies: ["CZlib"], swiftSettings: settings),
    .target(
      name: "LabStore",
      dependencies: [
        "LabFormats", "LabSchema", "LabReports", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(
      name: "LabExamples", path: "examples",
      exclude: [
        "README.md", "adding-problem", "airline", "basic-motions", "characters", "data",
        "fetch-data",
        "gun-point", "italy-power-demand", "japanese-vowels", "make-tables", "peers",
        "temporal-order",
        "zero-position/README.md", "zero-position/explanation.md",
      ],
      resources: [.embedInCode("zero-position/config.json")], swiftSettings: settings),
    .target(
      name: "Lab",
      dependencies: [
        "LSTMEngine", "LabFormats", "LabStore", "LabExamples",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [
        "report.css", "film.css", "small.js", "parts.js", "source.js", "condition.js", "picks.js",
        "table.js", "runs.js",
        "sweep.js", "family.js", "curves.js", "bands.js", "charts.js", "legend.js", "slider.js",
        "heat.js", "moves.js", "weights.js", "norms.js", "gates.js", "drawing.js", "sums.js",
        "cell.js", "outcome.js", "results.js", "dots.js", "series.js", "asking.js", "events.js",
        "loading.js", "live.js",
        "index.css", "indexAsk.js", "indexState.js", "indexPicks.js", "indexTable.js",
        "indexTools.js", "indexCurves.js", "indexNews.js", "index.js",
      ].map { .embedInCode("Report/Page/\($0)") },
      swiftSettings: settings),
    .target(
      name: "LabServer",
      dependencies: [
        "Lab", "LabFormats", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "lstm-lab",
      dependencies: [
        "Lab", "LabFormats", "LabServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings,
      linkerSettings: [
        // It starts a third faster (docs/decisions/0019-linked-at-one-address.md).
        .unsafeFlags(
          ["-Xclang-linker", "-no-pie"], .when(platforms: [.linux], configuration: .release))
      ]),
    .testTarget(
      name: "LSTMEngineTests", dependencies: ["LSTMEngine"], exclude: ["Reference"],
      swiftSettings: settings),
    .testTarget(
      name: "LabStoreTests",
      dependencies: [
        "LabFormats", "LabStore", "LabSchema", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "Lab", "LabFormats", "LabStore", "lstm-lab",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      exclude: ["Fixtures", "Golden", "Export/Peers"],
      swiftSettings: settings),
  ]
)
