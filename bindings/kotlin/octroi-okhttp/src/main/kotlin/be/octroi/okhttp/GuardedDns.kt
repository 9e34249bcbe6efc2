package be.octroi.okhttp

import be.octroi.AccessGuard
import be.octroi.requireAccess
import java.net.InetAddress
import okhttp3.Dns

/** Resolves no internal name without a permit, and no name to an internal address. */
internal class GuardedDns(private val guard: AccessGuard, private val dns: Dns) : Dns {
    override fun lookup(hostname: String): List<InetAddress> {
        guard.requireAccess(hostname.removeSuffix(DENIED))
        val addresses = dns.lookup(hostname)
        addresses.forEach { guard.requireAccess(it.hostAddress) }
        return addresses
    }

    internal companion object {
        /** Follows a host that may not be reached, where only a name can be handed on. No such domain can exist. */
        const val DENIED = ".denied.octroi.invalid"
    }
}
