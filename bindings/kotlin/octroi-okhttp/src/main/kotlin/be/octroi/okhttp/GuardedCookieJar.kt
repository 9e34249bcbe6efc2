package be.octroi.okhttp

import be.octroi.AccessGuard
import be.octroi.requireAccess
import okhttp3.Cookie
import okhttp3.CookieJar
import okhttp3.HttpUrl

/**
 * Has no cookies for an internal host without a permit, and stops the request.
 *
 * OkHttp asks it for each request while it is prepared, those that follow a redirect and those of web sockets included, before the cache
 * answers and before an open connection is taken. Nothing else is asked that early.
 */
internal class GuardedCookieJar(private val guard: AccessGuard, private val cookies: CookieJar) : CookieJar {
    override fun loadForRequest(url: HttpUrl): List<Cookie> {
        guard.requireAccess(url.host)
        return cookies.loadForRequest(url)
    }

    override fun saveFromResponse(url: HttpUrl, cookies: List<Cookie>) = this.cookies.saveFromResponse(url, cookies)
}
