package be.octroi.okhttp

import be.octroi.AccessGuard
import be.octroi.requireAccess
import okhttp3.Interceptor
import okhttp3.Response

/** Stops a call to an internal host before it begins. */
internal class CallGuard(private val guard: AccessGuard) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        val asked = chain.request().url.host
        guard.requireAccess(asked)
        val response = chain.proceed(chain.request())
        val answered = response.request.url.host
        // A redirect may have led into the cache, where no connection and so no other guard is.
        if (answered != asked) response.closeUnless { guard.requireAccess(answered) }
        return response
    }
}

/** Stops a request on a connection that is already there, also one that was made when the device had a permit. */
internal class RequestGuard(private val guard: AccessGuard) : Interceptor {
    override fun intercept(chain: Interceptor.Chain): Response {
        guard.requireAccess(chain.request().url.host)
        return chain.proceed(chain.request())
    }
}

private fun Response.closeUnless(allowed: () -> Unit) {
    try {
        allowed()
    } catch (error: Exception) {
        close()
        throw error
    }
}
