package be.octroi.okhttp

import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** A web server on this machine that counts who connects. */
internal class Server(address: String = "127.0.0.1", private val answer: (path: String) -> String = { ok("hello") }) : AutoCloseable {
    private val socket = ServerSocket(0, 50, InetAddress.getByName(address))
    private val accepted = AtomicInteger()
    private val asked = AtomicInteger()

    val port: Int get() = socket.localPort

    /** How many connections there were. */
    val connections: Int get() = accepted.get()

    /** How many requests there were. */
    val requests: Int get() = asked.get()

    init {
        thread(isDaemon = true) {
            while (!socket.isClosed) {
                val connection = runCatching { socket.accept() }.getOrNull() ?: break
                accepted.incrementAndGet()
                thread(isDaemon = true) { connection.use(::serve) }
            }
        }
    }

    private fun serve(connection: Socket) {
        val lines = connection.getInputStream().bufferedReader()
        while (true) {
            val request = lines.readLine() ?: return
            while (lines.readLine().orEmpty().isNotEmpty()) Unit
            asked.incrementAndGet()
            connection.getOutputStream().write(answer(request.split(" ")[1]).toByteArray())
        }
    }

    override fun close() = socket.close()
}

internal fun ok(body: String) = "HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nCache-Control: no-store\r\n\r\n$body"

internal fun redirect(to: String) = "HTTP/1.1 302 Found\r\nLocation: $to\r\nContent-Length: 0\r\n\r\n"
