package be.octroi.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import be.octroi.EvidenceSigner
import be.octroi.Identity
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.KeyStoreException
import java.security.ProviderException
import java.security.Signature
import java.security.spec.ECGenParameterSpec

/**
 * Signs statements with a key in Android's [Keystore](https://developer.android.com/privacy-and-security/keystore), which nobody gets out of
 * it: in StrongBox where the phone has one, else where Android keeps keys.
 *
 * The key is made when it is first needed, and stays until [deleteKey], or until the app is removed or its data cleared; then there is another.
 * A server knows it by its thumbprint, once it was enrolled.
 *
 * @param alias its name among the keys of the app.
 */
public class KeystoreSigner private constructor(private val alias: String, private val challenge: ByteArray?) : EvidenceSigner {
    @JvmOverloads
    public constructor(alias: String = ALIAS) : this(alias, challenge = null)

    /** A key of its own was made for the challenge. */
    private var isMade = false

    override fun identity(): Identity {
        val entry = entry()
        if (challenge == null) return Identity.Key(entry.certificate.publicKey.encoded)
        return Identity.Chain(entry.certificateChain.map { it.encoded })
    }

    override fun sign(bytes: ByteArray): ByteArray = Signature.getInstance("SHA256withECDSA").run {
        initSign(entry().privateKey)
        update(bytes)
        sign()
    }

    /**
     * Deletes the key, if there is one: when the phone leaves the administration, say. Nobody signs with it again, and the next statement is
     * signed by a new one, which a server does not know.
     */
    public fun deleteKey(): Unit = synchronized(MAKING) {
        val keys = KeyStore.getInstance(KEYSTORE).apply { load(null) }
        if (keys.containsAlias(alias)) keys.deleteEntry(alias)
        isMade = false
    }

    private fun entry(): KeyStore.PrivateKeyEntry = synchronized(MAKING) {
        val keys = KeyStore.getInstance(KEYSTORE).apply { load(null) }
        if (if (challenge == null) !keys.containsAlias(alias) else !isMade) {
            make()
            isMade = true
        }
        keys.getEntry(alias, null) as? KeyStore.PrivateKeyEntry ?: throw KeyStoreException("the key `$alias` is gone")
    }

    private fun make() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                return make(inStrongBox = true)
            } catch (_: ProviderException) {
                // Most phones have none (`StrongBoxUnavailableException`), and some have one that is full, or attests nothing.
            }
        }
        make(inStrongBox = false)
    }

    private fun make(inStrongBox: Boolean) {
        val asked = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
            .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
            .setDigests(KeyProperties.DIGEST_SHA256)
            .setAttestationChallenge(challenge)
        if (inStrongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) asked.setIsStrongBoxBacked(true)
        KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, KEYSTORE).run {
            initialize(asked.build())
            generateKeyPair()
        }
    }

    public companion object {
        private const val KEYSTORE = "AndroidKeyStore"
        private const val ALIAS = "octroi"

        /** Two threads that find no key would make two, and the one that is stated first would not be there any more. */
        private val MAKING = Any()

        /**
         * Signs one statement with a key that is made for it, and that the phone's maker vouches for: the statement carries the chain of
         * certificates of the [key attestation](https://developer.android.com/privacy-and-security/security-key-attestation), with the nonce as
         * its challenge. A server takes it by the root of the chain, and needs no key enrolled.
         *
         * The next one takes the place of this key, so let one statement be finished before another is begun.
         *
         * @param nonce what the server gave out for the statement.
         * @param alias the name of the key among those of the app; another than that of a key which stays.
         */
        @JvmStatic
        @JvmOverloads
        public fun attesting(nonce: String, alias: String = "$ALIAS-attesting"): KeystoreSigner =
            KeystoreSigner(alias, nonce.toByteArray())
    }
}
