package be.octroi

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.nimbusds.jose.JWSAlgorithm
import com.nimbusds.jose.crypto.ECDSAVerifier
import com.nimbusds.jwt.SignedJWT
import java.nio.file.Files
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.Base64
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What a server gets from a phone: signed by its key, for this server and this question, and with nobody's apps in it. */
internal class EvidenceTest {
    private val gate = GateCore.open(
        Files.createTempDirectory("octroi").toString(),
        defaultDeployment(),
        object : Clock {
            override fun now() = java.time.Instant.parse("2023-04-20T12:00:00Z")
        },
    )
    private val keys = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
    private val signer = SoftwareSigner(keys)

    @AfterEach
    fun close() = gate.close()

    private fun evidence(signer: EvidenceSigner = this.signer, nonce: String = NONCE, audience: String = AUDIENCE) =
        gate.evidence(phone, nonce, audience, signer)

    private fun part(token: String, index: Int): ByteArray = Base64.getUrlDecoder().decode(token.split(".")[index])

    private fun json(token: String, index: Int): JsonObject = JsonParser.parseString(part(token, index).decodeToString()).asJsonObject

    private fun isSigned(token: String): Boolean = Signature.getInstance("SHA256withECDSAinP1363Format").run {
        initVerify(keys.public)
        update(token.substringBeforeLast('.').toByteArray())
        verify(part(token, 2))
    }

    /** A server that knows JOSE and no octroi: what it reads is what was meant. */
    @Test
    fun `a statement is signed by the key that it names, for the server that asked`() {
        val token = SignedJWT.parse(evidence())
        val key = token.header.jwk.toECKey()
        assertEquals(keys.public, key.toECPublicKey())
        assertTrue(token.verify(ECDSAVerifier(key)))
        assertEquals(JWSAlgorithm.ES256 to "eat+jwt", token.header.algorithm to token.header.type.type)
        val claims = token.jwtClaimsSet
        assertEquals(NONCE to listOf(AUDIENCE), claims.getStringClaim("eat_nonce") to claims.audience)
        val verdict = claims.getJSONObjectClaim("octroi")["verdict"] as Map<*, *>
        assertEquals("deny", verdict["decision"])
    }

    @Test
    fun `no other app is stated, and no device`() {
        val claims = part(evidence(), 1).decodeToString()
        assertTrue("com.zhiliaoapp.musically" in claims, claims)
        assertFalse(MARK in claims, claims)
    }

    /** Java signs in DER, Apple's enclave and servers' modules in either form. */
    @Test
    fun `both forms of a signature are taken`() {
        val raw = object : EvidenceSigner by signer {
            override fun sign(bytes: ByteArray) = Signature.getInstance("SHA256withECDSAinP1363Format").run {
                initSign(keys.private)
                update(bytes)
                sign()
            }
        }
        assertTrue(isSigned(evidence(raw)))
    }

    @Test
    fun `a chain is stated in place of a key`() {
        val certificates = listOf(byteArrayOf(1, 2, 3), byteArrayOf(4))
        val token = evidence(object : EvidenceSigner by signer {
            override fun identity() = Identity.Chain(certificates)
        })
        val header = json(token, 0)
        assertEquals(listOf("AQID", "BA=="), header["x5c"].asJsonArray.map { it.asString })
        assertFalse(header.has("jwk"))
    }

    @Test
    fun `a signer that cannot sign states nothing`() {
        val failing = listOf<EvidenceSigner>(
            object : EvidenceSigner by signer {
                override fun sign(bytes: ByteArray) = error("the key is locked")
            },
            object : EvidenceSigner by signer {
                override fun identity() = throw PortException.Failed("the key is locked")
            },
        )
        for (one in failing) {
            val error = assertThrows(OctroiException.Signer::class.java) { evidence(one) }
            assertTrue("the key is locked" in error.reason, error.reason)
        }
        val wrong = listOf<EvidenceSigner>(
            object : EvidenceSigner by signer {
                override fun sign(bytes: ByteArray) = ByteArray(63)
            },
            object : EvidenceSigner by signer {
                override fun identity() = Identity.Key(KeyPairGenerator.getInstance("RSA").generateKeyPair().public.encoded)
            },
        )
        for (one in wrong) assertThrows(OctroiException.Signer::class.java) { evidence(one) }
    }

    @Test
    fun `a nonce or an audience that is none is refused`() {
        val error = assertThrows(OctroiException.Value::class.java) { evidence(nonce = "short") }
        assertEquals("nonce", error.place)
        assertEquals("audience", assertThrows(OctroiException.Value::class.java) { evidence(audience = "") }.place)
    }

    private companion object {
        const val NONCE = "8f14e45fceea167a"
        const val AUDIENCE = "https://gateway.example"
        const val MARK = "marked4711"

        val phone = personWithTikTok.copy(
            device = personWithTikTok.device.copy(id = "$MARK-device"),
            observations = personWithTikTok.observations.map {
                it.copy(complete = true, apps = it.apps + SeenApp(Seen.Id("org.$MARK.app", name = MARK)))
            },
        )
    }
}
