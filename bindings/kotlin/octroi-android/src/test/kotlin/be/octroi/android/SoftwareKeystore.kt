package be.octroi.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStore
import java.security.KeyStoreException
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.PublicKey
import java.security.SecureRandom
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList

/** Stands in for Android's Keystore, which Robolectric has not: it remembers what it was asked for, and keeps keys in memory. */
@Suppress("DEPRECATION") // The constructor that Java 8 has.
internal class SoftwareKeystore : Provider("AndroidKeyStore", 1.0, "keys in memory") {
    val asked = CopyOnWriteArrayList<KeyGenParameterSpec>()
    val made = CopyOnWriteArrayList<Made>()
    var hasStrongBox = false
    var isBroken = false
    private val kept = ConcurrentHashMap<String, Made>()

    init {
        putService(service("KeyPairGenerator", "EC") { Generator() })
        putService(service("KeyStore", name) { Keys() })
    }

    fun key(alias: String): PublicKey = kept.getValue(alias).keys.public

    fun chain(alias: String): List<Certificate> = kept.getValue(alias).chain

    fun forget() = kept.clear()

    private fun service(type: String, algorithm: String, make: () -> Any) =
        object : Service(this, type, algorithm, "be.octroi.android.SoftwareKeystore", null, null) {
            override fun newInstance(parameter: Any?): Any = make()
        }

    internal class Made(val keys: KeyPair, val isInStrongBox: Boolean) {
        val chain: List<Certificate> = listOf(Unread(keys.public, keys.public.encoded), Unread(keys.public, byteArrayOf(1)))
    }

    /** A certificate that nobody reads here. */
    private class Unread(private val key: PublicKey, private val bytes: ByteArray) : Certificate("X.509") {
        override fun getEncoded() = bytes

        override fun getPublicKey() = key

        override fun verify(key: PublicKey) = Unit

        override fun verify(key: PublicKey, provider: String) = Unit

        override fun toString() = "unread"
    }

    private inner class Generator : KeyPairGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun initialize(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()

        override fun initialize(asked: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = asked as KeyGenParameterSpec
        }

        override fun generateKeyPair(): KeyPair {
            asked += spec
            val inStrongBox = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P && spec.isStrongBoxBacked
            if (isBroken || inStrongBox && !hasStrongBox) throw ProviderException("no such hardware")
            val keys = KeyPairGenerator.getInstance("EC").apply { initialize(spec.algorithmParameterSpec) }.generateKeyPair()
            val one = Made(keys, inStrongBox)
            made += one
            kept[spec.keystoreAlias] = one
            return keys
        }
    }

    private inner class Keys : KeyStoreSpi() {
        override fun engineGetEntry(alias: String, protection: KeyStore.ProtectionParameter?): KeyStore.Entry? =
            kept[alias]?.let { KeyStore.PrivateKeyEntry(it.keys.private, it.chain.toTypedArray()) }

        override fun engineContainsAlias(alias: String) = kept.containsKey(alias)

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineLoad(parameter: KeyStore.LoadStoreParameter?) = Unit

        override fun engineGetKey(alias: String, password: CharArray?): Key? = throw UnsupportedOperationException()

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = throw UnsupportedOperationException()

        override fun engineGetCertificate(alias: String): Certificate? = throw UnsupportedOperationException()

        override fun engineGetCreationDate(alias: String): Date? = throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) = throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) = throw UnsupportedOperationException()

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate) = throw UnsupportedOperationException()

        override fun engineDeleteEntry(alias: String) {
            kept.remove(alias) ?: throw KeyStoreException("there is no `$alias`")
        }

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(kept.keys)

        override fun engineSize() = kept.size

        override fun engineIsKeyEntry(alias: String) = kept.containsKey(alias)

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCertificateAlias(certificate: Certificate): String? = throw UnsupportedOperationException()

        override fun engineStore(stream: OutputStream?, password: CharArray?) = throw UnsupportedOperationException()
    }
}
