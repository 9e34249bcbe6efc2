import Foundation
import Octroi

/// A vector: a situation with the whole assessment expected (`tests/vectors`).
struct Vector: CustomStringConvertible, @unchecked Sendable {
    let description: String
    let deployment: Any
    let record: Any
    let at: Date
    let assessment: Any
    private let documents: [(id: String, document: PolicyDocument)]

    init(file: String, json: Any) throws {
        self = try Fields.read(json) { try Vector(file: file, fields: $0) }
    }

    private init(file: String, fields: Fields) throws {
        description = "\(file): \(try fields.needText("name"))"
        deployment = try fields.need("deployment")
        record = try fields.need("record")
        at = try parsedInstant(fields.needText("at"))
        assessment = try fields.need("assessment")
        let staleSince = try fields.entries("stale_since") { try parsedInstant(cast($0)) }
        documents = try fields.texts("policies").map { name in
            let path = name.hasSuffix(".json") ? "tests/vectors/\(name)" : "core/packs/\(name).json"
            let text = try String(contentsOf: repositoryFile(path), encoding: .utf8)
            let document: [String: Any] = try cast(parsed(text))
            let id: String = try cast(document["id"] as Any)
            return (id, PolicyDocument(json: text, staleSince: staleSince[id]))
        }
    }

    /// Its policies, as documents, in its order.
    func policies(_ deployment: Deployment) throws -> Policies {
        var deployment = deployment
        deployment.policies = documents.map(\.id)
        return try Policies.fromDocuments(documents: documents.map(\.document), deployment: deployment)
    }

    /// All vectors.
    static let all: [Vector] = {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: repositoryFile("tests/vectors").path)
            return try names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name in
                let vectors: [Any] = try cast(json("tests/vectors/\(name)"))
                return try vectors.map { try Vector(file: name, json: $0) }
            }
        } catch {
            fatalError("the vectors cannot be read: \(error)")
        }
    }()
}
