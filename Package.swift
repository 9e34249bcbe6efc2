// swift-tools-version: 6.0

import PackageDescription

/// What Xcode downloads: the native library of the release that this manifest belongs to. `cargo xtask release` writes it, here and
/// nowhere else; before the first release there is none.
let release: (url: String, checksum: String)? = nil

let package = Package(
    name: "Octroi",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Octroi", targets: ["Octroi"])],
    targets: [
        nativeLibrary(),
        .target(
            name: "OctroiCore",
            dependencies: ["OctroiFFI"],
            path: "bindings/api/swift",
            exclude: ["OctroiFFI.h", "OctroiFFI.modulemap"],
            // What UniFFI writes keeps its initialisation in global variables of the old kind.
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(
            name: "Octroi",
            dependencies: ["OctroiCore"],
            path: "bindings/swift/Sources/Octroi",
            resources: [.copy("PrivacyInfo.xcprivacy")]
        ),
        .testTarget(name: "OctroiTests", dependencies: ["Octroi"], path: "bindings/swift/Tests/OctroiTests"),
    ],
    swiftLanguageModes: [.v6]
)

/// The native library: a file beside this one if `OCTROI_XCFRAMEWORK` names it, on Apple's systems else the release. Other systems take
/// what cargo built, and whoever builds there says where it lies: `swift build -Xlinker -Ltarget/debug`.
func nativeLibrary() -> Target {
    if let path = Context.environment["OCTROI_XCFRAMEWORK"] {
        return .binaryTarget(name: "OctroiFFI", path: path)
    }
    #if canImport(Darwin)
    guard let release else {
        fatalError("octroi has no release yet: build the library with `cargo xtask apple`, then set OCTROI_XCFRAMEWORK=dist/Octroi.xcframework")
    }
    return .binaryTarget(name: "OctroiFFI", url: release.url, checksum: release.checksum)
    #else
    return .systemLibrary(name: "OctroiFFI", path: "bindings/swift/OctroiFFI")
    #endif
}
