import Foundation
@testable import Octroi
import Testing

/// A server hears what the person was shown, of the apps that are regulated, and nothing else of the phone.
@MainActor
@Suite struct EvidenceTests {
    private let phone = TestPhone()
    private let nonce = "8f14e45fceea167a"
    private let audience = "https://gateway.example"

    /// A part of a token, as JSON.
    private func part(_ number: Int, of token: String) throws -> [String: Any] {
        let parts = token.components(separatedBy: ".")
        #expect(parts.count == 3)
        let base64 = parts[number].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return try cast(JSONSerialization.jsonObject(with: try #require(Data(base64Encoded: padded))))
    }

    private func decision(_ claims: [String: Any]) throws -> String {
        let ours: [String: Any] = try cast(claims["octroi"] as Any)
        let verdict: [String: Any] = try cast(ours["verdict"] as Any)
        return try cast(verdict["decision"] as Any)
    }

    @Test func aStatementSaysWhoseItIsForWhomAndForWhatItWasAsked() async throws {
        let signer = TestSigner()
        let token = try await phone.gate().evidence(nonce: nonce, audience: audience, signer: signer)
        #expect(token.hasPrefix(String(decoding: signer.signed, as: UTF8.self) + "."))
        #expect(!signer.signed.isEmpty)
        let header = try part(0, of: token)
        #expect(header["alg"] as? String == "ES256")
        #expect(header["typ"] as? String == "eat+jwt")
        let key = try #require(header["jwk"] as? [String: String])
        #expect(key["kty"] == "EC")
        #expect(key["crv"] == "P-256")
        #expect(key["x"] == "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY")
        let claims = try part(1, of: token)
        #expect(claims["eat_nonce"] as? String == nonce)
        #expect(claims["aud"] as? String == audience)
        #expect(claims["iat"] as? Int == Int(afterTheTerm.timeIntervalSince1970))
        #expect(try decision(claims) == "permit")
        #expect(token.hasSuffix("." + String(repeating: "AQEB", count: 21) + "AQ"))
    }

    /// A list of the apps, or words of the person, would tell more than any policy asks for.
    @Test func ofThePhoneItSaysNothingThatNoPolicyAsksAbout() async throws {
        phone.configure([
            "octroi.observation.apps": "org.example.canary, com.zhiliaoapp.musically", "octroi.device.id": "canary-4711",
            "octroi.contacts.helpdesk": "canary@example.org", "own.canary": "canary",
        ])
        let gate = try phone.gate()
        try await gate.declare(.impediment(app: "tiktok", impediment: Impediment(reason: "my canary sat on the phone")))
        let claims = try part(1, of: await gate.evidence(nonce: nonce, audience: audience, signer: TestSigner()))
        #expect(!"\(claims)".contains("canary"))
        #expect("\(claims)".contains("com.zhiliaoapp.musically"))
    }

    /// A gateway that opened on another verdict than the one on the screen would leave the person without a reason.
    @Test func whatIsStatedIsLookedAtAnewAndShown() async throws {
        let gate = try phone.gate()
        let listener = Listener(gate.assessments)
        #expect(try await listener.next().access.decision == .permit)
        phone.applications.answering = [tiktok]
        let claims = try part(1, of: await gate.evidence(nonce: nonce, audience: audience, signer: TestSigner()))
        #expect(try decision(claims) == "deny")
        #expect(try await listener.next().access.decision == .deny)
        #expect(phone.applications.looks == 2)
    }

    @Test(arguments: [
        TestSigner(identity: nil), TestSigner(identity: .key(key: Data([4, 1]))), TestSigner(signature: nil), TestSigner(signature: Data([1])),
    ])
    func aKeyThatDoesNotSignIsToldAndHarmsNoVerdict(_ signer: TestSigner) async throws {
        let gate = try phone.gate()
        guard case .Signer(let reason)? = await refused({ try await gate.evidence(nonce: nonce, audience: audience, signer: signer) }) else {
            throw Unexpected("it was stated")
        }
        #expect(!reason.isEmpty)
        if signer.fails { #expect(reason.contains("the key is gone")) }
        #expect(try await gate.last()?.access.decision == .permit)
    }

    @Test(arguments: [("short", "https://gateway.example"), (String(repeating: "x", count: 89), "https://gateway.example"), ("8f14e45fceea167a", "")])
    func whatNobodyCanHaveAskedForIsNotStated(_ nonce: String, _ audience: String) async throws {
        let gate = try phone.gate()
        guard case .Value? = await refused({ try await gate.evidence(nonce: nonce, audience: audience, signer: TestSigner()) }) else {
            throw Unexpected("it was stated")
        }
    }

    @Test func nothingIsStatedWhereNothingIsDecided() async throws {
        phone.configure(["octroi.wrong": "x"])
        let gate = try phone.gate()
        guard case .Configuration? = await refused({ try await gate.evidence(nonce: nonce, audience: audience, signer: TestSigner()) }) else {
            throw Unexpected("it was stated")
        }
        gate.close()
        await #expect(throws: GateClosed()) { try await gate.evidence(nonce: nonce, audience: audience, signer: TestSigner()) }
    }
}

/// Signs as nobody should: always the same. That signatures are right, the tests of the core show.
final class TestSigner: EvidenceSigner {
    private let known: Identity?
    private let signature: Data?
    private let given = Locked(Data())

    /// What it was last asked to sign.
    var signed: Data { given.with { $0 } }

    var fails: Bool { known == nil || signature == nil }

    init(identity: Identity? = .key(key: TestSigner.point), signature: Data? = Data(repeating: 1, count: 64)) {
        known = identity
        self.signature = signature
    }

    func identity() throws -> Identity {
        guard let known else { throw Unexpected("the key is gone") }
        return known
    }

    func sign(bytes: Data) throws -> Data {
        given.with { $0 = bytes }
        guard let signature else { throw PortError.Failed(reason: "the key is gone") }
        return signature
    }

    /// A point that is on P-256: its base point.
    static let point =
        Data([4])
        + [
            0x6b17_d1f2_e12c_4247, 0xf8bc_e6e5_63a4_40f2, 0x7703_7d81_2deb_33a0, 0xf4a1_3945_d898_c296,
            0x4fe3_42e2_fe1a_7f9b, 0x8ee7_eb4a_7c0f_9e16, 0x2bce_3357_6b31_5ece, 0xcbb6_4068_37bf_51f5,
        ].flatMap { (word: UInt64) in withUnsafeBytes(of: word.bigEndian, Array.init) }
}
