package be.octroi.android

import android.security.keystore.KeyProperties
import be.octroi.EvidenceSigner
import be.octroi.Identity
import be.octroi.OctroiException
import java.security.PublicKey
import java.security.Security
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/**
 * What the signer asks of Android's Keystore, and what it makes of the answers. The Keystore itself is of software here: no key of a
 * phone was ever made by these tests.
 */
@RunWith(RobolectricTestRunner::class)
internal class KeystoreSignerTest {
    private val keystore = SoftwareKeystore()

    @Before
    fun provide() {
        Security.addProvider(keystore)
    }

    @After
    fun remove() = Security.removeProvider(keystore.name)

    private val EvidenceSigner.key: ByteArray get() = (identity() as Identity.Key).key

    private fun assertSigns(signer: EvidenceSigner, key: PublicKey) {
        val bytes = "a statement".toByteArray()
        val isRight = Signature.getInstance("SHA256withECDSA").run {
            initVerify(key)
            update(bytes)
            verify(signer.sign(bytes))
        }
        assertTrue(isRight)
    }

    /** Whoever hands a phone back takes the key along: what signs afterwards is another, to every server. */
    @Test
    fun `a key that is deleted signs no more`() {
        val signer = KeystoreSigner()
        signer.deleteKey() // there is none yet
        val key = signer.key
        val attesting = KeystoreSigner.attesting("8f14e45fceea167a")
        val attested = (attesting.identity() as Identity.Chain).certificates
        signer.deleteKey()
        assertFalse(key.contentEquals(signer.key))
        assertSigns(signer, keystore.key("octroi"))
        assertArrayEquals(attested.first(), (attesting.identity() as Identity.Chain).certificates.first())
        attesting.deleteKey()
        assertFalse(attested.first().contentEquals((attesting.identity() as Identity.Chain).certificates.first()))
    }

    @Test
    fun `a key is made once, when it is first needed, and found again`() {
        val signer = KeystoreSigner()
        assertEquals(0, keystore.asked.size)
        val key = signer.key
        assertArrayEquals(keystore.key("octroi").encoded, key)
        assertArrayEquals(key, KeystoreSigner().key)
        assertSigns(KeystoreSigner(), keystore.key("octroi"))
        assertEquals(1, keystore.made.size)
        val asked = keystore.asked.last()
        assertEquals("octroi", asked.keystoreAlias)
        assertEquals("secp256r1", (asked.algorithmParameterSpec as ECGenParameterSpec).name)
        assertEquals(KeyProperties.PURPOSE_SIGN, asked.purposes)
        assertEquals(listOf(KeyProperties.DIGEST_SHA256), asked.digests.toList())
        assertFalse(asked.isUserAuthenticationRequired)
        assertNull(asked.attestationChallenge)
        assertFalse(key.contentEquals(KeystoreSigner("another").key))
    }

    @Test
    @Config(minSdk = 28)
    fun `the key lies in StrongBox where there is one`() {
        keystore.hasStrongBox = true
        KeystoreSigner().key
        assertTrue(keystore.asked.single().isStrongBoxBacked)
    }

    @Test
    fun `the key lies where Android keeps keys on a phone without StrongBox`() {
        KeystoreSigner().key
        assertFalse(keystore.made.single().isInStrongBox)
    }

    @Test
    fun `two threads at first use have one key`() {
        val keys = CopyOnWriteArrayList<String>()
        List(8) { thread { keys += KeystoreSigner().key.contentToString() } }.forEach { it.join() }
        assertEquals(1, keys.toSet().size)
        assertEquals(1, keystore.made.size)
    }

    /** The app's data was cleared: the server knows the new key no more than any other. */
    @Test
    fun `a key that is gone is made anew`() {
        val signer = KeystoreSigner()
        val before = signer.key
        keystore.forget()
        assertFalse(before.contentEquals(signer.key))
        assertSigns(signer, keystore.key("octroi"))
    }

    @Test
    fun `an attesting key is made for its nonce, and stated by its chain`() {
        val first = KeystoreSigner.attesting(NONCE)
        val chain = (first.identity() as Identity.Chain).certificates
        assertArrayEquals(NONCE.toByteArray(), keystore.asked.last().attestationChallenge)
        assertEquals(keystore.chain("octroi-attesting").map { it.encoded.toList() }, chain.map { it.toList() })
        assertSigns(first, keystore.key("octroi-attesting"))
        assertEquals(1, keystore.made.size)

        val second = KeystoreSigner.attesting("$NONCE-2")
        assertNotEquals(chain.first().toList(), (second.identity() as Identity.Chain).certificates.first().toList())
        assertEquals("$NONCE-2", keystore.asked.last().attestationChallenge.decodeToString())
    }

    @Test
    fun `a gate states with it`() {
        Phone().gate().use { gate ->
            val token = runBlocking { gate.evidence(NONCE, AUDIENCE, KeystoreSigner()) }
            assertTrue(token.claims(), NONCE in token.claims())
            keystore.isBroken = true
            assertThrows(OctroiException.Signer::class.java) {
                runBlocking { gate.evidence(NONCE, AUDIENCE, KeystoreSigner.attesting(NONCE)) }
            }
        }
    }
}
