package be.octroi.android

import android.app.Activity
import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.content.Intent
import android.os.Looper
import be.octroi.AccessDenied
import be.octroi.Assessment
import be.octroi.ClassName
import be.octroi.Decision
import be.octroi.GateClosed
import be.octroi.OctroiException
import be.octroi.Status
import be.octroi.defaultDeployment
import be.octroi.requireAccess
import java.time.Duration
import java.time.Instant
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowSystemClock

/** Nobody keeps a verdict that is no longer true, and nobody is asked again and again. */
@RunWith(RobolectricTestRunner::class)
internal class KeepingTrueTest {
    private val phone = Phone()
    private val gate = phone.gate()
    private val told = LinkedBlockingQueue<Outcome>()
    private val listener = CoroutineScope(Dispatchers.Default)

    @After
    fun close() {
        listener.cancel()
        gate.close()
    }

    private fun listen() {
        listener.launch { gate.outcomes.collect(told::put) }
        next()
    }

    private fun next(): Assessment = (nextOutcome() as Outcome.Decided).assessment

    private fun nextOutcome(): Outcome {
        shadowOf(Looper.getMainLooper()).idle()
        return checkNotNull(told.poll(20, TimeUnit.SECONDS)) { "nothing was said" }
    }

    private fun assertNothingSaid() {
        shadowOf(Looper.getMainLooper()).idle()
        assertNull(told.poll(300, TimeUnit.MILLISECONDS))
    }

    @Test
    fun `who listens is told at once, and once`() {
        listener.launch { gate.assessments.collect { told.put(Outcome.Decided(it)) } }
        assertEquals(Status.COMPLIANT, next().status)
        assertNothingSaid()
    }

    @Test
    fun `access opens when the app is removed, and closes when it comes`() {
        phone.install(TIKTOK)
        listener.launch { gate.outcomes.collect(told::put) }
        assertEquals(Decision.DENY, next().access.decision)
        phone.remove(TIKTOK)
        phone.announce(Intent.ACTION_PACKAGE_REMOVED, TIKTOK)
        assertEquals(Decision.PERMIT, next().access.decision)
        phone.install(TIKTOK)
        phone.announce(Intent.ACTION_PACKAGE_ADDED, TIKTOK)
        assertEquals(Decision.DENY, next().access.decision)
    }

    @Test
    fun `other apps come and go unheeded`() {
        listen()
        phone.announce(Intent.ACTION_PACKAGE_ADDED, "org.example.game")
        assertNothingSaid()
    }

    @Test
    fun `a request after a change does not count on the check before it`() {
        assertEquals(Decision.PERMIT, gate.currentAssessment().access.decision)
        phone.install(TIKTOK)
        phone.announce(Intent.ACTION_PACKAGE_ADDED, TIKTOK)
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(Decision.DENY, gate.currentAssessment().access.decision)
    }

    @Test
    fun `a managed configuration that arrives late counts, and a wrong one is told`() {
        listen()
        phone.configure("octroi.device.ownership" to "organization")
        phone.app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
        assertEquals(ClassName.SERVICE, next().deviceClass)
        phone.configure("octroi.wrong" to "x")
        phone.app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
        val failed = nextOutcome() as Outcome.Failed
        assertTrue(failed.error is OctroiException.Configuration)
    }

    /** A request of a service that starts with the process, before anybody checked. */
    @Test
    fun `hosts that only the management names are guarded from the first request on`() {
        phone.configure("octroi.internal_hosts" to "intranet.example")
        phone.gate().use { gate ->
            assertTrue(gate.isInternal("intranet.example"))
            phone.configure("octroi.internal_hosts" to "other.example", "octroi.wrong" to "x")
            phone.app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
            shadowOf(Looper.getMainLooper()).idle()
            assertTrue(gate.isInternal("other.example"))
            assertFalse(gate.isInternal("www.example"))
        }
    }

    @Test
    fun `coming to the foreground has a look taken`() {
        listen()
        phone.install(TIKTOK)
        val screen = Robolectric.buildActivity(Activity::class.java).setup()
        assertEquals(Decision.DENY, next().access.decision)
        screen.pause().stop().destroy()
    }

    @Test
    fun `the end of a verdict is scheduled, also across a restart of the phone`() {
        phone.now = AT_FIRST
        phone.manageFully()
        phone.install(TIKTOK)
        listen()
        val job = checkNotNull(job())
        val ends = Instant.parse("2023-04-03T22:00:00Z")
        assertEquals(Duration.between(AT_FIRST, ends).toMillis(), job.minLatencyMillis)
        assertTrue(job.isPersisted)

        phone.now = ends
        val service = Robolectric.buildService(RecheckService::class.java).create().get()
        assertTrue(service.onStartJob(Shadow.newInstanceOf(JobParameters::class.java)))
        assertEquals(Decision.DENY, next().access.decision)
    }

    /** Whoever sets the clock forward to the end of the term is told that it has passed, and not an hour or a week later. */
    @Test
    fun `a clock that is set has a look taken, and moves the scheduled end`() {
        phone.now = AT_FIRST
        phone.manageFully()
        phone.install(TIKTOK)
        listen()
        val ends = Instant.parse("2023-04-03T22:00:00Z")
        for (action in listOf(Intent.ACTION_TIME_CHANGED, Intent.ACTION_TIMEZONE_CHANGED)) {
            phone.now += Duration.ofDays(1)
            phone.app.sendBroadcast(Intent(action))
            assertEquals(Status.IN_GRACE_PERIOD, next().status)
            assertEquals(Duration.between(phone.now, ends).toMillis(), job()?.minLatencyMillis)
        }
        phone.now = ends
        phone.app.sendBroadcast(Intent(Intent.ACTION_TIME_CHANGED))
        assertEquals(Decision.DENY, next().access.decision)
        assertNull(job())
    }

    /** Android's count and the clock drift apart over days. */
    @Test
    fun `a look that came a little too early is taken again`() {
        phone.now = AT_FIRST
        phone.manageFully()
        phone.install(TIKTOK)
        listen()
        val ends = Instant.parse("2023-04-03T22:00:00Z")
        ShadowSystemClock.advanceBy(Duration.between(AT_FIRST, ends))
        phone.now = ends - Duration.ofSeconds(30)
        Robolectric.buildService(RecheckService::class.java).create().get().onStartJob(Shadow.newInstanceOf(JobParameters::class.java))
        assertEquals(Status.IN_GRACE_PERIOD, next().status)
        assertEquals(30_000L, job()?.minLatencyMillis)
    }

    @Test
    fun `what was scheduled stays scheduled while the clock runs as it should`() {
        phone.now = AT_FIRST
        phone.manageFully()
        phone.install(TIKTOK)
        listen()
        val job = job()
        phone.now += Duration.ofSeconds(30)
        phone.announce(Intent.ACTION_PACKAGE_CHANGED, TIKTOK)
        assertEquals(Status.IN_GRACE_PERIOD, next().status)
        assertEquals(job?.minLatencyMillis, job()?.minLatencyMillis)
    }

    @Test
    fun `a restarted phone has nothing to look at until somebody opens a gate`() {
        gate.close()
        val service = Robolectric.buildService(RecheckService::class.java).create().get()
        assertFalse(service.onStartJob(Shadow.newInstanceOf(JobParameters::class.java)))
    }

    @Test
    fun `nothing is scheduled for a verdict without an end`() {
        listen()
        assertNull(job())
    }

    @Test
    fun `a gate that was closed leaves nothing behind`() {
        val receivers = { shadowOf(phone.app).registeredReceivers.size }
        val before = receivers()
        val other = phone.gate()
        assertTrue(receivers() > before)
        repeat(2) { other.close() }
        assertEquals(before, receivers())
        assertEquals(listOf(gate), OpenGates.all())
    }

    /** Who waits for news of a gate that is closed would wait for good. */
    @Test
    fun `a gate that was closed ends those who listen`() {
        listen()
        val job = listener.launch { gate.assessments.collect { } }
        gate.close()
        runBlocking {
            withTimeout(20_000) {
                job.join()
                assertEquals(emptyList<Outcome>(), gate.outcomes.toList())
            }
        }
        assertThrows(GateClosed::class.java) { runBlocking { gate.check() } }
    }

    /** An app that closes its gate, because a person signs out, say, goes on to talk to everybody else. */
    @Test
    fun `a gate that was closed opens no internal host, and closes no other`() {
        val other = phone.gate(defaultDeployment().copy(internalHosts = listOf("intranet.example")))
        other.requireAccess("intranet.example")
        other.close()
        other.requireAccess("www.example")
        val denied = assertThrows(AccessDenied::class.java) { other.requireAccess("intranet.example") }
        assertNull(denied.assessment)
        assertTrue(denied.cause is GateClosed)
    }

    private fun job(): JobInfo? = phone.app.getSystemService(JobScheduler::class.java)?.getPendingJob(GateSettings().jobId)
}
