package be.octroi

import java.net.InetSocketAddress

/**
 * Stands between an app and the internal hosts of its administration.
 *
 * Whoever opens connections asks it before each. It may be called from any thread and may block, so never from one that draws.
 */
public interface AccessGuard {
    /** Whether a host is one that only a permitted device may reach, however it is written. */
    public fun isInternal(host: String): Boolean

    /**
     * The assessment that counts now. Made anew if the last one is too old.
     *
     * @throws OctroiException if nothing can be decided; nothing is permitted then.
     * @throws GateClosed if the gate behind it was closed; nothing is permitted then.
     */
    @Throws(OctroiException::class)
    public fun currentAssessment(): Assessment
}

/**
 * Returns if a host may be reached now: it is none of the internal ones, or the device has a permit.
 *
 * @throws AccessDenied if it may not, or if that cannot be found out.
 */
@Throws(AccessDenied::class)
public fun AccessGuard.requireAccess(host: String) {
    val assessment = try {
        if (!isInternal(host)) return
        currentAssessment()
    } catch (error: Exception) {
        // A guard that cannot answer, be it closed or badly configured, must not let anything through.
        throw AccessDenied(host, assessment = null, cause = error)
    }
    if (assessment.access.decision != Decision.PERMIT) throw AccessDenied(host, assessment)
}

/**
 * Returns if an address may be connected to now, by the name that led to it and by the address itself.
 *
 * @throws AccessDenied if it may not, or if that cannot be found out.
 */
@Throws(AccessDenied::class)
public fun AccessGuard.requireAccess(address: InetSocketAddress) {
    requireAccess(address.hostString)
    address.address?.let { requireAccess(it.hostAddress) }
}
