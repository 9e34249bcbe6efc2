package be.octroi.sample

import android.view.View
import java.io.IOException
import java.net.InetAddress
import java.net.Proxy
import java.net.ProxySelector
import java.net.ServerSocket
import java.net.SocketAddress
import java.net.URI
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
    fun `all requests have one client`() {
        send(Situation.PERMIT)
        phone.send()
        assertEquals(2 to 1, server.requests to server.connections)
    }

    @Test
    fun `a phone that takes the network away leaves the app standing`() {
        val before = ProxySelector.getDefault()
        ProxySelector.setDefault(object : ProxySelector() {
            override fun select(uri: URI): List<Proxy> = throw SecurityException("no network for this app")

            override fun connectFailed(uri: URI, address: SocketAddress, error: IOException) = Unit
        })
        try {
            send(Situation.PERMIT)
            assertEquals("The gate let the request pass, but $HOST did not answer.", phone.textOf(R.id.result))
        } finally {
            ProxySelector.setDefault(before)
        }
    }

    @Test
    fun `an address stands in a URL as it should`() {
        phone = Phone()
        assertEquals(listOf("https://[2001:db8::5]/", "https://10.0.0.5/"), listOf("2001:db8::5", "10.0.0.5").map(SampleApp()::address))
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
