import Foundation
import Octroi

/// A record, built field by field.
func builtRecord(_ json: Any) throws -> Record {
    try Fields.read(json) { fields in
        _ = fields.get("format")
        return Record(
            device: try fields.needRecord("device", device),
            roles: try fields.record("holder") { try $0.texts("roles") } ?? [],
            observations: try fields.records("observations", observation),
            declarations: try fields.entries("declarations", declaration),
            impediments: try fields.entries("impediments") { try Fields.read($0, impediment) }
        )
    }
}

private func device(_ fields: Fields) throws -> Device {
    let funding = try fields.record("funding") { ($0, try shares($0, "purchase"), try shares($0, "subscription"), try shares($0, "usage")) }
    return Device(
        id: try fields.text("id"),
        platform: try fields.needWord("platform", Words.platform),
        ownership: try statements(fields, "ownership").map { OwnershipStatement(value: try meaning($0, Words.ownership), source: $1) },
        purchase: funding?.1 ?? [],
        subscription: funding?.2 ?? [],
        usage: funding?.3 ?? []
    )
}

private func shares(_ fields: Fields, _ key: String) throws -> [ShareStatement] {
    try statements(fields, key).map { ShareStatement(value: try meaning($0, Words.share), source: $1) }
}

/// A bare value, one with its source, or an array of both.
private func statements(_ fields: Fields, _ key: String) throws -> [(Any, Source)] {
    guard let statements = fields.get(key) else { return [] }
    let each = statements as? [Any] ?? [statements]
    return try each.map { statement in
        guard statement is [String: Any] else { return (statement, .selfDeclared) }
        return try Fields.read(statement) { (try $0.need("value"), try $0.word("source", Words.source) ?? .selfDeclared) }
    }
}

private func observation(_ fields: Fields) throws -> Observation {
    Observation(
        source: try fields.word("source", Words.source),
        takenAt: try fields.instant("taken_at"),
        scope: try fields.word("scope", Words.scope) ?? .device,
        complete: try fields.bool("complete") ?? false,
        apps: try fields.records("apps", seenApp),
        absent: try fields.list("absent").map(probe),
        notVisible: try fields.list("not_visible").map(probe)
    )
}

private func seenApp(_ fields: Fields) throws -> SeenApp {
    let (id, scheme, name) = (try fields.text("id"), try fields.text("scheme"), try fields.text("name"))
    let signers = try fields.texts("signers")
    let seen: Seen
    switch (id, scheme, name) {
    case (let id?, nil, _): seen = .id(id: id, name: name, signers: signers)
    case (nil, let scheme?, nil): seen = .scheme(scheme)
    case (nil, nil, let name?): seen = .name(name)
    default: throw Unexpected("an app that is \(id ?? "-"), \(scheme ?? "-"), \(name ?? "-")")
    }
    return SeenApp(seen: seen, firstInstalled: try fields.instant("first_installed"), version: try fields.text("version"))
}

private func probe(_ json: Any) throws -> Probe {
    if let id = json as? String { return .id(id) }
    return try Fields.read(json) { .scheme(try $0.needText("scheme")) }
}

private func declaration(_ json: Any) throws -> Declaration {
    guard json is [String: Any] else { return Declaration(value: try meaning(json, Words.declared)) }
    return try Fields.read(json) {
        Declaration(value: try $0.needWord("value", Words.declared), declaredAt: try $0.instant("declared_at"))
    }
}

private func impediment(_ fields: Fields) throws -> Impediment {
    Impediment(reason: try fields.text("reason"), supervisorInformedOn: try fields.text("supervisor_informed_on"))
}
