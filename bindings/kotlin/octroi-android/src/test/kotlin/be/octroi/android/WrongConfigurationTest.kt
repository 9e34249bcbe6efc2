package be.octroi.android

import android.content.Intent
import android.content.RestrictionsManager
import android.os.Looper
import be.octroi.AccessDenied
import be.octroi.Decision
import be.octroi.OctroiException
import be.octroi.requireAccess
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowSystemClock

/** An administration that mistyped: until it is mended nothing opens, and the app that asks all the time costs the phone nothing. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [CountedManagement::class])
internal class WrongConfigurationTest {
    private val phone = Phone()
    private val settings = GateSettings()
    private val gate = phone.gate(settings = settings)
    private val listener = CoroutineScope(Dispatchers.Default)

    private val asked get() = Shadow.extract<CountedManagement>(phone.app.getSystemService(RestrictionsManager::class.java)).asked

    @After
    fun close() {
        listener.cancel()
        gate.close()
    }

    private fun announce() {
        phone.app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
        shadowOf(Looper.getMainLooper()).idle()
    }

    private fun denied(): OctroiException.Configuration {
        val denied = assertThrows(AccessDenied::class.java) { gate.requireAccess("intranet.example") }
        assertNull(denied.assessment)
        return denied.cause as OctroiException.Configuration
    }

    private fun configureWrongly() = phone.configure("octroi.internal_hosts" to "intranet.example", "octroi.wrong" to "x")

    /** Each request passes several guards, and each of them asks. */
    @Test
    fun `Android is not asked again for each request`() {
        configureWrongly()
        val error = denied()
        val before = asked
        repeat(3) { assertSame(error, denied()) }
        repeat(3) { gate.requireAccess("www.example") }
        assertEquals(before, asked)
    }

    /** Their screen would be drawn, and read out, again and again. */
    @Test
    fun `those who listen are not told again for each request`() {
        configureWrongly()
        val told = LinkedBlockingQueue<Outcome>()
        listener.launch { gate.outcomes.collect(told::put) }
        assertTrue(told.poll(20, TimeUnit.SECONDS) is Outcome.Failed)
        repeat(3) { denied() }
        assertNull(told.poll(300, TimeUnit.MILLISECONDS))
    }

    @Test
    fun `a mended one counts at once where Android tells of it`() {
        configureWrongly()
        denied()
        phone.configure("octroi.internal_hosts" to "intranet.example")
        announce()
        gate.requireAccess("intranet.example")
    }

    /** A broadcast may be lost, and the person would be shut out until the app starts anew. */
    @Test
    fun `a mended one counts after a while where Android does not tell of it`() {
        configureWrongly()
        denied()
        phone.configure("octroi.internal_hosts" to "intranet.example")
        ShadowSystemClock.advanceBy(settings.oldestForRequests)
        gate.requireAccess("intranet.example")
    }

    @Test
    fun `a permit of before counts no more, and comes back with the configuration`() {
        phone.configure("octroi.internal_hosts" to "intranet.example")
        gate.requireAccess("intranet.example")
        configureWrongly()
        announce()
        assertEquals("octroi.wrong", denied().key)
        phone.configure("octroi.internal_hosts" to "intranet.example")
        announce()
        assertEquals(Decision.PERMIT, gate.currentAssessment().access.decision)
    }
}
