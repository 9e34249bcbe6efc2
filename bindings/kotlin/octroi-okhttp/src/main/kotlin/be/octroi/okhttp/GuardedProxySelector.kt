package be.octroi.okhttp

import be.octroi.AccessDenied
import be.octroi.AccessGuard
import be.octroi.requireAccess
import java.io.IOException
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.ProxySelector
import java.net.SocketAddress
import java.net.URI

/**
 * Leads to no proxy for an internal host without a permit.
 *
 * OkHttp asks it before each connection, for addresses as well, which the DNS is never asked for, and for hosts that a proxy would look
 * up. It is not asked where a host is no part of a `java.net.URI`, as one with an underscore: those are connected without a proxy, and the DNS
 * is asked. It must not throw (OkHttp would ask again without end), so it answers with a proxy whose name [GuardedDns] refuses.
 */
internal class GuardedProxySelector(private val guard: AccessGuard, private val proxies: ProxySelector) : ProxySelector() {
    override fun select(uri: URI): List<Proxy> = try {
        guard.requireAccess(uri.host.removeSurrounding("[", "]"))
        proxies.select(uri)
    } catch (denied: AccessDenied) {
        listOf(Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(denied.host + GuardedDns.DENIED, 1)))
    }

    override fun connectFailed(uri: URI, address: SocketAddress, error: IOException) = proxies.connectFailed(uri, address, error)
}
