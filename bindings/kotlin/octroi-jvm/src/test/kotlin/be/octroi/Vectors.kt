package be.octroi

import com.google.gson.JsonObject
import java.io.File

/** A vector: a situation with the whole assessment expected (`tests/vectors`). */
internal class Vector(private val file: File, json: JsonObject) {
    private val fields = json.read {
        listOf("name", "policies", "stale_since", "deployment", "record", "at", "assessment").associateWith { get(it) }
    }

    val name: String get() = "${file.name}: ${fields.getValue("name")?.asString}"
    val record: JsonObject get() = value("record")
    val deployment: JsonObject get() = value("deployment")
    val assessment: JsonObject get() = value("assessment")
    val at: java.time.Instant get() = instant(checkNotNull(fields["at"]).asString)

    /** Its policies, as documents, in its order. */
    fun policies(deployment: Deployment): Policies {
        val documents = checkNotNull(fields["policies"]).asJsonArray.map { document(it.asString) }
        val ids = documents.map { it.id }
        return Policies.fromDocuments(documents.map { it.document }, deployment.copy(policies = ids))
    }

    private fun document(name: String): Identified {
        val folder = root.resolve(if (name.endsWith(".json")) "tests/vectors" else "core/packs")
        val text = folder.resolve(name.removeSuffix(".json") + ".json").readText()
        val id = com.google.gson.JsonParser.parseString(text).asJsonObject.get("id").asString
        val staleSince = fields["stale_since"]?.asJsonObject?.get(id)?.asString?.let(::instant)
        return Identified(id, PolicyDocument(text, staleSince))
    }

    private class Identified(val id: String, val document: PolicyDocument)

    private fun value(key: String): JsonObject = checkNotNull(fields[key]).asJsonObject
}

/** All vectors. */
internal fun vectors(): List<Vector> {
    val files = checkNotNull(root.resolve("tests/vectors").listFiles { file -> file.extension == "json" })
    return files.sorted().flatMap { file -> json(file).asJsonArray.map { Vector(file, it.asJsonObject) } }
}
