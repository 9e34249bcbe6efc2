package be.octroi

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.time.Duration

/** A deployment, built field by field. */
internal fun deployment(json: JsonObject): Deployment = json.read {
    Deployment(
        administration = text("administration"),
        policies = get("policies")?.asJsonArray?.map { it.asString } ?: listOf("be-brussels-local"),
        notifiedOn = get("notified_on")?.let(::notifiedOn),
        whenUndetermined = get("when_undetermined")?.word<Decision>() ?: Decision.DENY,
        selfDeclaredFacts = get("self_declared_facts")?.word<SelfDeclaredFacts>() ?: SelfDeclaredFacts.ACCEPTED,
        declaredAbsence = get("declared_absence")?.word<DeclaredAbsence>() ?: DeclaredAbsence.REFUSED,
        declarationValidFor = text("declaration_valid_for")?.let(Duration::parse),
        observationValidFor = text("observation_valid_for")?.let(Duration::parse),
        workingWeek = get("working_week")?.word<WorkingWeek>(),
        extraHolidays = list("extra_holidays").map { day(it.asString) }.toSet(),
        zones = record("zones") { ZoneNames(text("service"), text("personal")) },
        contacts = record("contacts") { Contacts(text("supervisor"), text("helpdesk")) },
        internalHosts = list("internal_hosts").map { it.asString },
        policyStaleAfter = text("policy_stale_after")?.let(Duration::parse),
    )
}

private fun notifiedOn(json: JsonElement): NotifiedOn =
    if (json.isJsonObject) {
        NotifiedOn.Each(json.asJsonObject.entrySet().associate { (policy, at) -> policy to day(at.asString) })
    } else {
        NotifiedOn.All(day(json.asString))
    }
