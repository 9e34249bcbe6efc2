package be.octroi.android

import be.octroi.Change
import be.octroi.Decision
import be.octroi.EvidenceSigner
import be.octroi.GateClosed
import be.octroi.OctroiException
import be.octroi.Ownership
import be.octroi.PolicyRef
import be.octroi.Share
import be.octroi.SoftwareSigner
import be.octroi.Statement
import be.octroi.Transport
import be.octroi.defaultDeployment
import java.io.File
import java.security.KeyPairGenerator
import java.util.Base64
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

/** Somebody's own phone with TikTok, to which the region leaves access open until a later version of its policy closes it. */
@RunWith(RobolectricTestRunner::class)
internal class NewsTest {
    private val phone = Phone().apply { install(TIKTOK) }
    private val gate = phone.gate(defaultDeployment().copy(policies = listOf(REGION)))
    private val told = LinkedBlockingQueue<Outcome>()
    private val listener = CoroutineScope(Dispatchers.Default)

    @After
    fun close() {
        listener.cancel()
        gate.close()
    }

    private fun next(): Decision {
        val outcome = checkNotNull(told.poll(20, TimeUnit.SECONDS)) { "nothing was said" }
        return (outcome as Outcome.Decided).assessment.access.decision
    }

    private fun listen() {
        runBlocking { answers.forEach { gate.declare(it) } }
        listener.launch { gate.outcomes.collect(told::put) }
        assertEquals(Decision.PERMIT, next())
    }

    @Test
    fun `a new version is told at once to those who listen, and an older one is refused`() {
        listen()
        assertEquals(listOf(Change.Replaced(PolicyRef(REGION, 2u))), runBlocking { gate.refresh(Mirror("after"), publishedRoot) })
        assertEquals(Decision.DENY, next())
        val error = assertThrows(OctroiException.Repository::class.java) {
            runBlocking { gate.refresh(Mirror("before"), publishedRoot) }
        }
        assertEquals("rollback", error.code)
        assertNull(told.poll(300, TimeUnit.MILLISECONDS))
        assertEquals(Decision.DENY, gate.currentAssessment().access.decision)
    }

    /** What was signed for longer is stale no more, and may open what was closed for that. */
    @Test
    fun `a refresh that brings nothing decides again, too`() {
        listen()
        assertEquals(emptyList<Change>(), runBlocking { gate.refresh(Mirror("before"), publishedRoot) })
        assertEquals(Decision.PERMIT, next())
    }

    /** A phone whose app has just been started, by a job that refreshes each night. */
    @Test
    fun `what the management names is asked for before the first check, too`() {
        phone.configure("octroi.policies" to REGION)
        phone.gate().use { gate ->
            assertEquals(listOf(Change.Replaced(PolicyRef(REGION, 2u))), runBlocking { gate.refresh(Mirror("after"), publishedRoot) })
        }
    }

    @Test
    fun `nobody waits for the network but who refreshes`() {
        listen()
        val mirror = Mirror("after", isSlow = true)
        runBlocking {
            withTimeout(60_000) {
                val changes = async(Dispatchers.IO) { gate.refresh(mirror, publishedRoot) }
                mirror.isAsked.await()
                phone.now += GateSettings().oldestForRequests.plusSeconds(1)
                assertEquals(Decision.PERMIT, gate.currentAssessment().access.decision)
                assertEquals(Decision.PERMIT, gate.check().access.decision)
                mirror.mayAnswer.countDown()
                assertEquals(1, changes.await().size)
            }
        }
        assertEquals(Decision.DENY, gate.currentAssessment().access.decision)
    }

    @Test
    fun `a gate that was closed neither refreshes nor states`() {
        val closing = Mirror("after", isSlow = true)
        runBlocking {
            val refresh = async(Dispatchers.IO) { runCatching { gate.refresh(closing, publishedRoot) } }
            closing.isAsked.await()
            gate.close()
            closing.mayAnswer.countDown()
            assertTrue(refresh.await().exceptionOrNull() is GateClosed)
        }
        val unasked = Mirror("after")
        assertThrows(GateClosed::class.java) { runBlocking { gate.refresh(unasked, publishedRoot) } }
        assertThrows(GateClosed::class.java) { runBlocking { gate.evidence(NONCE, AUDIENCE, signer) } }
        assertEquals(emptyList<String>(), unasked.asked)
    }

    /** Whoever is let in by a server sees on the screen what the server was told. */
    @Test
    fun `what is stated is what was just seen, and is told to those who listen`() {
        listen()
        runBlocking { gate.refresh(Mirror("after"), publishedRoot) }
        assertEquals(Decision.DENY, next())
        phone.remove(TIKTOK)
        val claims = runBlocking { gate.evidence(NONCE, AUDIENCE, signer) }.claims()
        assertEquals(Decision.PERMIT, next())
        for (said in listOf("\"decision\":\"permit\"", "\"eat_nonce\":\"$NONCE\"", "\"id\":\"$REGION\",\"version\":2", "\"absent\":[\"")) {
            assertTrue("$said in $claims", said in claims)
        }
    }

    @Test
    fun `nobody waits for the signer but who asks for a statement`() {
        listen()
        val (isAsked, maySign) = CountDownLatch(1) to CountDownLatch(1)
        val slow = object : EvidenceSigner by signer {
            override fun sign(bytes: ByteArray): ByteArray {
                isAsked.countDown()
                maySign.await()
                return signer.sign(bytes)
            }
        }
        runBlocking {
            withTimeout(60_000) {
                val token = async(Dispatchers.IO) { gate.evidence(NONCE, AUDIENCE, slow) }
                isAsked.await()
                assertEquals(Decision.PERMIT, gate.check().access.decision)
                maySign.countDown()
                assertEquals(3, token.await().split(".").size)
            }
        }
    }

    @Test
    fun `a signer that fails states nothing, and the verdict stands`() {
        listen()
        val failing = object : EvidenceSigner by signer {
            override fun sign(bytes: ByteArray) = error("the key is locked")
        }
        val error = assertThrows(OctroiException.Signer::class.java) { runBlocking { gate.evidence(NONCE, AUDIENCE, failing) } }
        assertTrue(error.reason, "the key is locked" in error.reason)
        assertEquals(Decision.PERMIT, gate.currentAssessment().access.decision)
    }

    private companion object {
        const val REGION = "be-brussels-region"

        val answers = listOf(
            Statement.Ownership(Ownership.PERSONAL), Statement.Purchase(Share.NONE), Statement.Subscription(Share.NONE), Statement.Usage(Share.NONE),
        )
    }
}

internal const val NONCE = "8f14e45fceea167a"
internal const val AUDIENCE = "https://gateway.example"

internal val signer = SoftwareSigner(KeyPairGenerator.getInstance("EC").apply { initialize(256) }.generateKeyPair())

/** What stands in a statement. */
internal fun String.claims(): String = Base64.getUrlDecoder().decode(split(".")[1]).decodeToString()

private val published = File(System.getProperty("octroi.root"), "tests/repositories/published")

internal val publishedRoot: ByteArray = File(published, "root.json").readBytes()

/** A server with one of the repositories that were published: `before`, or `after` the second version of a policy. */
internal class Mirror(private val name: String, isSlow: Boolean = false) : Transport {
    val asked = mutableListOf<String>()
    val isAsked = CountDownLatch(1)
    val mayAnswer = CountDownLatch(if (isSlow) 1 else 0)

    override fun fetch(path: String, most: ULong): ByteArray? {
        asked += path
        isAsked.countDown()
        mayAnswer.await()
        return File(published, "$name/$path").takeIf { it.isFile }?.readBytes()
    }
}
