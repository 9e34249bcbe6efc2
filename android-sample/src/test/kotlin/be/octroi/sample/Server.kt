package be.octroi.sample

import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/** An internal host on this machine that counts what reaches it. */
internal class Server : AutoCloseable {
    private val asked = AtomicInteger()
    private val ports = ConcurrentHashMap.newKeySet<Int>()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        createContext("/") { exchange ->
            asked.incrementAndGet()
            ports += exchange.remoteAddress.port
            exchange.sendResponseHeaders(200, -1)
            exchange.close()
        }
        start()
    }

    val port: Int get() = server.address.port

    /** How many requests there were. */
    val requests: Int get() = asked.get()

    /** Over how many connections they came. */
    val connections: Int get() = ports.size

    override fun close() = server.stop(0)
}
