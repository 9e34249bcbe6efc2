import Foundation
import Octroi
import Testing

/// What is wrong is an error of ours, by its variant, wherever it stands.
@Suite struct ErrorsTests {
    private let deployment = defaultDeployment()

    /// The kind of the value that is refused.
    private func refusedKind(_ change: (inout Record, inout Deployment) -> Void) throws -> String {
        var (record, changed) = (Record(device: Device(platform: .ios)), deployment)
        change(&record, &changed)
        let policies = try Policies.embedded(deployment: deployment)
        guard case .Value(let place, _, _)? = refusal({ try policies.assess(record: record, deployment: changed, at: Date()) }) else {
            throw Unexpected("it was taken")
        }
        return place
    }

    private func seen(_ seen: Seen) -> [Observation] {
        [Observation(scope: .device, apps: [SeenApp(seen: seen)])]
    }

    @Test func aValueThatIsNoneOfItsKindIsRefusedByItsKind() throws {
        #expect(try refusedKind { record, _ in record.declarations = ["": Declaration(value: .absent)] } == "AppId")
        #expect(try refusedKind { record, _ in record.observations = seen(.id(id: "")) } == "AppIdentifier")
        #expect(try refusedKind { record, _ in record.observations = seen(.name("")) } == "ObservedText")
        #expect(try refusedKind { record, _ in record.observations = seen(.id(id: "org.example", signers: ["sha1:00"])) } == "Signer")
        #expect(try refusedKind { record, _ in record.roles = [""] } == "NonEmpty")
        #expect(try refusedKind { _, deployment in deployment.policies = ["Not a policy"] } == "PolicyId")
        #expect(try refusedKind { _, deployment in deployment.internalHosts = ["https://example.org"] } == "HostPattern")
        #expect(try refusedKind { _, deployment in deployment.policyStaleAfter = 90 * 60 } == "WholeHours")
        #expect(try refusedKind { _, deployment in deployment.extraHolidays = ["2023-02-30"] } == "Day")
    }

    /// A duration that is none is an error that an app can catch, and ends no process.
    @Test(arguments: [-1, -.infinity, .nan] as [TimeInterval])
    func aDurationIsNotNegative(_ seconds: TimeInterval) throws {
        #expect(try refusedKind { _, deployment in deployment.policyStaleAfter = seconds } == "WholeHours")
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("octroi-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }
        let core = try GateCore.open(directory: directory.path, deployment: deployment)
        guard case .Value(place: "Age", _, _)? = refusal({ try core.current(notOlderThan: seconds) }) else { throw Unexpected("it was taken") }
    }

    @Test func theDescriptionIsTheOneOfRust() throws {
        var wrong = deployment
        wrong.policies = [""]
        let error = try #require(refusal { try Policies.embedded(deployment: wrong) })
        #expect("\(error)" == "`PolicyId`: found an empty text, expected a policy id: lower-case letters, digits and `-`")
        #expect(error.errorDescription == "\(error)")
    }

    @Test func policiesThatDoNotGoTogetherAreRefused() throws {
        var changed = deployment
        changed.policies = ["be-brussels-local", "be-brussels-local"]
        #expect(refusal { try Policies.embedded(deployment: changed) } == .PolicyTwice(id: "be-brussels-local"))
        changed.policies = []
        #expect(refusal { try Policies.embedded(deployment: changed) } == .NoPolicy)
        guard case .PolicyNotAvailable? = refusal({ try Policies.fromDocuments(documents: [], deployment: deployment) }) else {
            throw Unexpected("it was taken")
        }
        changed = deployment
        changed.notifiedOn = .each(["be-brussels-region": "2023-03-27"])
        guard case .NotifiedUnknown(id: "be-brussels-region", _)? = refusal({ try Policies.embedded(deployment: changed) }) else {
            throw Unexpected("it was taken")
        }
        guard case .Document? = refusal({ try Policies.fromDocuments(documents: [PolicyDocument(json: "[]")], deployment: deployment) }) else {
            throw Unexpected("it was taken")
        }
    }
}
