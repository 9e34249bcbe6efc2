package be.octroi.sample

import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.atomic.AtomicInteger

/** An internal host on this machine that counts what reaches it. */
internal class Server : AutoCloseable {
    private val asked = AtomicInteger()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        createContext("/") { exchange ->
            asked.incrementAndGet()
            exchange.sendResponseHeaders(200, -1)
            exchange.close()
        }
        start()
    }

    val port: Int get() = server.address.port

    /** How many requests there were. */
    val requests: Int get() = asked.get()

    override fun close() = server.stop(0)
}
