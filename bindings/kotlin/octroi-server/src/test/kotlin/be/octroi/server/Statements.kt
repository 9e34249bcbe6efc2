package be.octroi.server

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import java.time.Instant

/** Statements that the Rust tests made and forged (`tests/evidence/statements.json`), and a server that they are for. */
internal object Statements {
    private val json: JsonObject =
        JsonParser.parseString(File(System.getProperty("octroi.root"), "tests/evidence/statements.json").readText()).asJsonObject

    val challenge = Challenge(json.text("nonce"), json.text("audience"))
    val now: Instant = Instant.parse(json.text("now"))
    val enrolled: Thumbprint = json.text("enrolled")
    val honest = json.text("honest")

    val forged: List<Forged> = json["forged"].asJsonArray.map { it.asJsonObject }.map {
        Forged(
            it.text("what"),
            it.text("code"),
            it.text("token") + "A".repeat(it["padding"].asInt),
            it["answered"].asBoolean,
        )
    }

    val chains: List<Chained> = json["chains"].asJsonArray.map { it.asJsonObject }.map {
        val roots = it["roots"].asJsonArray.map { root -> java.util.Base64.getDecoder().decode(root.asString) }
        Chained(it["chain"].toString(), it.text("token"), roots, it.text("fault"))
    }

    val root: ByteArray = java.util.Base64.getDecoder().decode(json.text("root"))

    val attested: List<Attested> = json["attested"].asJsonArray.map { it.asJsonObject }.map {
        Attested(it["chain"].toString(), it.text("token"), it.textOrNull("level"), it.textOrNull("code"))
    }

    private fun JsonObject.textOrNull(key: String): String? = get(key).takeUnless { it.isJsonNull }?.asString

    private fun JsonObject.text(key: String): String = get(key).asString
}

/** A forgery, the code of its refusal, and whether its nonce was answered before. */
internal class Forged(val what: String, val code: String, val token: String, val answered: Boolean)

/** A statement with a chain, the roots that are pinned, and what is wrong; nothing if it is taken. */
internal class Chained(val chain: String, val token: String, val roots: List<ByteArray>, val fault: String)

/** A statement with a chain that leads to the root; where its key is kept, or the code of its refusal. */
internal class Attested(val chain: String, val token: String, val level: String?, val code: String?)

/** A server that knows one key, judges under the policies that ship, and refuses what does not add up. */
internal class Server(
    keys: KeyResolver = Enrolled(listOf(Statements.enrolled)),
    replay: Replay = OneTime(100u),
    private val requirements: Requirements = Requirements(refuseMismatch = true),
    private val challenge: Challenge = Statements.challenge,
    private val deployment: Deployment = defaultDeployment(),
    private val now: Instant = Statements.now,
    limits: Limits = defaultLimits(),
) {
    private val policies = Policies.embedded(deployment)
    private val verifier = Verifier(keys, replay, limits)

    fun verify(token: String): Evidence = verifier.verify(token, challenge, now)

    fun judge(token: String): Appraisal = appraise(verify(token), policies, deployment, requirements, now)
}
