import Foundation
@testable import Octroi
import Testing

/// What was decided yesterday counts today, and nobody who holds the web server decides it.
///
/// The repository is the one of `tests/repositories/published`: before, the region leaves access open to a personal phone with TikTok; after,
/// the second version of its policy closes it.
@MainActor
@Suite struct RefreshTests {
    private let phone = TestPhone(now: Date(timeIntervalSince1970: 1_795_867_200))  // 2026-11-28T12:00:00Z
    private let published = Locked("before")
    private let server: Server
    private let root: Data

    init() throws {
        server = try Server { [published] path, _ in
            let file = repositoryFile("tests/repositories/published/\(published.with { $0 })\(path)")
            return (try? String(contentsOf: file, encoding: .utf8)).map(Server.ok) ?? Server.failure(404)
        }
        root = try Data(contentsOf: repositoryFile("tests/repositories/published/root.json"))
        // The management alone says which policies count, and the gate hears it before it asks.
        phone.configure([
            "octroi.policies": "be-brussels-region", "octroi.device.ownership": "personal", "octroi.device.funding.purchase": "none",
            "octroi.device.funding.subscription": "none", "octroi.device.funding.usage": "none",
        ])
        phone.applications.answering = [tiktok]
    }

    private func transport(_ server: Server, timeout: TimeInterval = 10) throws -> HttpTransport {
        try HttpTransport(url: try #require(URL(string: "http://localhost:\(server.port)/")), timeout: timeout)
    }

    /// Why a repository was not believed.
    private func code(_ work: () async throws -> [Change]) async throws -> String {
        guard case .Repository(let code, _)? = await refused(work) else { throw Unexpected("it was believed") }
        return code
    }

    @Test func aPolicyOfTodayClosesWhatYesterdaysLeftOpenAndYesterdaysDoesNotComeBack() async throws {
        let gate = try phone.gate()
        #expect(try await gate.refresh(transport(server), root: root).isEmpty)
        let listener = Listener(gate.assessments)
        #expect(try await listener.next().access.decision == .permit)
        published.with { $0 = "after" }
        let news = Change.replaced(policy: PolicyRef(id: "be-brussels-region", version: 2))
        #expect(try await gate.refresh(transport(server), root: root) == [news])
        let closed = try await listener.next()
        #expect(closed.access.decision == .deny)
        #expect(closed.assessments[0].policy.version == 2)
        // The attacker's mirror.
        published.with { $0 = "before" }
        #expect(try await code { try await gate.refresh(transport(server), root: root) } == "rollback")
        #expect(try await listener.isSilent())
        #expect(try await gate.currentAssessment() == closed)
        #expect(try await phone.check().access.decision == .deny)
    }

    @Test(arguments: ["", "{}", "a page of a hotel's network"])
    func anAppThatBringsNoRootBelievesNobody(_ root: String) async throws {
        let gate = try phone.gate()
        #expect(try await code { try await gate.refresh(transport(server), root: Data(root.utf8)) } == "malformed")
    }

    /// A train in a tunnel, a hotel's login page, an attacker: a phone goes on as before, and hears of the news as soon as it can.
    @Test(arguments: [
        ("hangs", "fetch_failed"), ("says too much", "too_large"), ("leads elsewhere", "fetch_failed"), ("has trouble", "fetch_failed"),
        ("has nothing", "not_there"), ("says something else", "malformed"), ("is gone", "fetch_failed"),
    ])
    func aServerThatFailsChangesNothing(_ failing: String, _ expected: String) async throws {
        published.with { $0 = "after" }
        let wrong = try Server { [server] path, _ in
            switch failing {
            case "hangs":
                Thread.sleep(forTimeInterval: 30)
                return Server.ok("late")
            case "says too much": return Server.ok(String(repeating: " ", count: 16_000_000))
            case "leads elsewhere": return Server.redirect(to: "http://localhost:\(server.port)\(path)")
            case "has trouble": return Server.failure(500)
            case "has nothing": return Server.failure(404)
            default: return Server.ok("<html>Welcome</html>")
            }
        }
        if failing == "is gone" { wrong.close() }
        let gate = try phone.gate()
        let listener = Listener(gate.assessments)
        let before = try await listener.next()
        let told = try await code { try await gate.refresh(transport(wrong, timeout: failing == "hangs" ? 1 : 10), root: root) }
        #expect(told == expected)
        #expect(try await listener.isSilent())
        #expect(try await gate.currentAssessment() == before)
        #expect(server.connections == 0)
        try await gate.refresh(transport(server), root: root)
        #expect(try await listener.next().access.decision == .deny)
    }

    /// An app may bring a transport of its own: what it throws is an error, and its words are there for who looks for the fault.
    @Test func aTransportOfTheAppThatThrowsChangesNothing() async throws {
        let gate = try phone.gate()
        guard case .Repository("fetch_failed", let reason)? = await refused({ try await gate.refresh(Tunnel(), root: root) }) else {
            throw Unexpected("it was believed")
        }
        #expect(reason.contains("no network in the tunnel"))
    }

    @Test func whatADeviceManagementPublishesHasAName() async throws {
        let gate = try phone.gate()
        guard case .Value? = await refused({ try await gate.refresh(transport(server), root: root, deployment: "Not a name") }) else {
            throw Unexpected("it was taken")
        }
        #expect(try await gate.refresh(transport(server), root: root, deployment: "commune").isEmpty)
    }

    @Test func aGateThatIsClosedAsksNobody() async throws {
        let gate = try phone.gate()
        gate.close()
        await #expect(throws: GateClosed()) { try await gate.refresh(transport(server), root: root) }
        #expect(server.connections == 0)
    }
}

private final class Tunnel: Transport {
    func fetch(path: String, most: UInt64) throws -> Data? { throw Unexpected("no network in the tunnel") }
}
