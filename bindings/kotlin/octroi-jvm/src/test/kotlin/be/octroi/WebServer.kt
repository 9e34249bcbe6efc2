package be.octroi

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.io.File
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URL
import java.util.concurrent.Executors

/** A web server on this machine. */
internal class WebServer(answer: (HttpExchange) -> Unit) : AutoCloseable {
    private val threads = Executors.newCachedThreadPool { Thread(it).apply { isDaemon = true } }
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        executor = threads
        createContext("/") { exchange -> exchange.use(answer) }
        start()
    }

    val url get() = URL("http://127.0.0.1:${server.address.port}/policies/")

    override fun close() {
        server.stop(0)
        threads.shutdownNow()
    }

    private fun HttpExchange.use(answer: (HttpExchange) -> Unit) {
        try {
            answer(this)
        } finally {
            close()
        }
    }
}

/** Serves a folder, as any web server does. */
internal fun serving(folder: File) = WebServer { it.answer(File(folder, it.requestURI.path.removePrefix("/policies/"))) }

internal fun HttpExchange.answer(file: File) = if (file.isFile) answer(200, file.readBytes()) else answer(404, "no such file".toByteArray())

internal fun HttpExchange.answer(status: Int, content: ByteArray = ByteArray(0)) {
    sendResponseHeaders(status, if (content.isEmpty()) -1 else content.size.toLong())
    responseBody.write(content)
}

/** Repositories as they were published: `before`, a policy leaves access open; `after`, its second version closes it. */
internal val published = root.resolve("tests/repositories/published")

internal val publishedRoot: ByteArray = published.resolve("root.json").readBytes()
