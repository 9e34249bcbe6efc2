// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "Sample",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "SampleViews", targets: ["SampleViews"])],
    dependencies: [.package(name: "Octroi", path: "..")],
    targets: [
        // Foundation only: what the screen says and does, tested on any system.
        .target(name: "SampleModel", dependencies: [.product(name: "Octroi", package: "Octroi")]),
        // SwiftUI: how it looks. Empty where there is none.
        .target(name: "SampleViews", dependencies: ["SampleModel"]),
        .testTarget(name: "SampleModelTests", dependencies: ["SampleModel", "SampleViews"], exclude: ["Snapshots"]),
    ],
    swiftLanguageModes: [.v6]
)
