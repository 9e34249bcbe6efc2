package be.octroi.okhttp

import be.octroi.AccessDenied
import be.octroi.AccessGuard
import be.octroi.GuardedSocketFactory
import javax.net.SocketFactory
import okhttp3.OkHttpClient

/**
 * Lets requests to internal hosts pass only while the device has a permit. They fail with [AccessDenied] otherwise, before anything is
 * looked up or connected: the host sees nothing of them. Requests to other hosts are left alone.
 *
 * Call it last: a cookie jar, a DNS, a proxy selector or a socket factory that is set afterwards takes the guard's place. So does one that
 * an interceptor sets for its chain, as it can from OkHttp 5 on (`withCookieJar`, `withDns`, `withProxySelector`, `withSocketFactory`): let
 * none do that. A redirect then connects to an internal host, though no request is sent, and a web socket gets in.
 *
 * A web socket passes no network interceptor: one to an outer name may take a connection to an internal address that a permit left open. Who
 * names internal addresses and opens web sockets empties the connection pool when the verdict changes.
 *
 * ```kotlin
 * val client = OkHttpClient.Builder().guardedBy(gate).build()
 * ```
 */
public fun OkHttpClient.Builder.guardedBy(guard: AccessGuard): OkHttpClient.Builder {
    // A builder does not tell what was set, what it builds does.
    val before = build()
    // First of all, so that no other interceptor answers for an internal host.
    interceptors().add(0, RequestGuard(guard))
    // What follows is for requests that the call does not begin with: a redirect makes them, and other interceptors do.
    cookieJar(GuardedCookieJar(guard, before.cookieJar))
    networkInterceptors().add(0, RequestGuard(guard))
    dns(GuardedDns(guard, before.dns))
    // Where one proxy is set for all requests, OkHttp asks no selector; who asks for cookies has been stopped by then. It must stay set:
    // a selector is not asked for every host (`GuardedProxySelector`), and requests to the others would pass that proxy by.
    proxySelector(GuardedProxySelector(guard, before.proxySelector))
    // Others' sockets cannot be guarded from outside; those of a VPN, say, stay as they are, behind the DNS and the selector.
    if (before.socketFactory === SocketFactory.getDefault()) socketFactory(GuardedSocketFactory(guard))
    return this
}
