import Foundation
@testable import Octroi
import Testing

/// Whoever is asked to do something is told how, and gets there.
@MainActor
@Suite struct RemediesTests {
    let phone = TestPhone(now: atFirst)

    private func remedies(supervisor: String?, in language: Language = .en) async throws -> [Remedy] {
        var deployment = defaultDeployment()
        deployment.contacts = supervisor.map { Contacts(supervisor: $0) }
        let gate = try phone.gate(deployment)
        return try gate.remedies(for: await gate.check(), in: language)
    }

    private func ask() {
        phone.configure(["octroi.device.ownership": "organization"])
        phone.applications.answering = [tiktok]
    }

    @Test func whatToRemoveIsRemovedByHand() async throws {
        ask()
        let remedies = try await remedies(supervisor: nil)
        guard case .removeByHand("tiktok", let instructions) = remedies[0] else { throw Unexpected("\(remedies)") }
        #expect(instructions.contains("Remove App"))
        #expect(remedies[0].url == nil)
        #expect(remedies[1].url?.absoluteString == "app-settings:")
        #expect(remedies.count == 3)
    }

    @Test func whoNeedNotRemoveAnAppCanWhereThatOpensAccess() async throws {
        phone.clock.set(afterTheTerm)
        phone.applications.answering = [tiktok]
        let remedies = try await remedies(supervisor: "head@example.org")
        guard case .removeByHand("tiktok", _) = remedies[0] else { throw Unexpected("\(remedies)") }
        #expect(remedies.dropFirst().compactMap(\.url?.absoluteString) == ["app-settings:"])
    }

    @Test func instructionsAreInEachLanguage() async throws {
        ask()
        var said: Set<String> = []
        for language: Language in [.fr, .nl, .de, .en] {
            guard case .removeByHand(_, let text) = try await remedies(supervisor: nil, in: language)[0] else { throw Unexpected("\(language)") }
            #expect(!text.contains("\n"))
            said.insert(text)
        }
        #expect(said.count == 4)
    }

    @Test func theSupervisorGetsAMailInThePersonsLanguage() async throws {
        ask()
        let mail = try #require(try await remedies(supervisor: "Head of service, head@example.org", in: .nl).last?.url)
        #expect(mail.absoluteString.hasPrefix("mailto:head@example.org?subject="))
        let text = try #require(mail.absoluteString.removingPercentEncoding)
        let gate = try phone.gate()
        let assessment = try await gate.check()
        let dutch = try gate.explain(assessment, in: .nl)
        #expect(text.contains(dutch.verdict))
        #expect(text.contains(dutch.policies[0].whatToDo[0].text))
        #expect(try !text.contains(gate.explain(assessment, in: .en).verdict))
        #expect(text.contains("\r\n"))
    }

    @Test func aSupervisorWithoutAnAddressIsLeftForThePersonToFillIn() async throws {
        ask()
        let mail = try await remedies(supervisor: "your head of service").last?.url
        #expect(mail?.absoluteString.hasPrefix("mailto:?subject=") == true)
    }

    @Test func nothingOfAnAddressGetsIntoTheRestOfTheMail() async throws {
        ask()
        let mail = try await remedies(supervisor: "a@b.example?bcc=c@d.example&x").last?.url
        #expect(mail?.absoluteString.hasPrefix("mailto:a@b.example?subject=") == true)
    }

    @Test func whoNeedNotDoAnythingIsOfferedNothing() async throws {
        #expect(try await remedies(supervisor: "head@example.org").isEmpty)
    }
}
