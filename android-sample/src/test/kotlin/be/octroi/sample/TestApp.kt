package be.octroi.sample

import be.octroi.Clock
import be.octroi.OctroiException
import be.octroi.android.Gate
import java.time.Instant

/** The day after the circular was notified: what was there before may stay for a while. */
internal val AT_FIRST: Instant = Instant.parse("2023-03-28T08:00:00Z")

/** After every term of the circular. */
internal val LATER: Instant = Instant.parse("2023-04-20T08:00:00Z")

/** The app as the tests run it: at a time of theirs, and with its internal host on this machine. */
internal class TestApp : SampleApp() {
    var now: Instant = LATER

    /** Where nobody listens, unless a test does. */
    var port = 1

    override fun openGate(): Gate {
        val clock = object : Clock {
            override fun now() = this@TestApp.now
        }
        return Gate.open(this, deployment.copy(internalHosts = deployment.internalHosts + LOCAL), clock = clock)
    }

    override fun address(host: String): String = "http://$LOCAL:$port/"

    private companion object {
        const val LOCAL = "127.0.0.1"
    }
}

/** The app on a phone on which a newer version of it was before. */
internal class AppOfYesterday : SampleApp() {
    override fun openGate(): Gate = throw OctroiException.StateNewer(found = 2u, known = 1u)
}
