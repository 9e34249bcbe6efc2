package be.octroi

import java.io.IOException

/**
 * An internal host was not asked for anything, because the device has no permit. No request was sent; no connection
 * was made for it unless the verdict changed meanwhile.
 *
 * @property host the host, as it was asked for.
 * @property assessment the denial, to be explained to the person; none if nothing could be decided, and then [cause] says why.
 */
public class AccessDenied(
    public val host: String,
    public val assessment: Assessment?,
    cause: Throwable? = null,
) : IOException("the device may not reach `$host`: ${assessment?.status?.name?.lowercase() ?: "nothing could be decided"}", cause)
