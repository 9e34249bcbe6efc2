package be.octroi

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.HttpURLConnection
import java.net.URL
import java.time.Duration
import java.util.concurrent.ExecutionException
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.concurrent.thread

/**
 * Fetches the files of a repository of policies from a web server, by `HttpURLConnection`. Redirects are not followed: what is published
 * somewhere else has another address. What an app sets for all of its `HttpURLConnection`s (a proxy, cookies) counts here, too. The manifest of
 * an Android app has to ask for the permission `INTERNET`.
 *
 * @param url the folder of the repository, that `metadata/` and `targets/` lie in: of `https`, or on this machine.
 * @param timeout how long the fetching of one file may take, all in all.
 * @throws IllegalArgumentException if the address is another.
 */
public class HttpTransport @JvmOverloads constructor(url: URL, private val timeout: Duration = Duration.ofMinutes(1)) : Transport {
    private val folder = url.toExternalForm().trimEnd('/')

    init {
        require(url.protocol == "https" || url.protocol == "http" && url.host in HERE) { "`$url` is not of https" }
        require(url.query == null && url.ref == null) { "`$url` is no folder" }
    }

    override fun fetch(path: String, most: ULong): ByteArray? {
        val connection = URL("$folder/$path").openConnection() as HttpURLConnection
        val task = FutureTask { connection.read(most) }
        // The time limits of a connection are those of each step, and a server that hangs may take many; nothing bounds the asking for its address.
        thread(isDaemon = true, name = "octroi fetches", block = task::run)
        try {
            return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS)
        } catch (_: TimeoutException) {
            // It may wait for a step to end.
            thread(isDaemon = true, block = connection::disconnect)
            throw IOException("no answer within $timeout")
        } catch (error: ExecutionException) {
            throw error.cause ?: error
        }
    }

    private fun HttpURLConnection.read(most: ULong): ByteArray? {
        val step = timeout.toMillis().coerceIn(1, Int.MAX_VALUE.toLong()).toInt()
        connectTimeout = step
        readTimeout = step
        instanceFollowRedirects = false
        // What was signed last, as it lies there.
        useCaches = false
        setRequestProperty("Accept-Encoding", "identity")
        return when (val status = responseCode) {
            HttpURLConnection.HTTP_OK -> inputStream.use { it.read(most) }
            HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_FORBIDDEN -> null.also { errorStream?.close() }
            else -> {
                disconnect()
                throw IOException("the server answered $status")
            }
        }
    }
}

/** One byte more than is of use says that there is too much. */
private fun InputStream.read(most: ULong): ByteArray {
    val limit = most.coerceAtMost(Int.MAX_VALUE.toULong() - 8u).toInt() + 1
    val content = ByteArrayOutputStream()
    val piece = ByteArray(PIECE)
    while (content.size() < limit) {
        val count = read(piece, 0, minOf(piece.size, limit - content.size()))
        if (count < 0) break
        content.write(piece, 0, count)
    }
    return content.toByteArray()
}

private const val PIECE = 16 * 1024

private val HERE = setOf("localhost", "127.0.0.1", "[::1]")
