package be.octroi

import com.sun.net.httpserver.HttpExchange
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.URL
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTimeoutPreemptively
import org.junit.jupiter.api.Test

/** Whatever a server does, a phone waits for it no longer than it was told to, reads no more than is of use, and asks nobody else. */
internal class HttpTransportTest {
    private val asked = CopyOnWriteArrayList<String>()

    private fun fetch(path: String = "metadata/timestamp.json", most: ULong = 100u, answer: (HttpExchange) -> Unit): ByteArray? =
        WebServer {
            asked += it.requestURI.path
            answer(it)
        }.use { HttpTransport(it.url, SHORT).fetch(path, most) }

    private fun assertFails(answer: (HttpExchange) -> Unit) = assertSoon {
        assertThrows(IOException::class.java) { fetch(answer = answer) }
    }

    private fun assertSoon(run: () -> Unit) = assertTimeoutPreemptively(SHORT.plusSeconds(5), run)

    @Test
    fun `a file is fetched from the folder of the repository, however its address ends`() {
        WebServer {
            asked += it.requestURI.path
            it.answer(200, "signed".toByteArray())
        }.use {
            for (url in listOf(it.url, URL(it.url.toExternalForm().trimEnd('/')))) {
                assertEquals("signed", HttpTransport(url).fetch("metadata/1.root.json", 100u)?.decodeToString())
            }
        }
        assertEquals(List(2) { "/policies/metadata/1.root.json" }, asked)
    }

    @Test
    fun `a file that is not there is none, and no error`() {
        for (status in listOf(403, 404)) assertNull(fetch { it.answer(status, "<html>".toByteArray()) })
    }

    @Test
    fun `a server in trouble is an error, and no missing file`() {
        for (status in listOf(204, 401, 410, 500, 503)) assertFails { it.answer(status) }
    }

    @Test
    fun `of a file that is too long one byte more is read than is of use`() {
        assertEquals(100, fetch { it.answer(200, ByteArray(100)) }?.size)
        assertEquals(101, fetch { it.answer(200, ByteArray(1_000_000)) }?.size)
        assertEquals(1_000_000, fetch(most = ULong.MAX_VALUE) { it.answer(200, ByteArray(1_000_000)) }?.size)
        assertEquals(101, fetch { it.endless() }?.size)
    }

    /** Neither to another host nor to one that anybody on the way can write to. */
    @Test
    fun `nobody is sent elsewhere`() {
        for (status in listOf(301, 302, 303, 307, 308)) {
            assertFails {
                it.responseHeaders.add("Location", "/policies/elsewhere")
                it.answer(status)
            }
        }
        assertEquals(setOf("/policies/metadata/timestamp.json"), asked.toSet())
    }

    @Test
    fun `a server that hangs is given up`() {
        assertFails { Thread.sleep(60_000) }
        assertFails {
            it.sendResponseHeaders(200, 50)
            it.responseBody.flush()
            Thread.sleep(60_000)
        }
    }

    /** Each byte comes in time, and the last one never. */
    @Test
    fun `a server that drips is given up`() {
        assertFails { exchange ->
            exchange.sendResponseHeaders(200, 0)
            repeat(50) {
                exchange.responseBody.write(' '.code)
                exchange.responseBody.flush()
                Thread.sleep(SHORT.toMillis() / 2)
            }
        }
        ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { server ->
            thread(isDaemon = true) {
                server.accept().use { connection ->
                    val headers = "HTTP/1.1 200 OK\r\nX: ".toByteArray().asSequence() + generateSequence(' '.code.toByte()) { it }
                    runCatching {
                        for (byte in headers) {
                            connection.getOutputStream().write(byte.toInt())
                            Thread.sleep(SHORT.toMillis() / 20)
                        }
                    }
                }
            }
            val transport = HttpTransport(URL("http://127.0.0.1:${server.localPort}"), SHORT)
            assertSoon { assertThrows(IOException::class.java) { transport.fetch("metadata/timestamp.json", 100u) } }
        }
    }

    @Test
    fun `nobody answers`() {
        val port = ServerSocket(0, 50, InetAddress.getLoopbackAddress()).use { it.localPort }
        val transport = HttpTransport(URL("http://127.0.0.1:$port"), SHORT)
        assertThrows(IOException::class.java) { transport.fetch("metadata/timestamp.json", 100u) }
    }

    @Test
    fun `a repository has an address of https, and is a folder`() {
        val wrong = listOf(
            "http://policies.example", "http://127.0.0.1.policies.example", "http://10.0.0.1/", "file:///policies", "ftp://localhost/policies",
            "https://policies.example/?path=", "https://policies.example/#",
        )
        for (url in wrong) assertThrows(IllegalArgumentException::class.java, { HttpTransport(URL(url)) }, url)
        for (url in listOf("https://policies.example", "http://localhost:8000/policies/", "http://[::1]:8000/")) HttpTransport(URL(url))
    }

    private companion object {
        val SHORT: Duration = Duration.ofSeconds(1)
    }
}

/** Sends for as long as somebody reads. */
internal fun HttpExchange.endless() {
    sendResponseHeaders(200, 0)
    while (true) responseBody.write(ByteArray(10_000))
}
