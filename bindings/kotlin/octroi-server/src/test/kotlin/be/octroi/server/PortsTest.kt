package be.octroi.server

import java.security.KeyFactory
import java.security.spec.X509EncodedKeySpec
import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A server's own tables in place of ours. */
internal class PortsTest {
    private val answered = mutableMapOf<String, Instant>()

    /** What a table in a database would do. */
    private val table = object : Replay {
        override fun firstUse(nonce: String, until: Instant, now: Instant): NonceUse =
            if (answered.putIfAbsent(nonce, until) == null) NonceUse.FIRST else NonceUse.AGAIN
    }

    @Test
    fun `a resolver of the server's own is asked, and its key counts`() {
        var asked: KeyHint? = null
        val own = object : KeyResolver {
            override fun resolve(hint: KeyHint, at: Instant): KnownKey {
                asked = hint
                assertEquals(Statements.now, at)
                return KnownKey(checkNotNull(hint.key))
            }
        }
        val evidence = Server(keys = own, replay = table).verify(Statements.honest)
        assertEquals(Statements.enrolled, evidence.key)
        val key = checkNotNull(asked?.key)
        assertEquals("EC", KeyFactory.getInstance("EC").generatePublic(X509EncodedKeySpec(key)).algorithm)
        assertEquals(Statements.enrolled, thumbprint(key))
        assertTrue(checkNotNull(asked).chain.isEmpty())
        // Six minutes: its age, and a minute for the clocks.
        assertEquals(mapOf(Statements.challenge.nonce to Statements.now.plusSeconds(360)), answered)
    }

    @Test
    fun `a memory of the server's own refuses what was answered`() {
        val server = Server(replay = table)
        server.verify(Statements.honest)
        val refused = assertThrows(OctroiException.Refused::class.java) { server.verify(Statements.honest) }
        assertEquals(Refusals.REPLAYED, refused.code)
    }

    /** One that is asked after another: enrolled, or by a chain. */
    @Test
    fun `resolvers can be put together`() {
        val chained = Statements.chains.first { it.fault.isEmpty() }
        val enrolled = Enrolled(listOf(Statements.enrolled))
        val chains = Chains(chained.roots)
        val either = object : KeyResolver {
            override fun resolve(hint: KeyHint, at: Instant): KnownKey =
                (if (hint.key == null) chains else enrolled).resolve(hint, at)
        }
        for (token in listOf(Statements.honest, chained.token)) Server(keys = either).verify(token)
    }

    @Test
    fun `a key that nobody answers for is refused with the server's reason`() {
        val nobody = object : KeyResolver {
            override fun resolve(hint: KeyHint, at: Instant): KnownKey = throw KeyFault.Unknown("the phone was reported stolen")
        }
        val refused = assertThrows(OctroiException.Refused::class.java) { Server(keys = nobody).verify(Statements.honest) }
        assertEquals(Refusals.UNKNOWN_KEY, refused.code)
        assertEquals("the key is not known: the phone was reported stolen", refused.reason)
    }

    /** A table that cannot be reached says nothing of a phone, and lets none in. */
    @Test
    fun `what a server's own code cannot tell is no refusal`() {
        val down = object : KeyResolver {
            override fun resolve(hint: KeyHint, at: Instant): KnownKey = error("the database is down")
        }
        val none = object : KeyResolver {
            override fun resolve(hint: KeyHint, at: Instant): KnownKey = KnownKey(ByteArray(3))
        }
        val full = object : Replay {
            override fun firstUse(nonce: String, until: Instant, now: Instant): NonceUse = throw PortException.Failed("the disk is full")
        }
        val failed = assertThrows(OctroiException.Port::class.java) { Server(keys = down).verify(Statements.honest) }
        assertTrue("the database is down" in failed.reason, failed.reason)
        assertThrows(OctroiException.Value::class.java) { Server(keys = none).verify(Statements.honest) }
        assertThrows(OctroiException.Port::class.java) { Server(replay = full).verify(Statements.honest) }
    }

    /** Whoever answers for keys by a table may know where each is kept, and what for; it counts as from a certificate. */
    @Test
    fun `what a resolver says was attested is held against the nonce`() {
        fun server(attestation: Attestation) = Server(
            keys = object : KeyResolver {
                override fun resolve(hint: KeyHint, at: Instant) = KnownKey(checkNotNull(hint.key), attestation)
            },
        )
        val right = Attestation(SecurityLevel.STRONGBOX, Statements.challenge.nonce.toByteArray(), generated = true)
        assertEquals(SecurityLevel.STRONGBOX, server(right).judge(Statements.honest).attested)
        for ((wrong, code) in listOf(
            right.copy(challenge = ByteArray(0)) to Refusals.WRONG_ATTESTATION_CHALLENGE,
            right.copy(level = SecurityLevel.SOFTWARE) to Refusals.SOFTWARE_KEY,
            right.copy(generated = false) to Refusals.IMPORTED_KEY,
        )) {
            val refused = assertThrows(OctroiException.Refused::class.java) { server(wrong).verify(Statements.honest) }
            assertEquals(code, refused.code)
        }
    }

    @Test
    fun `what is no key and no certificate is refused when it is enrolled`() {
        assertThrows(OctroiException.Value::class.java) { Enrolled(listOf("not a thumbprint")) }
        assertThrows(OctroiException.Value::class.java) { thumbprint(ByteArray(65)) }
        assertThrows(OctroiException.Value::class.java) { Chains(listOf(ByteArray(9))) }
    }
}
