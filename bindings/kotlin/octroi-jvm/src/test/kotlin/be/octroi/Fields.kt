package be.octroi

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import java.time.LocalDate
import java.time.OffsetDateTime
import java.time.temporal.ChronoUnit

/**
 * A JSON object of which every key must be read: what a test forgets to hand over, or to compare, fails it.
 */
internal class Fields(private val json: JsonObject) {
    private val read = mutableSetOf<String>()

    /** The value of a key; null if it is missing or null. */
    fun get(key: String): JsonElement? {
        read += key
        return json.get(key)?.takeUnless { it.isJsonNull }
    }

    fun need(key: String): JsonElement = get(key) ?: error("no `$key` in $json")

    fun text(key: String): String? = get(key)?.asString

    fun list(key: String): List<JsonElement> = get(key)?.asJsonArray?.toList().orEmpty()

    fun <T> record(key: String, read: Fields.() -> T): T? = get(key)?.asJsonObject?.read(read)

    fun <T> records(key: String, read: Fields.() -> T): List<T> = list(key).map { it.asJsonObject.read(read) }

    /** The entries of an object with names of its own. */
    fun <T> entries(key: String, read: (JsonElement) -> T): Map<String, T> =
        get(key)?.asJsonObject?.entrySet().orEmpty().associate { (name, value) -> name to read(value) }

    fun unread(): Set<String> = json.keySet() - read
}

/** Reads an object, all of it. */
internal fun <T> JsonObject.read(read: Fields.() -> T): T {
    val fields = Fields(this)
    val value = fields.read()
    check(fields.unread().isEmpty()) { "not read: ${fields.unread()} in $this" }
    return value
}

/** The constant of a word: `in_grace_period` is `IN_GRACE_PERIOD`. */
internal inline fun <reified T : Enum<T>> JsonElement.word(): T = enumValueOf(asString.uppercase().replace('-', '_'))

/** Whole seconds, as octroi counts. */
internal fun instant(text: String): java.time.Instant =
    OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS)

internal fun day(text: String): LocalDate = LocalDate.parse(text)

/** The root of the repository. */
internal val root = File(System.getProperty("octroi.root"))

internal fun json(file: File): JsonElement = JsonParser.parseString(file.readText())
