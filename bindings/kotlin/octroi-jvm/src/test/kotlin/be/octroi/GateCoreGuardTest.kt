package be.octroi

import java.nio.file.Files
import java.time.Duration
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A program's clients outlive its gate: closed, it must let nobody in, and keep nobody from the rest of the world. */
internal class GateCoreGuardTest {
    private var looks = 0
    private var closesWhenAsked = false
    private val core: GateCore = GateCore.open(
        Files.createTempDirectory("octroi").toString(),
        defaultDeployment().copy(internalHosts = listOf("intranet.example"), whenUndetermined = Decision.PERMIT),
        object : Clock {
            override fun now(): java.time.Instant {
                if (closesWhenAsked) close()
                return java.time.Instant.parse("2023-04-20T12:00:00Z")
            }
        },
    )

    @AfterEach
    fun close() = core.close()

    private fun guard() = core.guard(notOlderThan = Duration.ofMinutes(15)) {
        looks += 1
        Record(Device(platform = Platform.ANDROID))
    }

    @Test
    fun `a gate that was closed opens no internal host, and closes no other`() {
        val guard = guard()
        guard.requireAccess("intranet.example")
        core.close()
        val denied = assertThrows(AccessDenied::class.java) { guard.requireAccess("intranet.example") }
        assertNull(denied.assessment)
        assertTrue(denied.cause is GateClosed, "${denied.cause}")
        guard.requireAccess("www.example")
        assertEquals(1, looks)
    }

    /** Whatever the management named last is what a client must not reach. */
    @Test
    fun `the hosts that were internal when it was closed are those that stay so`() {
        val guard = guard()
        core.configure(mapOf("octroi.internal_hosts" to "payroll.example"))
        core.close()
        assertTrue(guard.isInternal("PAYROLL.example."))
        assertFalse(guard.isInternal("intranet.example"))
    }

    @Test
    fun `a gate that is closed while the device is looked at permits nothing`() {
        val guard = core.guard(notOlderThan = Duration.ZERO) {
            core.close()
            Record(Device(platform = Platform.ANDROID))
        }
        val denied = assertThrows(AccessDenied::class.java) { guard.requireAccess("intranet.example") }
        assertTrue(denied.cause is GateClosed, "${denied.cause}")
    }

    /** Another thread closes it meanwhile, and what is under way goes on. */
    @Test
    fun `a gate that is closed while it decides permits nothing`() {
        val guard = guard()
        guard.requireAccess("intranet.example")
        closesWhenAsked = true
        val denied = assertThrows(AccessDenied::class.java) { guard.requireAccess("intranet.example") }
        assertTrue(denied.cause is GateClosed, "${denied.cause}")
    }

    @Test
    fun `a look at the device that fails is not a gate that was closed`() {
        val lost = IllegalStateException("no agent")
        val guard = core.guard(notOlderThan = Duration.ZERO) { throw lost }
        assertEquals(lost, assertThrows(AccessDenied::class.java) { guard.requireAccess("intranet.example") }.cause)
    }

    @Test
    fun `nobody is guarded by a gate that was closed before`() {
        core.close()
        assertThrows(GateClosed::class.java) { guard() }
    }
}
