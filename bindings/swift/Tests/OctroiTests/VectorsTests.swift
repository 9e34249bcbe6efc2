import Octroi
import Testing

/// Every vector through the typed API: no record, deployment or assessment crosses the border as JSON.
@Suite struct VectorsTests {
    @Test("comes out as written", arguments: Vector.all)
    func comesOut(_ vector: Vector) throws {
        let deployment = try builtDeployment(vector.deployment)
        let policies = try vector.policies(deployment)
        let said = try policies.assess(record: builtRecord(vector.record), deployment: deployment, at: vector.at)
        #expect(try said == builtAssessment(vector.assessment))
    }
}
