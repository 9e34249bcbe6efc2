import Foundation
import Octroi
import Testing

/// The JSON forms say the same as the types.
@Suite struct TextFormsTests {
    private let everyKey = "tests/tests/schemas/every-key/"

    private func text(_ path: String) throws -> String { try String(contentsOf: repositoryFile(path), encoding: .utf8) }

    @Test func aRecordWithEveryKeyIsReadLikeItIsBuilt() throws {
        let policies = try Policies.embedded(deployment: defaultDeployment())
        let path = everyKey + "record.json"
        #expect(try builtRecord(json(path)) == policies.recordFromJson(json: text(path)))
    }

    @Test func aDeploymentWithEveryKeyIsReadLikeItIsBuilt() throws {
        let path = everyKey + "deployment.json"
        #expect(try builtDeployment(json(path)) == deploymentFromJson(json: text(path)))
    }

    @Test func theDefaultDeploymentIsTheOneThatSetsNothing() throws {
        #expect(try deploymentFromJson(json: "{}") == defaultDeployment())
        #expect(try builtDeployment([String: Any]()) == defaultDeployment())
    }

    @Test("the record and the deployment of a vector are read like they are built", arguments: Vector.all)
    func vectorIsRead(_ vector: Vector) throws {
        func text(_ json: Any) throws -> String { String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self) }
        let deployment = try builtDeployment(vector.deployment)
        #expect(try deploymentFromJson(json: text(vector.deployment)) == deployment)
        let policies = try vector.policies(deployment)
        #expect(try policies.recordFromJson(json: text(vector.record)) == builtRecord(vector.record))
    }

    @Test("an assessment is written as the vector has it", arguments: Vector.all)
    func assessmentIsWritten(_ vector: Vector) throws {
        let written = try parsed(assessmentToJson(assessment: builtAssessment(vector.assessment)))
        #expect((written as? NSDictionary) == (vector.assessment as? NSDictionary))
    }

    @Test func aWrongDocumentIsRefusedWithItsPlace() throws {
        let wrong = "{\n  \"device\": { \"platform\": \"android\", \"ownership\": \"company\" } }"
        let policies = try Policies.embedded(deployment: defaultDeployment())
        let error = try #require(refusal { try policies.recordFromJson(json: wrong) })
        guard case .Document(let line, _, let place, let found, _) = error else { throw error }
        #expect(line == 2)
        #expect(place == "device.ownership")
        #expect(found == "unknown word `company`")
    }
}

/// What octroi refused it with.
func refusal<Value>(_ work: () throws -> Value) -> OctroiError? {
    do {
        _ = try work()
        return nil
    } catch {
        return error as? OctroiError
    }
}

/// The same of what takes its time.
func refused<Value: Sendable>(isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value) async -> OctroiError? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error as? OctroiError
    }
}
