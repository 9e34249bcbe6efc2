package be.octroi

import java.security.KeyPair
import java.security.Signature

/**
 * Signs statements with a key in memory: for tests, and for programs that keep their keys elsewhere. Whoever reads the memory has the key.
 *
 * @param keys a pair on P-256 (`secp256r1`).
 */
public class SoftwareSigner(private val keys: KeyPair) : EvidenceSigner {
    override fun identity(): Identity = Identity.Key(keys.public.encoded)

    override fun sign(bytes: ByteArray): ByteArray = Signature.getInstance("SHA256withECDSA").run {
        initSign(keys.private)
        update(bytes)
        sign()
    }
}
