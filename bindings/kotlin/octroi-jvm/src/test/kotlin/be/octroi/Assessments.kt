package be.octroi

import com.google.gson.JsonElement
import com.google.gson.JsonObject

/** An assessment as a vector expects it, built field by field. */
internal fun assessment(json: JsonObject): Assessment = json.read {
    check(need("format").asInt == 1)
    Assessment(
        deviceId = text("device_id"),
        assessedAt = instant(need("assessed_at").asString),
        validUntil = text("valid_until")?.let(::instant),
        access = need("access").asJsonObject.read { access() },
        status = need("status").word(),
        assessments = records("assessments") { policyAssessment() },
    )
}

private fun Fields.policyAssessment() = PolicyAssessment(
    policy = need("policy").asJsonObject.read {
        PolicyRef(need("id").asString, need("version").asInt.toUInt())
    },
    validUntil = text("valid_until")?.let(::instant),
    deviceClass = need("device_class").asJsonObject.read {
        DeviceClass(need("class").word(), list("because").map(::fact), list("missing").map(::fact))
    },
    access = need("access").asJsonObject.read { access() },
    status = need("status").word(),
    findings = records("findings") {
        Finding(
            app = need("app").asString,
            presence = need("presence").word(),
            evidence = list("evidence").map { it.asString },
            install = get("install")?.word<Install>(),
        )
    },
    obligations = records("obligations") {
        Obligation(
            kind = need("kind").word(),
            app = need("app").asString,
            due = text("due")?.let(::day),
            state = need("state").word(),
            basis = need("basis").asString,
        )
    },
    reasons = records("reasons") {
        Reason(need("code").asString, text("basis"), need("interpretation").asBoolean)
    },
    advice = records("advice") { Advice(need("code").asString, text("basis")) },
)

private fun Fields.access() = Access(
    decision = need("decision").word(),
    zone = need("zone").word(),
    certain = need("certain").asBoolean,
    missing = list("missing").map(::missing),
)

private fun missing(json: JsonElement): Missing =
    if (json.asString.startsWith("app.")) Missing.App(json.asString.removePrefix("app.")) else Missing.Fact(fact(json))

private fun fact(json: JsonElement): Fact = when (json.asString) {
    "ownership" -> Fact.OWNERSHIP
    "funding.purchase" -> Fact.PURCHASE
    "funding.subscription" -> Fact.SUBSCRIPTION
    "funding.usage" -> Fact.USAGE
    else -> error("no fact: $json")
}
