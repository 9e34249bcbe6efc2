import Foundation
import Octroi
@testable import SampleModel
import Testing

/// What the buttons of the screen do.
@MainActor
@Suite struct ScreenModelTests {
    @Test func theScreenWaitsUntilTheFirstCheck() async throws {
        let model = SamplePhone().model()
        #expect(model.screen.banner == Banner(tone: .waiting, verdict: "This phone is being checked…"))
        #expect(model.screen.sections.isEmpty)
        try await following(model) { model.screen.banner.tone == .permit }
        #expect(model.screen.title == "Commune d'Exempleville")
    }

    @Test func anAnswerIsGivenAndTakenBack() async throws {
        let phone = SamplePhone()
        phone.applications.refusing = true
        let model = phone.model()
        try await following(model) { model.screen.banner.tone == .unknown }
        guard case .question(_, let choices) = model.screen.questions.parts.first else { throw NeverShown(screen: model.screen) }
        #expect(!choices.isEmpty)
        let follower = Task { await model.follow() }
        defer { follower.cancel() }
        await model.answer(.app(app: "tiktok", value: .present))
        try await following(model) { model.screen.banner.tone == .deny }
        #expect(model.screen.answers.parts == [.answer("App (tiktok): It is there", .app("tiktok"))])
        await model.takeBack(.app("tiktok"))
        try await following(model) { model.screen.banner.tone == .unknown }
        #expect(model.screen.answers.parts.isEmpty)
    }

    @Test func anAnswerThatIsRefusedIsShown() async throws {
        let model = SamplePhone().model()
        await model.answer(.app(app: "unheard-of", value: .present))
        #expect(model.screen.banner.tone == .failed)
        #expect(model.screen.banner.details == [model.texts.failedOtherwise])
    }

    @Test func aGateThatCannotBeOpenedIsShown() async throws {
        let model = ScreenModel(language: .en) { throw OctroiError.NoPolicy }
        await model.follow()
        #expect(
            model.screen.banner
                == Banner(
                    tone: .failed, verdict: "Nothing could be decided: access is closed",
                    details: ["Please close the app and open it again. If that does not help, tell your helpdesk."]
                ))
    }

    /// What the error itself says is for developers: a person is told in their language what helps.
    @Test func whatHelpsIsSaidInThePersonsLanguage() async {
        let texts = Texts.of(.nl)
        let helps: [(OctroiError, String)] = [
            (.Configuration(key: "octroi.zones", found: "x", expected: "y"), texts.failedConfiguration("octroi.zones")),
            (.PolicyNotAvailable(id: "x", available: "y"), texts.failedConfiguration("octroi.policies")),
            (.NotifiedUnknown(id: "x", given: "y"), texts.failedConfiguration("octroi.notified_on")),
            (.StateNewer(found: 2, known: 1), texts.failedNewer),
            (.Clock(reason: "x"), texts.failedOtherwise),
        ]
        for (error, said) in helps {
            let model = ScreenModel(language: .nl) { throw error }
            await model.follow()
            #expect(model.screen.banner.details == [said])
        }
    }

    @Test func theDemonstrationIsStoppedWithoutAPermit() async throws {
        let phone = SamplePhone()
        phone.applications.answering = ["snssdk1233"]
        let model = phone.model()
        try await following(model) { model.screen.banner.tone == .deny }
        await model.demonstrate()
        let result = try #require(model.demonstration)
        #expect(result.tone == .deny)
        #expect(result.verdict.hasPrefix("The gate stopped the request before any connection. "))
        #expect(result.verdict.contains(model.screen.banner.verdict))
    }

    @Test func theDemonstrationSaysWhenNobodyAnswers() async throws {
        // Nobody listens on this port of this machine.
        let phone = SamplePhone(configuration: ["octroi.internal_hosts": "intranet.localhost"])
        let model = phone.model { URL(string: "http://\($0):9/") }
        try await following(model) { model.screen.banner.tone == .permit }
        #expect(model.screen.host == "intranet.localhost")
        await model.demonstrate()
        #expect(
            model.demonstration
                == Banner(
                    tone: .unknown, verdict: "The gate let the request pass, but intranet.localhost did not answer."
                ))
    }

    /// The request has the phone looked at, and so it may be what leads to the new verdict.
    @Test func aRequestThatANewVerdictStopsSaysSo() async throws {
        let phone = SamplePhone()
        let model = phone.model()
        let follower = Task { await model.follow() }
        defer { follower.cancel() }
        try await following(model) { model.screen.banner.tone == .permit }
        phone.applications.answering = ["snssdk1233"]
        NotificationCenter.default.post(name: phone.foreground, object: nil)
        await model.demonstrate()
        try await following(model) { model.screen.banner.tone == .deny }
        #expect(model.demonstration?.verdict.contains(model.screen.banner.verdict) == true)
    }

    @Test func whatPassedUnderTheVerdictBeforeIsNotShownUnderTheNewOne() async throws {
        let phone = SamplePhone()
        let silent = try SilentServer()
        let model = phone.model { _ in URL(string: "http://127.0.0.1:\(silent.port)/") }
        let follower = Task { await model.follow() }
        defer { follower.cancel() }
        try await following(model) { model.screen.banner.tone == .permit }
        let request = Task { await model.demonstrate() }
        try await following(model) { model.demonstration?.tone == .waiting }
        phone.applications.answering = ["snssdk1233"]
        NotificationCenter.default.post(name: phone.foreground, object: nil)
        try await following(model) { model.screen.banner.tone == .deny }
        silent.close()
        await request.value
        #expect(model.demonstration == nil)
    }

    /// Who does not see the banner hears all of it.
    @Test func aVerdictIsReadOutWithItsDetails() async throws {
        let model = SamplePhone().model()
        try await following(model) { model.screen.banner.tone == .permit }
        let banner = model.screen.banner
        #expect(!banner.details.isEmpty)
        #expect(banner.spoken == "\(banner.verdict). \(banner.details.joined(separator: ". "))")
    }

    @Test func aNewVerdictTakesTheDemonstrationAway() async throws {
        let phone = SamplePhone()
        let model = phone.model { _ in URL(string: "http://intranet.exempleville.example:9/") }
        phone.applications.answering = ["snssdk1233"]
        try await following(model) { model.screen.banner.tone == .deny }
        await model.demonstrate()
        #expect(model.demonstration != nil)
        phone.applications.answering = []
        NotificationCenter.default.post(name: phone.foreground, object: nil)
        try await following(model) { model.screen.banner.tone == .permit }
        #expect(model.demonstration == nil)
    }
}
