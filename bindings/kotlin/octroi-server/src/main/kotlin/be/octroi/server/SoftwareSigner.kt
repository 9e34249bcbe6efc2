package be.octroi.server

import java.security.KeyPair
import java.security.Signature

/**
 * Signs results with a pair of Java's keys, and names itself by its thumbprint (`kid`): gateways have the public one.
 *
 * @param keys a pair on P-256 (`secp256r1`), in memory or in a module that Java knows.
 */
public class SoftwareSigner(private val keys: KeyPair) : ResultSigner {
    override fun identity(): Identity = Identity.Thumbprint(thumbprint(keys.public.encoded))

    override fun sign(bytes: ByteArray): ByteArray = Signature.getInstance("SHA256withECDSA").run {
        initSign(keys.private)
        update(bytes)
        sign()
    }
}
