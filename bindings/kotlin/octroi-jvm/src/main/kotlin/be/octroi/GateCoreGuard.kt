package be.octroi

import java.time.Duration

/**
 * Guards by this gate, for a program that is no app.
 *
 * Once the gate is closed, the hosts that were internal then are denied, with [GateClosed] as the cause, and others left alone as before.
 *
 * @param notOlderThan how old the last assessment may be. After that the device is looked at again.
 * @param observe looks at the device.
 * @throws GateClosed if the gate is closed already: it tells internal hosts from others no more.
 */
public fun GateCore.guard(notOlderThan: Duration, observe: () -> Record): AccessGuard = CoreGuard(this, notOlderThan, observe)

private class CoreGuard(
    private val core: GateCore,
    private val notOlderThan: Duration,
    private val observe: () -> Record,
) : AccessGuard {
    /** The same gate by a handle of the guard's own, which is freed with it: clients outlive a gate, and go on to ask for hosts. */
    private val hosts = unlessClosed { core.callWithHandle { GateCore(UniffiWithHandle, it) } }

    override fun isInternal(host: String): Boolean = hosts.isInternal(host)

    override fun currentAssessment(): Assessment = unlessClosed { core.current(notOlderThan) ?: core.check(observe()) }

    /** What was found out while the gate was being closed does not count either. */
    private fun <T> unlessClosed(ask: () -> T): T {
        val answer = try {
            ask()
        } catch (error: IllegalStateException) {
            // What UniFFI throws for it has no type of its own.
            throw if (core.uniffiIsDestroyed) GateClosed() else error
        }
        if (core.uniffiIsDestroyed) throw GateClosed()
        return answer
    }
}
