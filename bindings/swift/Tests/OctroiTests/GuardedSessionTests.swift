import Foundation
@testable import Octroi
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// An internal server must not even see that a phone without a permit is there; and nobody else may notice the guard.
///
/// Names below `localhost` are this machine for whoever looks them up.
@Suite struct GuardedSessionTests {
    private let phone: ChangingPhone
    private let session: GuardedSession
    private let inside: Server
    private let outside: Server

    init() throws {
        phone = try ChangingPhone()
        session = GuardedSession(guardedBy: phone)
        inside = try Server()
        outside = try Server { path, _ in
            path.hasPrefix("/to/") ? Server.redirect(to: "http://" + path.dropFirst("/to/".count)) : Server.ok("outside")
        }
    }

    private func ask(_ url: String, with session: GuardedSession? = nil) async throws -> String {
        let url = try #require(URL(string: url))
        return String(decoding: try await (session ?? self.session).data(from: url).0, as: UTF8.self)
    }

    /// What the phone was denied.
    private func denial(_ work: () async throws -> Void) async throws -> AccessDenied {
        do {
            try await work()
        } catch let denied as AccessDenied {
            return denied
        }
        throw Unexpected("it passed")
    }

    private func requireDenied(_ url: String, as host: String) async throws {
        let denied = try await denial { _ = try await ask(url) }
        #expect(denied.host.lowercased() == host)
        #expect(denied.assessment?.access.decision == .deny)
        #expect(inside.connections == 0)
    }

    @Test(arguments: ["intranet.localhost", "INTRANET.Localhost", "a.internal.localhost", "127.0.0.2"])
    func aPermitOpensInternalHosts(_ host: String) async throws {
        #expect(try await ask("http://\(host):\(inside.port)/") == "hello")
        #expect(inside.requests == 1)
    }

    @Test(arguments: [
        ("intranet.localhost", "intranet.localhost"),
        ("INTRANET.Localhost", "intranet.localhost"),
        ("intranet.localhost.", "intranet.localhost."),
        ("%69ntranet.localhost", "intranet.localhost"),
        ("a.b.internal.localhost", "a.b.internal.localhost"),
        ("user:secret@intranet.localhost", "intranet.localhost"),
        ("127.0.0.2", "127.0.0.2"),
        ("127.0.0.2.", "127.0.0.2"),
        ("127.2.", "127.0.0.2"),
        ("127.2", "127.0.0.2"),
        ("0x7f.0.0.2", "127.0.0.2"),
        ("0177.0.0.2", "127.0.0.2"),
        ("2130706434", "127.0.0.2"),
        ("ｉｎｔｒａｎｅｔ.localhost", "intranet.localhost"),
        ("intra\u{ad}net.localhost", "intranet.localhost"),
        ("intra%C2%ADnet%E3%80%82localhost", "intranet.localhost"),
        ("intra%E2%80%8Bnet.localhost", "intranet.localhost"),
        ("[::ffff:127.0.0.2]", "127.0.0.2"),
        ("[::FFFF:7f00:2]", "127.0.0.2"),
    ])
    func aDenialClosesInternalHostsHoweverTheyAreWritten(_ written: String, _ host: String) async throws {
        phone.installTikTok()
        try await requireDenied("http://\(written):\(inside.port)/", as: host)
    }

    @Test(arguments: [
        "intranet.localhost", "ｉｎｔｒａｎｅｔ.localhost", "intranet。localhost", "intranet．localhost", "intranet｡localhost",
        "%EF%BD%89ntranet.localhost", "ℹntranet.localhost", "ｉ\u{ad}ntranet.localhost", "intra\u{ad}net.localhost",
        "intra%C2%ADnet.localhost", "\u{200b}intranet.localhost", "intranet\u{2060}.localhost", "i\u{fe0f}ntranet.localhost",
        "intranet.local\u{feff}host", "in\u{34f}tranet.localhost", "i\u{200d}ntranet.localhost", "i\u{e0101}ntranet.localhost",
        "intranet.localhost%00.example",
    ])
    func aNameIsTheSameInWideLettersAndWithWhatNobodySees(_ host: String) {
        #expect(HostNames.of(host).contains("intranet.localhost"))
    }

    @Test func aSharpSMayBeTwo() {
        #expect(HostNames.of("stra%C3%9Fe.localhost").contains("strasse.localhost"))
    }

    @Test(arguments: [
        "www.localhost", "127.0.0.1", "ıntranet.localhost", "intrânet.localhost", "intranet.localhost.example", "xintranet.localhost",
        "internal.localhost", "127.0.0.20", "", "%",
    ])
    func otherNamesAreNot(_ host: String) {
        #expect(!HostNames.of(host).contains(where: phone.isInternal))
    }

    @Test(arguments: ["www.localhost", "127.0.0.1"])
    func aDenialLeavesOtherHostsAlone(_ host: String) async throws {
        phone.installTikTok()
        #expect(try await ask("http://\(host):\(outside.port)/") == "outside")
        #expect(phone.looks == 0)
    }

    @Test(arguments: ["intranet.localhost", "INTRANET.LOCALHOST", "127.0.0.2", "2130706434", "x.internal.localhost."])
    func aRedirectFromOutsideDoesNotLeadIn(_ host: String) async throws {
        phone.installTikTok()
        let denied = try await denial { _ = try await ask("http://www.localhost:\(outside.port)/to/\(host):\(inside.port)/") }
        #expect(phone.isInternal(denied.host))
        #expect(denied.assessment?.access.decision == .deny)
        #expect(inside.connections == 0)
        #expect(outside.requests == 1)
    }

    @Test func severalRedirectsDoNotLeadInEither() async throws {
        phone.installTikTok()
        let way = "www.localhost:\(outside.port)/to/"
        _ = try await denial { _ = try await ask("http://\(way)\(way)\(way)intranet.localhost:\(inside.port)/") }
        #expect(inside.connections == 0)
        #expect(outside.requests == 3)
    }

    @Test func aRedirectInStaysOpenWithAPermit() async throws {
        #expect(try await ask("http://www.localhost:\(outside.port)/to/intranet.localhost:\(inside.port)/") == "hello")
    }

    @Test func anOpenConnectionCarriesNothingOnceTheVerdictHasChanged() async throws {
        let address = "intranet.localhost:\(inside.port)/"
        #expect(try await ask("http://" + address) == "hello")
        phone.installTikTok()
        _ = try await denial { _ = try await ask("http://" + address) }
        _ = try await denial { _ = try await ask("http://www.localhost:\(outside.port)/to/" + address) }
        #expect(inside.connections == 1)
        #expect(inside.requests == 1)
        phone.removeTikTok()
        #expect(try await ask("http://" + address) == "hello")
    }

    @Test func aVerdictThatChangesBetweenTwoRedirectsCounts() async throws {
        let turning = try Server { [phone] path, _ in
            phone.installTikTok()
            return Server.redirect(to: "http://" + path.dropFirst("/to/".count))
        }
        let denied = try await denial {
            _ = try await ask("http://intranet.localhost:\(turning.port)/to/intranet.localhost:\(inside.port)/")
        }
        #expect(denied.host == "intranet.localhost")
        #expect(turning.requests == 1)
        #expect(inside.connections == 0)
    }

    @Test func dataIsCarriedToAPermittedHostAndToNoOther() async throws {
        let echo = try Server { _, body in Server.ok(String(decoding: body, as: UTF8.self)) }
        var request = URLRequest(url: try #require(URL(string: "http://intranet.localhost:\(echo.port)/")))
        request.httpMethod = "POST"
        let data = Data(repeating: 0x61, count: 300_000)
        #expect(try await session.upload(for: request, from: data).0 == data)
        phone.installTikTok()
        _ = try await denial { _ = try await session.upload(for: request, from: data) }
        #expect(echo.requests == 1)
    }

    /// Each piece that comes must not have all that came before copied: that takes minutes here, where it should take seconds.
    @Test(.timeLimit(.minutes(1)))
    func aLargeAnswerArrives() async throws {
        let body = String(repeating: "x", count: 64_000_000)
        let large = try Server { _, _ in Server.ok(body) }
        #expect(try await ask("http://intranet.localhost:\(large.port)/").utf8.count == body.utf8.count)
    }

    @Test func aDownloadIsAFileAndADeniedOneLeavesNone() async throws {
        let request = URLRequest(url: try #require(URL(string: "http://www.localhost:\(outside.port)/to/intranet.localhost:\(inside.port)/")))
        let (file, response) = try await session.download(for: request)
        #expect(try Data(contentsOf: file) == Data("hello".utf8))
        #expect((response as? HTTPURLResponse)?.statusCode == 200)
        try FileManager.default.removeItem(at: file)
        phone.installTikTok()
        _ = try await denial { _ = try await session.download(for: request) }
        #expect(inside.requests == 1)
    }

    @Test func aSessionThatKeepsNothingIsGuardedToo() async throws {
        let ephemeral = GuardedSession(guardedBy: phone, ephemeral: true) { $0.timeoutIntervalForRequest = 20 }
        #expect(try await ask("http://intranet.localhost:\(inside.port)/", with: ephemeral) == "hello")
        phone.installTikTok()
        _ = try await denial { _ = try await ask("http://intranet.localhost:\(inside.port)/", with: ephemeral) }
        #expect(inside.requests == 1)
    }

    @Test func whatTheNetworkSaysIsHandedOn() async throws {
        let gone = try Server()
        gone.close()
        await #expect(throws: URLError.self) { try await ask("http://intranet.localhost:\(gone.port)/") }
    }

    @Test func aRequestThatIsCancelledEnds() async throws {
        let silent = try Server { _, _ in
            Thread.sleep(forTimeInterval: 30)
            return Server.ok("late")
        }
        let address = "http://intranet.localhost:\(silent.port)/"
        let request = Task { try await ask(address) }
        while silent.requests == 0 { try await Task.sleep(nanoseconds: 10_000_000) }
        request.cancel()
        await #expect(throws: URLError.self) { try await request.value }
    }

    @Test func manyRequestsAtOnceKeepApart() async throws {
        let echo = try Server { path, _ in Server.ok(path) }
        let requests = (0..<64).map { number in
            Task { try await ask("http://intranet.localhost:\(echo.port)/\(number)") }
        }
        for (number, request) in requests.enumerated() {
            #expect(try await request.value == "/\(number)")
        }
    }

    @Test func underAConfigurationThatIsWrongNothingOpens() async throws {
        _ = refusal { try phone.core.configure(entries: ["octroi.when_undetermined": "maybe"]) }
        let denied = try await denial { _ = try await ask("http://intranet.localhost:\(inside.port)/") }
        #expect(denied.assessment == nil)
        #expect(denied.cause is OctroiError)
        #expect(denied.errorDescription == "the device may not reach `intranet.localhost`: nothing could be decided")
        #expect(inside.connections == 0)
    }

    /// A gate that cannot decide is no reason to let anybody in, and none to cut the phone off from everybody else.
    @Test func whereTheGateFailsOnlyInternalHostsAreClosed() async throws {
        var deployment = defaultDeployment()
        deployment.internalHosts = ["intranet.localhost"]
        let ofAnApp = await TestPhone()
        let blind = phone.core.accessGuard(notOlderThan: 900) { throw Unexpected("nobody sees the device") }
        let guards: [any AccessGuard] = [phone, try ofAnApp.gate(deployment), blind]
        phone.clock.fail(true)
        ofAnApp.clock.fail(true)
        for guarding in guards {
            let session = GuardedSession(guardedBy: guarding)
            let way = "http://www.localhost:\(outside.port)/to/"
            for address in ["http://intranet.localhost:\(inside.port)/", "\(way)intranet.localhost:\(inside.port)/"] {
                let denied = try await denial { _ = try await ask(address, with: session) }
                #expect(denied.assessment == nil)
                #expect(denied.cause != nil)
            }
            #expect(try await ask("http://www.localhost:\(outside.port)/", with: session) == "outside")
            #expect(try await ask("\(way)www.localhost:\(outside.port)/", with: session) == "outside")
        }
        #expect(inside.connections == 0)
        phone.clock.fail(false)
        ofAnApp.clock.fail(false)
        for guarding in guards.dropLast() {
            #expect(try await ask("http://intranet.localhost:\(inside.port)/", with: GuardedSession(guardedBy: guarding)) == "hello")
        }
    }

    @Test func aGateWithoutAnAppLooksAgainWhenItsVerdictIsTooOld() async throws {
        let session = GuardedSession(guardedBy: phone.core.accessGuard(notOlderThan: 900) { [phone] in phone.record() })
        let address = "http://intranet.localhost:\(inside.port)/"
        #expect(try await ask(address, with: session) == "hello")
        phone.installTikTok()
        #expect(try await ask(address, with: session) == "hello")
        phone.clock.advance(960)
        _ = try await denial { _ = try await ask(address, with: session) }
    }

    /// A page is fifty requests: the phone is looked at once for all of them, and not for one after the other.
    @Test func requestsAtOnceOfAGateWithoutAnAppShareTheirLooks() async throws {
        let guarding = phone.core.accessGuard(notOlderThan: 900) { [phone] in
            try await Task.sleep(nanoseconds: 100_000_000)
            return phone.record()
        }
        let requests = (0..<64).map { _ in Task { try await guarding.currentAssessment() } }
        for request in requests { #expect(try await request.value.access.decision == .permit) }
        #expect(phone.looks <= 4)
    }

    /// A wrong setting must not end the app: the phone is looked at again, as after any time.
    @Test(arguments: [-1, -.infinity, -.leastNonzeroMagnitude, .nan, .infinity, .greatestFiniteMagnitude, 0] as [TimeInterval])
    func anAgeThatIsNoneEndsNobodysProcess(_ age: TimeInterval) async throws {
        let guarding = phone.core.accessGuard(notOlderThan: age) { [phone] in phone.record() }
        #expect(try await guarding.currentAssessment().access.decision == .permit)
        phone.installTikTok()
        phone.clock.advance(60)
        #expect(try await guarding.currentAssessment().access.decision == (age > 0 ? .permit : .deny))
        let ofAnApp = await TestPhone()
        let gate = try ofAnApp.gate(oldestForRequests: age)
        #expect(try await gate.currentAssessment().access.decision == .permit)
        await MainActor.run { ofAnApp.applications.answering = [tiktok] }
        ofAnApp.clock.advance(60)
        #expect(try await gate.currentAssessment().access.decision == (age > 0 ? .permit : .deny))
    }

    @Test func theGateOfAnAppGuards() async throws {
        var deployment = defaultDeployment()
        deployment.internalHosts = ["intranet.localhost"]
        let phone = await TestPhone()
        let gate = try phone.gate(deployment)
        let session = GuardedSession(guardedBy: gate)
        #expect(try await ask("http://intranet.localhost:\(inside.port)/", with: session) == "hello")
        await MainActor.run { phone.applications.answering = [tiktok] }
        phone.enterForeground()
        let denied = try await denial { _ = try await ask("http://intranet.localhost:\(inside.port)/", with: session) }
        #expect(denied.errorDescription == "the device may not reach `intranet.localhost`: noncompliant")
        gate.close()
        let closed = try await denial { _ = try await ask("http://intranet.localhost:\(inside.port)/", with: session) }
        #expect(closed.cause is GateClosed)
        #expect(inside.requests == 1)
    }

    /// A request of a service that starts with the app, before anybody checked.
    @Test func hostsThatOnlyTheManagementNamesAreGuardedFromTheFirstRequestOn() async throws {
        let phone = await TestPhone()
        await MainActor.run { phone.applications.answering = [tiktok] }
        let address = "http://intranet.localhost:\(inside.port)/"
        let wrong = ["octroi.internal_hosts": "intranet.localhost", "octroi.wrong": "x"]
        for entries in [["octroi.internal_hosts": "intranet.localhost"], wrong] {
            phone.configure(entries)
            let session = GuardedSession(guardedBy: try phone.gate())
            _ = try await denial { _ = try await ask(address, with: session) }
        }
        #expect(inside.connections == 0)
    }

    /// Nobody waits for ever for what was cancelled before it began.
    @Test func aRequestThatIsCancelledBeforeItStartsEnds() async throws {
        for _ in 0..<50 {
            let request = Task { try await ask("http://www.localhost:\(outside.port)/") }
            request.cancel()
            // As a session without a guard has it; none but the request itself may have been faster.
            do { _ = try await request.value } catch { #expect((error as? URLError)?.code == .cancelled) }
        }
    }

    @Test func aWebViewMayAskByItself() async throws {
        phone.installTikTok()
        try await phone.requireAccess(to: try #require(URL(string: "https://www.localhost/")))
        try await phone.requireAccess(to: try #require(URL(string: "about:blank")))
        let address = try #require(URL(string: "https://intranet.localhost/"))
        _ = try await denial { try await phone.requireAccess(to: address) }
    }
}

/// A phone that is looked at before each request, so that a test need not wait for a verdict to grow old.
private final class ChangingPhone: AccessGuard {
    let core: GateCore
    let clock = TestClock(afterTheTerm)
    private let tiktokIsThere = Locked(false)
    private let counted = Locked(0)

    var looks: Int { counted.with { $0 } }

    init() throws {
        var deployment = defaultDeployment()
        deployment.internalHosts = ["intranet.localhost", "*.internal.localhost", "127.0.0.2"]
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("octroi-\(UUID())")
        core = try GateCore.open(directory: directory.path, deployment: deployment, clock: clock)
    }

    func installTikTok() { tiktokIsThere.with { $0 = true } }

    func removeTikTok() { tiktokIsThere.with { $0 = false } }

    func record() -> Record {
        counted.with { $0 += 1 }
        var observation = Observation(source: .platform, scope: .device)
        for scheme in schemes {
            if tiktokIsThere.with({ $0 }) {
                observation.apps.append(SeenApp(seen: .scheme(scheme)))
            } else {
                observation.absent.append(.scheme(scheme))
            }
        }
        return Record(device: Device(platform: .ios), observations: [observation])
    }

    func isInternal(_ host: String) -> Bool { core.isInternal(host: host) }

    func currentAssessment() async throws -> Assessment { try core.check(record: record()) }
}
