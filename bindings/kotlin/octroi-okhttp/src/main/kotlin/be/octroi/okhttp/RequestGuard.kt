package be.octroi.okhttp

import be.octroi.AccessGuard
import be.octroi.requireAccess
import okhttp3.Interceptor
import okhttp3.Response

/**
 * Stops a request to an internal host.
 *
 * Before all other interceptors it stops the call, so that none of them answers. Behind the connection it stops what began with a permit
 * that ended while the connection was made, and what would go to an internal address under another name over a connection that a permit left
 * open.
 */
internal class RequestGuard(private val guard: AccessGuard) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        guard.requireAccess(chain.request().url.host)
        // There is a connection only behind it. One that is still open asked neither the DNS nor the sockets again.
        chain.connection()?.route()?.socketAddress?.address?.let { guard.requireAccess(it.hostAddress) }
        return chain.proceed(chain.request())
    }
}
