import Foundation
@testable import Octroi
import Testing

/// A management may send anything: what is wrong decides nothing, and says which key it was.
@MainActor
@Suite struct ConfigurationTests {
    let phone = TestPhone()

    @Test func itCountsAndAWrongOneDecidesNothing() async throws {
        phone.configure(["octroi.device.ownership": "organization", "octroi.administration": "Commune d'Exemple", "own.key": "x"])
        let gate = try phone.gate()
        #expect(try await gate.check().className == .service)
        #expect(gate.deployment.administration == "Commune d'Exemple")
        phone.configure(["octroi.device.ownership": "mine"])
        await #expect(throws: OctroiError.self) { try await gate.check() }
        #expect(try await gate.last() == nil)
        phone.configure([:])
        #expect(try await gate.check().className == .undetermined)
        #expect(gate.deployment.administration == nil)
    }

    @Test(arguments: [
        ("octroi.when_undetermined", 1 as any Sendable), ("octroi.when_undetermined", true), ("octroi.notified_on", Date()),
        ("octroi.policies", ["be-brussels-local"]), ("octroi.zones", ["service": "A"]), ("octroi.working_week", Data([0xff])),
        ("octroi.device.ownership", "Organization"), ("octroi.unheard_of", "x"), ("octroi.", "x"),
    ])
    func aValueOfAWrongTypeIsRefusedWithItsKey(_ key: String, _ value: any Sendable) async throws {
        phone.configure([key: value])
        let gate = try phone.gate()
        do {
            _ = try await gate.check()
            Issue.record("it was taken")
        } catch OctroiError.Configuration(let refused, _, _) {
            #expect(refused.hasPrefix(key.hasSuffix(".") ? "octroi." : key))
        } catch OctroiError.PolicyNotAvailable {
            // The text of an array, taken for the name of a policy.
            #expect(key == "octroi.policies")
        }
    }

    @Test func hostileSizesDecideNothingAndHarmNobody() async throws {
        let long = String(repeating: "x", count: 4_000_000)
        phone.configure(["octroi.policies": long])
        let gate = try phone.gate()
        await #expect(throws: OctroiError.self) { try await gate.check() }
        var many: [String: any Sendable] = [:]
        for number in 0..<50_000 { many["own.\(number)"] = "x" }
        phone.configure(many)
        #expect(try await gate.check().status == .compliant)
        phone.configure(["octroi.observation.absent": (0..<50_000).map { "org.example.app\($0)" }.joined(separator: ",")])
        #expect(try await gate.check().status == .compliant)
    }

    /// A request that was slow must not have the phone decided on under what the management has taken back meanwhile.
    @Test func whatWasReadBeforeDoesNotReplaceWhatWasHeardSince() async throws {
        phone.configure(["octroi.administration": "Before"])
        let gate = try phone.gate()
        let isAnswered = Locked(false)
        let request = Thread {
            Thread.current.threadDictionary[TestPhone.slowReader] = true
            _ = gate.isInternal("intranet.localhost")
            isAnswered.with { $0 = true }
        }
        request.start()
        try await Task.sleep(nanoseconds: 100_000_000)
        phone.configure(["octroi.administration": "Since"])
        _ = try await gate.check()
        while !isAnswered.with({ $0 }) { try await Task.sleep(nanoseconds: 10_000_000) }
        #expect(gate.deployment.administration == "Since")
    }

    @Test func itIsReadFromTheDefaultsOfTheApp() {
        UserDefaults.standard.set(["octroi.policies": "be-brussels-region", "own": "x"], forKey: ManagedConfiguration.key)
        defer { UserDefaults.standard.removeObject(forKey: ManagedConfiguration.key) }
        #expect(ManagedConfiguration.ofThisApp.entries() == ["octroi.policies": "be-brussels-region"])
    }

    @Test func aPhoneWithoutManagementHasNone() {
        #expect(ManagedConfiguration { nil }.entries().isEmpty)
    }

    @Test func theErrorSaysWhatRustSays() async throws {
        phone.configure(["octroi.device.ownership": "mine"])
        let gate = try phone.gate()
        do {
            _ = try await gate.check()
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".hasPrefix("the managed configuration's `octroi.device.ownership`: found "))
            #expect(error.localizedDescription == "\(error)")
        }
    }
}
