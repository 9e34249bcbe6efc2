package be.octroi.server

import be.octroi.Clock
import be.octroi.EvidenceSigner
import be.octroi.GateCore
import com.nimbusds.jose.JOSEObjectType
import com.nimbusds.jose.JWSAlgorithm
import com.nimbusds.jose.JWSHeader
import com.nimbusds.jose.crypto.ECDSASigner
import com.nimbusds.jose.crypto.ECDSAVerifier
import com.nimbusds.jose.jwk.Curve
import com.nimbusds.jose.jwk.ECKey
import com.nimbusds.jwt.JWTClaimsSet
import com.nimbusds.jwt.SignedJWT
import java.nio.file.Files
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.time.Duration
import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** From a phone to a gateway and an identity provider that know JOSE and no octroi. */
internal class ResultsTest {
    private val now = Instant.parse("2023-04-20T12:00:00Z")
    private val phone = keys()
    private val server = keys()
    private val challenge = Challenge("8f14e45fceea167a", "https://gateway.example")
    private val knows = Server(
        keys = Enrolled(listOf(thumbprint(phone.public.encoded))),
        challenge = challenge,
        now = now,
        replay = OneTime(10u),
    )

    private fun keys(): KeyPair =
        KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()

    /** A phone on which the app stayed for too long states it, as in an app of a phone. */
    private fun statement(signer: EvidenceSigner = be.octroi.SoftwareSigner(phone)): String {
        val gate = GateCore.open(
            Files.createTempDirectory("octroi").toString(),
            be.octroi.defaultDeployment(),
            object : Clock {
                override fun now() = this@ResultsTest.now
            },
        )
        return gate.use { it.evidence(record(), challenge.nonce, challenge.audience, signer) }
    }

    private fun record(): be.octroi.Record {
        val owner = be.octroi.OwnershipStatement(be.octroi.Ownership.ORGANIZATION, be.octroi.Source.MDM)
        val app = be.octroi.SeenApp(be.octroi.Seen.Id("com.zhiliaoapp.musically"))
        return be.octroi.Record(
            be.octroi.Device(platform = be.octroi.Platform.ANDROID, ownership = listOf(owner)),
            observations = listOf(be.octroi.Observation(scope = be.octroi.Scope.DEVICE, complete = true, apps = listOf(app))),
        )
    }

    @Test
    fun `what a phone stated becomes a result for a gateway and an event for an identity provider`() {
        val appraisal = knows.judge(statement())
        assertEquals(Decision.DENY to Status.NONCOMPLIANT, appraisal.assessment.access.decision to appraisal.assessment.status)
        val signer = SoftwareSigner(server)

        val result = SignedJWT.parse(ear(appraisal, "https://verifier.example", now, Duration.ofMinutes(5), signer))
        assertTrue(result.verify(ECDSAVerifier(server.public as ECPublicKey)))
        assertEquals(thumbprint(server.public.encoded), result.header.keyID)
        val claims = result.jwtClaimsSet
        assertEquals("https://verifier.example" to thumbprint(phone.public.encoded), claims.issuer to claims.subject)
        assertEquals(now to now.plusSeconds(300), claims.issueTime.toInstant() to claims.expirationTime.toInstant())
        val appraised = (claims.getJSONObjectClaim("submods")["octroi"] as Map<*, *>)
        assertEquals("contraindicated", appraised["ear.status"])
        assertEquals(setOf("configuration"), (appraised["ear.trustworthiness-vector"] as Map<*, *>).keys)

        val change = ComplianceChange("https://verifier.example", "https://idp.example", "1", "inventory-7", Decision.PERMIT)
        val event = SignedJWT.parse(event(change, appraisal, now, signer))
        assertTrue(event.verify(ECDSAVerifier(server.public as ECPublicKey)))
        assertEquals("secevent+jwt", event.header.type.type)
        val told = event.jwtClaimsSet.getJSONObjectClaim("events").values.single() as Map<*, *>
        assertEquals("compliant" to "not-compliant", told["previous_status"] to told["current_status"])
    }

    /** What another library of JOSE signs of the same claims is the same to a server. */
    @Test
    fun `a statement that Nimbus signed is taken, and one that it changed is not believed`() {
        val stated = SignedJWT.parse(statement()).jwtClaimsSet
        assertNotNull(knows.judge(signed(stated)))
        val lie = JWTClaimsSet.Builder(stated).claim(
            "octroi",
            stated.getJSONObjectClaim("octroi") +
                ("verdict" to mapOf("decision" to "permit", "zone" to "service", "certain" to true, "status" to "compliant")),
        ).build()
        fun server(refuses: Boolean) = Server(
            keys = Enrolled(listOf(thumbprint(phone.public.encoded))),
            challenge = challenge,
            now = now,
            requirements = Requirements(refuseMismatch = refuses),
        )
        val appraisal = server(refuses = false).judge(signed(lie))
        assertEquals(Decision.DENY, appraisal.assessment.access.decision)
        assertEquals(Status.COMPLIANT to Status.NONCOMPLIANT, appraisal.mismatch?.stated?.status to appraisal.mismatch?.follows?.status)
        val refused = assertThrows(OctroiException.Refused::class.java) { server(refuses = true).judge(signed(lie)) }
        assertEquals(Refusals.VERDICT_MISMATCH, refused.code)
    }

    private fun signed(claims: JWTClaimsSet): String {
        val key = ECKey.Builder(Curve.P_256, phone.public as ECPublicKey).build()
        val header = JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType("eat+jwt")).jwk(key).build()
        return SignedJWT(header, claims).apply { sign(ECDSASigner(phone.private as java.security.interfaces.ECPrivateKey)) }.serialize()
    }

    @Test
    fun `a signer that cannot sign gives out nothing`() {
        val appraisal = knows.judge(statement())
        val failing = object : ResultSigner {
            override fun identity(): Identity = Identity.Key(server.public.encoded)
            override fun sign(bytes: ByteArray): ByteArray = error("the module is locked")
        }
        fun result(issuer: String, signer: ResultSigner) = ear(appraisal, issuer, now, Duration.ofMinutes(5), signer)
        val failed = assertThrows(OctroiException.Port::class.java) { result("https://verifier.example", failing) }
        assertTrue("the module is locked" in failed.reason, failed.reason)
        assertThrows(OctroiException.Value::class.java) { result("", SoftwareSigner(server)) }
    }

    /** A help desk says to a person what the server found, in the words of the phone. */
    @Test
    fun `an appraisal can be explained`() {
        val appraisal = knows.judge(statement())
        val policies = Policies.embedded(defaultDeployment())
        val words = policies.explain(appraisal.assessment, defaultDeployment(), Language.NL)
        assertFalse(words.verdict.isEmpty())
    }
}
