import Foundation
import Octroi

/// An assessment as a vector expects it, built field by field.
func builtAssessment(_ json: Any) throws -> Assessment {
    try Fields.read(json) { fields in
        guard try fields.number("format") == 1 else { throw Unexpected("another format") }
        return Assessment(
            deviceId: try fields.text("device_id"),
            assessedAt: try parsedInstant(fields.needText("assessed_at")),
            validUntil: try fields.instant("valid_until"),
            access: try fields.needRecord("access", access),
            status: try fields.needWord("status", Words.status),
            assessments: try fields.records("assessments", policyAssessment)
        )
    }
}

private func policyAssessment(_ fields: Fields) throws -> PolicyAssessment {
    PolicyAssessment(
        policy: try fields.needRecord("policy") { PolicyRef(id: try $0.needText("id"), version: UInt32(try $0.number("version"))) },
        validUntil: try fields.instant("valid_until"),
        deviceClass: try fields.needRecord("device_class") { fields in
            DeviceClass(
                class: try fields.needWord("class", Words.className),
                because: try fields.list("because").map { try meaning($0, Words.fact) },
                missing: try fields.list("missing").map { try meaning($0, Words.fact) }
            )
        },
        access: try fields.needRecord("access", access),
        status: try fields.needWord("status", Words.status),
        findings: try fields.records("findings") { fields in
            Finding(
                app: try fields.needText("app"),
                presence: try fields.needWord("presence", Words.presence),
                evidence: try fields.texts("evidence"),
                install: try fields.word("install", Words.install)
            )
        },
        obligations: try fields.records("obligations") { fields in
            Obligation(
                kind: try fields.needWord("kind", Words.obligationKind),
                app: try fields.needText("app"),
                due: try fields.text("due"),
                state: try fields.needWord("state", Words.obligationState),
                basis: try fields.needText("basis")
            )
        },
        reasons: try fields.records("reasons") { fields in
            Reason(code: try fields.needText("code"), basis: try fields.text("basis"), interpretation: try cast(fields.need("interpretation")))
        },
        advice: try fields.records("advice") { Advice(code: try $0.needText("code"), basis: try $0.text("basis")) }
    )
}

private func access(_ fields: Fields) throws -> Access {
    Access(
        decision: try fields.needWord("decision", Words.decision),
        zone: try fields.needWord("zone", Words.zone),
        certain: try cast(fields.need("certain")),
        missing: try fields.texts("missing").map(missing)
    )
}

private func missing(_ text: String) throws -> Missing {
    text.hasPrefix("app.") ? .app(String(text.dropFirst("app.".count))) : .fact(try meaning(text, Words.fact))
}
