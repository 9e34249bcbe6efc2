package be.octroi.server

import org.junit.jupiter.api.Assertions.assertAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** A server in Kotlin refuses what one in Rust refuses, for the same reasons. */
internal class ForgedTest {
    @TestFactory
    fun `each forgery is refused for its own reason`() = Statements.forged.map { forged ->
        DynamicTest.dynamicTest(forged.what) {
            val server = Server()
            if (forged.answered) server.judge(forged.token)
            val refused = assertThrows(OctroiException.Refused::class.java) { server.judge(forged.token) }
            assertEquals(forged.code, refused.code, refused.reason)
        }
    }

    @TestFactory
    fun `a chain leads to a pinned root or nowhere`() = Statements.chains.map { chained ->
        DynamicTest.dynamicTest("${chained.chain}: ${chained.fault}") {
            val server = Server(keys = Chains(chained.roots))
            if (chained.fault.isEmpty()) {
                assertEquals(Status.IN_GRACE_PERIOD, server.judge(chained.token).assessment.status)
            } else {
                val refused = assertThrows(OctroiException.Refused::class.java) { server.judge(chained.token) }
                assertEquals(Refusals.UNKNOWN_KEY, refused.code)
                assertTrue(chained.fault in refused.reason, refused.reason)
            }
        }
    }

    @TestFactory
    fun `an attestation counts for this nonce and this key in hardware`() = Statements.attested.map { attested ->
        DynamicTest.dynamicTest(attested.chain) {
            val server = Server(keys = Chains(listOf(Statements.root)))
            if (attested.code == null) {
                assertEquals(attested.level, server.judge(attested.token).attested?.name?.lowercase())
            } else {
                val refused = assertThrows(OctroiException.Refused::class.java) { server.judge(attested.token) }
                assertEquals(attested.code, refused.code, refused.reason)
            }
        }
    }

    /** The table proves nothing if what it starts from is refused as well. */
    @Test
    fun `what nobody forged is taken`() {
        val evidence = Server().verify(Statements.honest)
        assertEquals(Statements.enrolled to Statements.challenge.nonce, evidence.key to evidence.nonce)
        assertEquals(Statements.now to "octroi", evidence.issuedAt to evidence.software)
        assertEquals(listOf(PolicyRef("be-brussels-local", 1u)), evidence.policies)
        val appraisal = Server().judge(Statements.honest)
        assertNull(appraisal.mismatch)
        assertEquals(Status.IN_GRACE_PERIOD, evidence.verdict.status)
        assertEquals(Status.IN_GRACE_PERIOD, appraisal.assessment.status)
    }

    @Test
    fun `an old policy and a full memory are reasons too`() {
        assertEquals(Refusals.REPLAY_STORE_FULL, refusal(Server(replay = OneTime(0u))))
        for ((policy, taken) in listOf(
            PolicyRef("be-brussels-local", 1u) to true,
            PolicyRef("be-brussels-local", 2u) to false,
            PolicyRef("be-brussels-region", 1u) to false,
        )) {
            val code = refusal(Server(requirements = Requirements(minimumVersions = listOf(policy))))
            assertEquals(if (taken) null else Refusals.POLICY_TOO_OLD, code, policy.toString())
        }
    }

    /** A server that compares with a constant finds no other code than those that there are. */
    @Test
    fun `the codes are those of the tables`() {
        val known = Refusals::class.java.fields.filter { it.type == String::class.java }.map { it.get(null) }.toSet()
        val tested = Statements.forged.map { it.code } + Statements.attested.mapNotNull { it.code } + Refusals.REPLAY_STORE_FULL + Refusals.POLICY_TOO_OLD
        assertEquals(known, tested.toSet())
    }

    @Test
    fun `limits are the server's`() {
        val length = Statements.honest.length.toULong()
        val hour = java.time.Duration.ofHours(1)
        val late = Statements.now + hour
        assertAll(
            { assertEquals(Refusals.TOO_LARGE, refusal(Server(limits = defaultLimits().copy(bytes = length - 1u)))) },
            { assertNull(refusal(Server(limits = defaultLimits().copy(bytes = length)))) },
            { assertEquals(Refusals.TOO_OLD, refusal(Server(now = late))) },
            { assertNull(refusal(Server(now = late, limits = defaultLimits().copy(age = hour)))) },
            { assertEquals(Refusals.FROM_THE_FUTURE, refusal(Server(now = Statements.now - hour))) },
            { assertNull(refusal(Server(now = Statements.now - hour, limits = defaultLimits().copy(clockSkew = hour)))) },
        )
    }

    private fun refusal(server: Server): String? = try {
        server.judge(Statements.honest)
        null
    } catch (refused: OctroiException.Refused) {
        refused.code
    }
}
