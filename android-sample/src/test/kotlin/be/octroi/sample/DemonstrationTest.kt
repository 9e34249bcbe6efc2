package be.octroi.sample

import android.view.View
import java.net.InetAddress
import java.net.ServerSocket
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** The request to an internal host passes under a permit, and reaches nobody without one. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class, qualifiers = "en-w411dp-h891dp")
internal class DemonstrationTest {
    private val server = Server()
    private lateinit var phone: Phone

    @After
    fun close() {
        phone.close()
        server.close()
    }

    private fun send(situation: Situation, port: Int = server.port) {
        phone = situation.open()
        phone.app.port = port
        phone.send()
    }

    @Test
    fun `a permit lets it pass`() {
        send(Situation.PERMIT)
        assertEquals("The gate let the request pass: $HOST answered with status 200.", phone.textOf(R.id.result))
        assertEquals(1, server.requests)
    }

    @Test
    fun `so does the term`() {
        send(Situation.GRACE)
        assertEquals(1, server.requests)
    }

    @Test
    fun `a denial stops it, and says why`() {
        send(Situation.DENY)
        val said = "The gate stopped the request before any connection. Access closed for this device."
        assertEquals(said, phone.textOf(R.id.result))
        assertEquals(0, server.requests)
    }

    @Test
    fun `so does an open question`() {
        send(Situation.UNKNOWN)
        val said = "The gate stopped the request before any connection. Access closed while a question is open."
        assertEquals(said, phone.textOf(R.id.result))
        assertEquals(0, server.requests)
    }

    @Test
    fun `that nobody answers is not the gate's doing`() {
        val port = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localPort }
        send(Situation.PERMIT, port)
        assertEquals("The gate let the request pass, but $HOST did not answer.", phone.textOf(R.id.result))
    }

    @Test
    fun `what was said under another verdict goes with it`() {
        send(Situation.DENY)
        phone.remove()
        phone.await("the permit") { phone.verdict == "Access allowed" }
        assertEquals(View.GONE, phone.part<View>(R.id.result).visibility)
    }

    private companion object {
        const val HOST = "intranet.exempleville.example"
    }
}
