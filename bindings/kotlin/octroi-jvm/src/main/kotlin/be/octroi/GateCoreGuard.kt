package be.octroi

import java.time.Duration

/**
 * Guards by this gate, for a program that is no app. Keep the gate open for as long as anybody uses the guard: a closed one knows no hosts, and the
 * guard lets nothing through then.
 *
 * @param notOlderThan how old the last assessment may be. After that the device is looked at again.
 * @param observe looks at the device.
 */
public fun GateCore.guard(notOlderThan: Duration, observe: () -> Record): AccessGuard = object : AccessGuard {
    override fun isInternal(host: String): Boolean = this@guard.isInternal(host)

    override fun currentAssessment(): Assessment = current(notOlderThan) ?: check(observe())
}
