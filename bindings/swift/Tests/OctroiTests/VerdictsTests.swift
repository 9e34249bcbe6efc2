import Foundation
@testable import Octroi
import Testing

/// What people with all kinds of iPhones are told.
@MainActor
@Suite struct VerdictsTests {
    let phone = TestPhone()

    @Test func aPhoneOnWhichNoSchemeAnswersPasses() async throws {
        let assessment = try await phone.check()
        #expect(assessment.status == .compliant)
        #expect(assessment.className == .undetermined)
        #expect(assessment.finding.evidence == [Codes.schemesUnanswered])
    }

    @Test(arguments: schemes)
    func aPhoneOnWhichASchemeAnswersDoesNot(_ scheme: String) async throws {
        phone.applications.answering = [scheme]
        let assessment = try await phone.check()
        #expect(assessment.access.decision == .deny)
        #expect(assessment.finding.evidence == [Codes.schemeAnswered])
    }

    @Test func anAppListOfTheManagementCounts() async throws {
        phone.applications.refusing = true
        phone.configure(["octroi.observation.absent": bundles])
        let absent = try await phone.check()
        #expect(absent.status == .compliant)
        #expect(absent.finding.evidence.contains(Codes.probedAbsent))
        phone.configure(["octroi.observation.apps": "com.zhiliaoapp.musically"])
        let present = try await phone.check()
        #expect(present.access.decision == .deny)
        #expect(present.finding.evidence == [Codes.identifierSeen])
    }

    @Test func aManagementThatSeesItsOwnAppsOnlyProvesNoAbsence() async throws {
        phone.applications.refusing = true
        phone.configure(["octroi.observation.absent": bundles, "octroi.observation.scope": "profile"])
        let assessment = try await phone.check()
        #expect(assessment.finding.presence == .unknown)
        #expect(assessment.finding.evidence.contains(Codes.profileOnly))
    }

    @Test func aManagementThatIsThereSaysNothingOfTheOwner() async throws {
        phone.configure(["octroi.administration": "Commune d'Exemple"])
        #expect(try await phone.check().className == .undetermined)
        phone.configure(["octroi.device.ownership": "organization"])
        #expect(try await phone.check().className == .service)
    }

    @Test func whatWasThereBeforeTheCircularMayStayForAWhileAndWhatCameAfterMayNot() async throws {
        let phone = TestPhone(now: atFirst)
        phone.configure(["octroi.device.ownership": "organization"])
        phone.applications.answering = [tiktok]
        let before = try await phone.check()
        #expect(before.finding.install == .existing)
        #expect(before.status == .inGracePeriod)
        phone.applications.answering = []
        _ = try await phone.check()
        phone.clock.advance(3600)
        phone.applications.answering = [tiktok]
        let after = try await phone.check()
        #expect(after.finding.install == .new)
        #expect(after.access.decision == .deny)
    }

    @Test func aPersonDeclaresAndWithdraws() async throws {
        let gate = try phone.gate()
        #expect(try await gate.declare(.subscription(.partial)).className == .service)
        #expect(try await gate.answers().subscription == .partial)
        #expect(try await gate.withdraw(.fact(.subscription)).className == .undetermined)
        #expect(try await gate.declare(.app(app: "tiktok", value: .present)).access.decision == .deny)
        await #expect(throws: OctroiError.UnknownApp(app: "tock", known: "an app that the policies or the catalogue know: `tiktok`")) {
            try await gate.declare(.app(app: "tock", value: .present))
        }
        try await gate.withdraw(.app("tiktok"))
        #expect(try await gate.last()?.status == .compliant)
    }

    @Test func anAnswerIsThereAfterARestart() async throws {
        _ = try await phone.gate().declare(.ownership(.organization))
        #expect(try await phone.check().className == .service)
    }

    @Test func twoGatesOfOneAppKnowWhatWasSaidToEither() async throws {
        let (one, other) = (try phone.gate(), try phone.gate())
        try await one.declare(.ownership(.organization))
        #expect(try await other.check().className == .service)
        try await other.withdraw(.fact(.ownership))
        #expect(try await one.check().className == .undetermined)
    }

    @Test func aClockThatIsSetBackGivesNoTermAgain() async throws {
        phone.configure(["octroi.device.ownership": "organization"])
        phone.applications.answering = [tiktok]
        #expect(try await phone.check().access.decision == .deny)
        phone.clock.set(atFirst)
        let assessment = try await phone.check()
        #expect(assessment.access.decision == .deny)
        #expect(assessment.codes.contains(Codes.clockWentBack))
    }

    @Test func aDamagedStateIsSaidAndStopsNobody() async throws {
        _ = try await phone.check()
        let files = try FileManager.default.contentsOfDirectory(at: phone.directory, includingPropertiesForKeys: nil)
        let written = try files.filter { try !Data(contentsOf: $0).isEmpty }
        #expect(!written.isEmpty)
        for file in written { try Data("damaged".utf8).write(to: file) }
        let assessment = try await phone.check()
        #expect(assessment.status == .compliant)
        #expect(assessment.codes.contains(Codes.stateDamaged))
    }

    @Test func noOtherAppIsAskedFor() async throws {
        _ = try await phone.check()
        #expect(phone.applications.asked == ["app-settings"] + schemes)
    }

    @Test func anAssessmentIsExplainedInThePersonsLanguage() async throws {
        let gate = try phone.gate()
        let assessment = try await gate.check()
        #expect(try gate.explain(assessment, in: .nl) != gate.explain(assessment, in: .fr))
        #expect(Language.first(of: ["pt-PT", "nl-BE", "fr-BE"]) == .nl)
        #expect(Language.first(of: ["pt-PT"]) == .en)
    }
}
