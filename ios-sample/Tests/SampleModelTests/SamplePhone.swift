import Foundation
import Octroi
@testable import SampleModel

/// An iPhone for the sample, made of what the library offers to everybody's tests.
@MainActor
final class SamplePhone {
    let applications = Applications()
    let clock: FixedClock
    let foreground = Notification.Name("foreground-\(UUID())")
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("sample-\(UUID())")
    private let configuration: [String: String]

    /// - Parameter now: by default after the term of the circular.
    init(now: Date = Date(timeIntervalSince1970: 1_681_981_200), configuration: [String: String] = [:]) {
        clock = FixedClock(now)
        self.configuration = configuration
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func gate() throws -> Gate {
        let phone = Phone(
            application: applications,
            declared: DeclaredSchemes(infoDictionary: [
                "LSApplicationQueriesSchemes": ["snssdk1233", "snssdk1180", "snssdk473824"], "DTSDKName": "iphoneos18.2",
            ]),
            managedConfiguration: ManagedConfiguration { [configuration] in configuration },
            foreground: foreground
        )
        return try Gate.open(phone: phone, deployment: ScreenModel.deployment, settings: GateSettings(directory: directory), clock: clock)
    }

    func model(_ language: Language = .en, address: @escaping (String) -> URL? = { URL(string: "http://\($0)/") }) -> ScreenModel {
        ScreenModel(language: language, address: address) { try self.gate() }
    }
}

@MainActor
final class Applications: SchemeAsking {
    var answering: Set<String> = []
    var refusing = false

    nonisolated init() {}

    func canOpenURL(_ url: URL) -> Bool {
        !refusing && (url.scheme == "app-settings" || answering.contains(url.scheme ?? ""))
    }
}

final class FixedClock: Octroi.Clock {
    private let time: Date

    init(_ time: Date) {
        self.time = time
    }

    func now() throws -> Date { time }
}

/// Follows the gate until the screen says what is awaited.
@MainActor
func following(_ model: ScreenModel, until done: () -> Bool) async throws {
    let follower = Task { await model.follow() }
    defer { follower.cancel() }
    for _ in 0..<2000 {
        if done() { return }
        try await Task.sleep(nanoseconds: 10_000_000)
    }
    throw NeverShown(screen: model.screen)
}

struct NeverShown: Error {
    let screen: Screen
}
