import Foundation
import Octroi

/// A deployment, built field by field.
func builtDeployment(_ json: Any) throws -> Deployment {
    try Fields.read(json) { fields in
        Deployment(
            administration: try fields.text("administration"),
            policies: try fields.get("policies").map(cast) ?? ["be-brussels-local"],
            notifiedOn: try fields.get("notified_on").map(notifiedOn),
            whenUndetermined: try fields.word("when_undetermined", Words.decision) ?? .deny,
            selfDeclaredFacts: try fields.word("self_declared_facts", Words.selfDeclaredFacts) ?? .accepted,
            declaredAbsence: try fields.word("declared_absence", Words.declaredAbsence) ?? .refused,
            declarationValidFor: try fields.text("declaration_valid_for").map(parsedHours),
            observationValidFor: try fields.text("observation_valid_for").map(parsedHours),
            workingWeek: try fields.word("working_week", Words.workingWeek),
            extraHolidays: Set(try fields.texts("extra_holidays")),
            zones: try fields.record("zones") { ZoneNames(service: try $0.text("service"), personal: try $0.text("personal")) },
            contacts: try fields.record("contacts") { Contacts(supervisor: try $0.text("supervisor"), helpdesk: try $0.text("helpdesk")) },
            internalHosts: try fields.texts("internal_hosts"),
            policyStaleAfter: try fields.text("policy_stale_after").map(parsedHours)
        )
    }
}

private func notifiedOn(_ json: Any) throws -> NotifiedOn {
    if let days = json as? [String: Any] { return .each(try days.mapValues(cast)) }
    return .all(try cast(json))
}
