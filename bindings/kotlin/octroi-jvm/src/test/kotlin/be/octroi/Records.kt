package be.octroi

import com.google.gson.JsonElement
import com.google.gson.JsonObject

/** A record, built field by field. */
internal fun record(json: JsonObject): Record = json.read {
    get("format")
    Record(
        device = need("device").asJsonObject.read { device() },
        roles = record("holder") { list("roles").map { it.asString } }.orEmpty(),
        observations = records("observations") { observation() },
        declarations = entries("declarations", ::declaration),
        impediments = entries("impediments") { it.asJsonObject.read { impediment() } },
    )
}

private fun Fields.device(): Device {
    val funding = record("funding") { Triple(shares("purchase"), shares("subscription"), shares("usage")) }
    return Device(
        id = text("id"),
        platform = need("platform").word(),
        ownership = statements("ownership").map { (value, source) -> OwnershipStatement(value.word(), source) },
        purchase = funding?.first.orEmpty(),
        subscription = funding?.second.orEmpty(),
        usage = funding?.third.orEmpty(),
    )
}

private fun Fields.shares(key: String): List<ShareStatement> =
    statements(key).map { (value, source) -> ShareStatement(value.word(), source) }

/** A bare value, one with its source, or an array of both. */
private fun Fields.statements(key: String): List<Pair<JsonElement, Source>> {
    val statements = get(key) ?: return emptyList()
    val each = if (statements.isJsonArray) statements.asJsonArray.toList() else listOf(statements)
    return each.map { statement ->
        if (statement.isJsonObject) {
            statement.asJsonObject.read { need("value") to (get("source")?.word<Source>() ?: Source.SELF_DECLARED) }
        } else {
            statement to Source.SELF_DECLARED
        }
    }
}

private fun Fields.observation() = Observation(
    source = get("source")?.word<Source>(),
    takenAt = text("taken_at")?.let(::instant),
    scope = get("scope")?.word<Scope>() ?: Scope.DEVICE,
    complete = get("complete")?.asBoolean ?: false,
    apps = records("apps") { seenApp() },
    absent = list("absent").map(::probe),
    notVisible = list("not_visible").map(::probe),
)

private fun Fields.seenApp(): SeenApp {
    val (id, scheme, name) = Triple(text("id"), text("scheme"), text("name"))
    val signers = list("signers").map { it.asString }
    return SeenApp(
        seen = when {
            id != null -> Seen.Id(id, name, signers)
            scheme != null -> Seen.Scheme(scheme)
            else -> Seen.Name(checkNotNull(name))
        },
        firstInstalled = text("first_installed")?.let(::instant),
        version = text("version"),
    )
}

private fun probe(json: JsonElement): Probe =
    if (json.isJsonObject) json.asJsonObject.read { Probe.Scheme(need("scheme").asString) } else Probe.Id(json.asString)

private fun declaration(json: JsonElement): Declaration =
    if (json.isJsonObject) {
        json.asJsonObject.read { Declaration(need("value").word(), text("declared_at")?.let(::instant)) }
    } else {
        Declaration(json.word())
    }

private fun Fields.impediment() = Impediment(text("reason"), text("supervisor_informed_on")?.let(::day))
