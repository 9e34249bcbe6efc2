package be.octroi.okhttp

import be.octroi.AccessGuard
import be.octroi.requireAccess
import okhttp3.Interceptor
import okhttp3.Response

/**
 * Stops a request to an internal host.
 *
 * Before all other interceptors it stops the call, so that none of them answers. Behind the connection it stops what began with a permit
 * that ended while the connection was made.
 */
internal class RequestGuard(private val guard: AccessGuard) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        guard.requireAccess(chain.request().url.host)
        return chain.proceed(chain.request())
    }
}
