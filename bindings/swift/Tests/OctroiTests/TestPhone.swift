import Foundation
@testable import Octroi

/// TikTok's schemes.
let tiktok = "snssdk1233"
let schemes = ["snssdk1233", "snssdk1180", "snssdk473824"]
/// TikTok's bundle identifiers.
let bundles = "com.zhiliaoapp.musically, com.ss.iphone.ugc.Ame, com.ss.iphone.ugc.tiktok.lite"

/// Within the term of the circular, and after it.
let atFirst = Date(timeIntervalSince1970: 1_679_994_000)  // 2023-03-28T09:00:00Z
let afterTheTerm = Date(timeIntervalSince1970: 1_681_981_200)  // 2023-04-20T09:00:00Z

/// An iPhone as a test wants it.
final class TestPhone: Sendable {
    /// A thread that says this of itself has in its hands for a while what is set, before it goes on.
    static let slowReader = "slow reader"

    let applications: Applications
    let clock: TestClock
    let directory: URL
    let foreground = Notification.Name("foreground-\(UUID())")
    private let declared: DeclaredSchemes
    private let configuration = Locked<[String: any Sendable]>([:])

    @MainActor
    init(now: Date = afterTheTerm, declaring declared: [String] = schemes, sdk: String? = "iphoneos18.2") {
        applications = Applications()
        clock = TestClock(now)
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("octroi-\(UUID())")
        var information: [String: Any] = ["LSApplicationQueriesSchemes": declared]
        information["DTSDKName"] = sdk
        self.declared = DeclaredSchemes(infoDictionary: information)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// What the management sets, in place of what it set before. Nobody is told.
    func configure(_ entries: [String: any Sendable]) {
        configuration.with { $0 = entries }
    }

    /// As the system does when any default of the app changed.
    func announceDefaults() {
        NotificationCenter.default.post(name: UserDefaults.didChangeNotification, object: nil)
    }

    func enterForeground() {
        NotificationCenter.default.post(name: foreground, object: nil)
    }

    func gate(_ deployment: Deployment = defaultDeployment(), oldestForRequests: TimeInterval = 900) throws -> Gate {
        let phone = Phone(
            application: applications,
            declared: declared,
            managedConfiguration: ManagedConfiguration { [configuration] in
                let entries = configuration.with { $0 }
                if Thread.current.threadDictionary[Self.slowReader] != nil { Thread.sleep(forTimeInterval: 0.5) }
                return entries
            },
            foreground: foreground
        )
        let settings = GateSettings(oldestForRequests: oldestForRequests, directory: directory)
        return try Gate.open(phone: phone, deployment: deployment, settings: settings, clock: clock)
    }

    func check() async throws -> Assessment {
        try await gate().check()
    }
}

/// The apps of an iPhone, as far as they have schemes.
@MainActor
final class Applications: SchemeAsking {
    var answering: Set<String> = []
    /// Nothing is answered at all, as where there is nobody to ask.
    var refusing = false
    private(set) var asked: [String] = []

    /// How often all of them were asked.
    var looks: Int { asked.filter { $0 == "app-settings" }.count }

    nonisolated init() {}

    func haveBeenAsked() async throws {
        for _ in 0..<2000 {
            if !asked.isEmpty { return }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        throw Unexpected("nothing was asked")
    }

    func canOpenURL(_ url: URL) -> Bool {
        guard let scheme = url.scheme else { return false }
        asked.append(scheme)
        return !refusing && (scheme == "app-settings" || answering.contains(scheme))
    }
}

final class TestClock: Octroi.Clock {
    private let time: Locked<Date>
    private let failing = Locked(false)
    private let held = DispatchGroup()

    init(_ time: Date) {
        self.time = Locked(time)
    }

    func set(_ now: Date) { time.with { $0 = now } }

    func advance(_ seconds: TimeInterval) { time.with { $0 += seconds } }

    /// From now on it throws, or does no more.
    func fail(_ fails: Bool) { failing.with { $0 = fails } }

    /// Whoever asks for the time waits until it is let go, and so does a check.
    func hold() { held.enter() }

    func letGo() { held.leave() }

    func now() throws -> Date {
        held.wait()
        if failing.with({ $0 }) { throw PortError.Failed(reason: "no time is told") }
        return time.with { $0 }
    }
}

/// Hears what a stream says, one after the other.
final class Listener<Value: Sendable>: Sendable {
    private let heard = Locked<[Value]>([])
    private let task = Locked<Task<Void, Never>?>(nil)

    init(_ stream: AsyncStream<Value>) {
        let heard = heard
        task.with { $0 = Task { for await value in stream { heard.with { $0.append(value) } } } }
    }

    deinit { task.with { $0 }?.cancel() }

    /// The next that nobody has taken.
    func next() async throws -> Value {
        for _ in 0..<2000 {
            if let value = heard.with({ $0.isEmpty ? nil : $0.removeFirst() }) { return value }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        throw Unexpected("nothing was said")
    }

    func isSilent() async throws -> Bool {
        try await Task.sleep(nanoseconds: 300_000_000)
        return heard.with { $0.isEmpty }
    }
}

extension Assessment {
    var finding: Finding { assessments[0].findings[0] }
    var className: ClassName { assessments[0].deviceClass.class }
    var codes: [Code] { assessments[0].reasons.map(\.code) + assessments[0].advice.map(\.code) }
}
