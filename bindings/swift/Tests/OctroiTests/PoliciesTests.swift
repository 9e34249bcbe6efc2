import Foundation
import Octroi
import Testing

@Suite struct PoliciesTests {
    private let deployment: Deployment
    private let policies: Policies
    private let record = Record(
        device: Device(platform: .ios, ownership: [OwnershipStatement(value: .organization, source: .mdm)]),
        observations: [Observation(scope: .device, apps: [SeenApp(seen: .scheme(tiktok))])]
    )

    init() throws {
        var deployment = defaultDeployment()
        deployment.administration = "Commune d'Exemple"
        deployment.zones = ZoneNames(service: "ADM-SERVICE")
        deployment.contacts = Contacts(helpdesk: "help@example.org")
        deployment.observationValidFor = 7 * 24 * 3600
        self.deployment = deployment
        policies = try Policies.embedded(deployment: deployment)
    }

    private func assess() throws -> Assessment {
        try policies.assess(record: record, deployment: deployment, at: atFirst)
    }

    @Test func policiesSayWhichTheyAreAndWhatToLookFor() {
        #expect(policies.versions().map(\.id) == ["be-brussels-local"])
        let watchlist = policies.watchlist(platform: .ios)
        #expect(watchlist.apps == ["tiktok"])
        #expect(watchlist.schemes.map(\.text) == schemes)
        #expect(policies.watchlist(platform: .android).schemes.isEmpty)
    }

    @Test func anAssessmentIsExplainedInEachLanguageInTheAdministrationsOwnWords() throws {
        let assessment = try assess()
        let languages: [Language] = [.fr, .nl, .de, .en]
        let said = try languages.map { try policies.explain(assessment: assessment, deployment: deployment, language: $0) }
        #expect(Set(said.map(\.verdict)).count == 4)
        let english = said[3]
        #expect(english.verdict == "Access allowed, removal due by 3 April 2023")
        #expect(english.network.contains("ADM-SERVICE"))
        #expect(english.contacts[0].contains("help@example.org"))
        #expect(english.policies[0].whatToDo[0].basis?.id == "CIRC2023/07#2")
        #expect(english.headings.whatToDo == "What to do")
    }

    @Test func theLanguageFollowsTheLocale() {
        #expect(languageFromTag(tag: "nl-BE") == .nl)
        #expect(languageFromTag(tag: "pt") == nil)
    }

    @Test func everyCodeHasItsConstantInTheOrderOfTheList() throws {
        var assessment = try assess()
        assessment.assessments[0].findings[0].evidence = Codes.all.reversed()
        let written = try deepest(parsed(assessmentToJson(assessment: assessment)), ["assessments", "findings"])
        #expect(written["evidence"] as? [String] == Codes.all)
        #expect(assessment.assessments[0].reasons[0].code == Codes.ownedByOrganization)
    }

    @Test func manyTasksMayAskAtOnce() async throws {
        let (policies, record, deployment) = (policies, record, deployment)
        let expected = try assess()
        let tasks = (0..<400).map { _ in
            Task.detached { try policies.assess(record: record, deployment: deployment, at: atFirst) }
        }
        for task in tasks { #expect(try await task.value == expected) }
    }

    /// The first object of a list in the first object of a list.
    private func deepest(_ json: Any, _ keys: [String]) throws -> [String: Any] {
        try keys.reduce(try cast(json)) { object, key in
            let list: [[String: Any]] = try cast(object[key] as Any)
            return list[0]
        }
    }
}
