package be.octroi.okhttp

import be.octroi.AccessDenied
import be.octroi.AccessGuard
import be.octroi.Assessment
import be.octroi.Clock
import be.octroi.Decision
import be.octroi.Device
import be.octroi.GateClosed
import be.octroi.GateCore
import be.octroi.GuardedSocketFactory
import be.octroi.Observation
import be.octroi.OctroiException
import be.octroi.Platform
import be.octroi.Probe
import be.octroi.Record
import be.octroi.Scope
import be.octroi.Seen
import be.octroi.SeenApp
import be.octroi.Source
import be.octroi.defaultDeployment
import be.octroi.guard
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.ProxySelector
import java.nio.file.Files
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CompletableFuture
import javax.net.SocketFactory
import okhttp3.Call
import okhttp3.Cache
import okhttp3.Callback
import okhttp3.Cookie
import okhttp3.CookieJar
import okhttp3.Dns
import okhttp3.HttpUrl
import okhttp3.Interceptor
import okhttp3.OkHttp
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.condition.EnabledIfSystemProperty

private const val TIKTOK = "com.zhiliaoapp.musically"

/** An internal server must not even see that a phone without a permit is there; and nobody else may notice the guard. */
internal class GuardedByTest {
    private var tiktok = false
    private var now = Instant.parse("2023-04-20T08:00:00Z")
    private val core = GateCore.open(
        Files.createTempDirectory("octroi").toString(),
        defaultDeployment().copy(internalHosts = listOf("intranet.example", "*.internal.example", "127.0.0.2", "::1")),
        object : Clock {
            override fun now() = this@GuardedByTest.now
        },
    )

    /** Looks at the phone before each request, so that a test need not wait for a verdict to grow old. */
    private val gate = object : AccessGuard {
        override fun isInternal(host: String) = core.isInternal(host)

        override fun currentAssessment() = core.check(look())
    }
    private val internal = Server()
    private val outer = Server { path -> if (path.startsWith("/to/")) redirect("http://" + path.removePrefix("/to/")) else ok("outer") }

    /** Every name is this machine, like in a network with a resolver of its own. */
    private val dns = object : Dns {
        val asked = mutableListOf<String>()

        override fun lookup(hostname: String): List<InetAddress> {
            asked += hostname
            return listOf(InetAddress.getByAddress(hostname, byteArrayOf(127, 0, 0, 1)))
        }
    }

    @AfterEach
    fun close() {
        listOf(internal, outer, core).forEach { it.close() }
    }

    private fun look(): Record {
        val ids = core.watchlist(Platform.ANDROID).ids.map { it.text }
        val observation = Observation(
            source = Source.PLATFORM,
            scope = Scope.DEVICE,
            apps = if (tiktok) listOf(SeenApp(Seen.Id(TIKTOK))) else emptyList(),
            absent = ids.filter { !tiktok || it != TIKTOK }.map { Probe.Id(it) },
        )
        return Record(Device(platform = Platform.ANDROID), observations = listOf(observation))
    }

    private fun client(change: OkHttpClient.Builder.() -> Unit = {}) =
        OkHttpClient.Builder().dns(dns).apply(change).guardedBy(gate).build()

    private fun OkHttpClient.ask(url: String) =
        newCall(Request.Builder().url(url).build()).execute().use { it.body!!.string() }

    private fun assertDenied(host: String, ask: () -> Unit) {
        val denied = assertThrows(AccessDenied::class.java) { ask() }
        assertEquals(host, denied.host)
        assertEquals(Decision.DENY, denied.assessment?.access?.decision)
    }

    /** Each line of OkHttp has a run of its own. */
    @Test
    fun `it is the OkHttp that is meant`() {
        // Read when it runs: the compiler would put in what it compiles against.
        assertEquals(System.getProperty("octroi.okhttp"), OkHttp::class.java.getField("VERSION").get(null))
    }

    @Test
    fun `a permit opens internal hosts`() {
        assertEquals("hello", client().ask("http://intranet.example:${internal.port}/"))
    }

    @TestFactory
    fun `a denial closes internal hosts, however they are written`(): List<DynamicTest> = listOf(
        "intranet.example" to "intranet.example",
        "INTRANET.Example" to "intranet.example",
        "intranet.example." to "intranet.example.",
        "a.b.internal.example" to "a.b.internal.example",
        "127.0.0.2" to "127.0.0.2",
        "[::ffff:127.0.0.2]" to "127.0.0.2",
        "[0:0:0:0:0:0:0:1]" to "::1",
    ).map { (written, host) ->
        DynamicTest.dynamicTest(written) {
            tiktok = true
            assertDenied(host) { client().ask("http://$written:${internal.port}/") }
            assertEquals(0, internal.connections)
            assertEquals(emptyList<String>(), dns.asked)
        }
    }

    @Test
    fun `a denial leaves other hosts alone`() {
        tiktok = true
        assertEquals("outer", client().ask("http://www.example:${outer.port}/"))
        assertEquals("outer", client().ask("http://127.0.0.1:${outer.port}/"))
    }

    @Test
    fun `nothing is looked at for other hosts`() {
        val blind = object : AccessGuard by gate {
            override fun currentAssessment(): Assessment = error("looked at the device")
        }
        val client = OkHttpClient.Builder().dns(dns).guardedBy(blind).build()
        assertEquals("outer", client.ask("http://www.example:${outer.port}/"))
    }

    @TestFactory
    fun `a redirect from outside does not lead in`(): List<DynamicTest> =
        listOf("intranet.example", "INTRANET.EXAMPLE", "127.0.0.2", "[::1]", "x.internal.example.").map { host ->
            DynamicTest.dynamicTest(host) {
                tiktok = true
                assertDenied(host.lowercase().trim('[', ']')) { client().ask("http://www.example:${outer.port}/to/$host:${internal.port}/") }
                assertEquals(0, internal.connections)
                assertTrue("intranet.example" !in dns.asked)
            }
        }

    @Test
    fun `a redirect in stays open with a permit`() {
        assertEquals("hello", client().ask("http://www.example:${outer.port}/to/intranet.example:${internal.port}/"))
    }

    @Test
    fun `an open connection carries nothing once the verdict has changed`() {
        val client = client()
        client.ask("http://intranet.example:${internal.port}/")
        client.ask("http://www.example:${outer.port}/")
        tiktok = true
        assertDenied("intranet.example") { client.ask("http://intranet.example:${internal.port}/") }
        assertDenied("intranet.example") { client.ask("http://www.example:${outer.port}/to/intranet.example:${internal.port}/") }
        assertEquals(1, internal.connections)
        assertEquals(1, internal.requests)
        tiktok = false
        assertEquals("hello", client.ask("http://intranet.example:${internal.port}/"))
    }

    @Test
    fun `a verdict that changes while a request is prepared counts`() {
        var turning = false
        val client = client {
            cookieJar(object : CookieJar {
                override fun loadForRequest(url: HttpUrl): List<Cookie> {
                    tiktok = turning
                    return emptyList()
                }

                override fun saveFromResponse(url: HttpUrl, cookies: List<Cookie>) = Unit
            })
        }
        client.ask("http://intranet.example:${internal.port}/")
        turning = true
        assertDenied("intranet.example") { client.ask("http://intranet.example:${internal.port}/") }
        assertEquals(1, internal.requests)
    }

    @Test
    fun `cookies that were set are still sent`() {
        val cookie = Cookie.Builder().name("session").value("1").domain("intranet.example").build()
        val kept = mutableListOf<String>()
        val client = client {
            cookieJar(object : CookieJar {
                override fun loadForRequest(url: HttpUrl) = listOf(cookie).also { kept += "load" }

                override fun saveFromResponse(url: HttpUrl, cookies: List<Cookie>) {
                    kept += cookies.map { it.value }
                }
            })
        }
        Server { "HTTP/1.1 204 No Content\r\nSet-Cookie: session=2\r\n\r\n" }.use { client.ask("http://intranet.example:${it.port}/") }
        assertEquals(listOf("load", "2"), kept)
    }

    @Test
    fun `a web socket is led in over no open connection`() {
        val client = client()
        client.ask("http://intranet.example:${internal.port}/")
        tiktok = true
        for (url in listOf("ws://www.example:${outer.port}/to/intranet.example:${internal.port}/", "ws://intranet.example:${internal.port}/")) {
            val end = CompletableFuture<Throwable>()
            client.newWebSocket(Request.Builder().url(url).build(), object : WebSocketListener() {
                override fun onOpen(webSocket: WebSocket, response: Response) {
                    end.complete(AssertionError("open"))
                }

                override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) {
                    end.complete(t)
                }
            })
            assertDenied("intranet.example") { throw end.get() }
        }
        assertEquals(1, internal.requests)
    }

    @Test
    fun `a redirect leads to no page that was kept`() {
        val pages = Server { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nCache-Control: max-age=3600\r\n\r\nkept" }
        val client = client { cache(Cache(Files.createTempDirectory("cache").toFile(), 1_000_000)) }
        val url = "http://intranet.example:${pages.port}/"
        client.ask(url)
        pages.close()
        assertEquals("kept", client.ask(url))
        tiktok = true
        assertDenied("intranet.example") { client.ask(url) }
        assertDenied("intranet.example") { client.ask("http://www.example:${outer.port}/to/intranet.example:${pages.port}/") }
    }

    @Test
    fun `a verdict that changes between two redirects counts`() {
        val turning = Server { path ->
            tiktok = true
            redirect("http://" + path.removePrefix("/to/"))
        }
        turning.use {
            assertDenied("intranet.example") {
                client().ask("http://intranet.example:${turning.port}/to/intranet.example:${internal.port}/")
            }
        }
        assertEquals(0, internal.connections)
    }

    @TestFactory
    fun `a proxy is not asked to lead in`(): List<DynamicTest> {
        val ways = Proxy.Type.values().filter { it != Proxy.Type.DIRECT }.flatMap { type -> listOf("http", "https").map { type to it } }
        return ways.map { (type, scheme) ->
            DynamicTest.dynamicTest("$type $scheme") {
                tiktok = true
                Server().use { server ->
                    val client = client { proxy(Proxy(type, InetSocketAddress("127.0.0.1", server.port))) }
                    // As after a redirect: the call begins elsewhere.
                    val elsewhere = client.newBuilder().addInterceptor { chain ->
                        chain.proceed(chain.request().newBuilder().url("$scheme://intranet.example/").build())
                    }.build()
                    assertDenied("intranet.example") { elsewhere.ask("http://www.example/") }
                    assertDenied("my_host.internal.example") { client.ask("$scheme://my_host.internal.example/") }
                    assertEquals(0, server.connections)
                }
            }
        }
    }

    @Test
    fun `a proxy that was set is still taken`() {
        Server { ok("by proxy") }.use { server ->
            val client = client { proxy(Proxy(Proxy.Type.HTTP, InetSocketAddress("127.0.0.1", server.port))) }
            assertEquals("by proxy", client.ask("http://www.example/"))
            assertEquals("by proxy", client.ask("http://intranet.example/"))
            // Names that Java's URI does not take: nobody may learn of them but the proxy.
            assertEquals("by proxy", client.ask("http://my_host.example/"))
            assertEquals("by proxy", client.ask("http://my_host.internal.example/"))
            assertEquals(emptyList<String>(), dns.asked - "127.0.0.1")
        }
    }

    @Test
    fun `an internal host with an underscore is guarded without a proxy, too`() {
        assertEquals("hello", client().ask("http://my_host.internal.example:${internal.port}/"))
        tiktok = true
        assertDenied("my_host.internal.example") { client().ask("http://www.example:${outer.port}/to/my_host.internal.example:${internal.port}/") }
        assertEquals(1, internal.connections)
    }

    @Test
    fun `a name of outside that leads to an internal address is denied`() {
        tiktok = true
        val alias = object : Dns {
            override fun lookup(hostname: String) = listOf(InetAddress.getByName("127.0.0.2"))
        }
        assertDenied("127.0.0.2") { client { dns(alias) }.ask("http://www.example:${internal.port}/") }
    }

    @Test
    fun `an open connection to an internal address carries no other name once the verdict has changed`() {
        Server(address = "127.0.0.2").use { server ->
            val inside = object : Dns {
                override fun lookup(hostname: String) = listOf(InetAddress.getByName("127.0.0.2"))
            }
            val client = client { dns(inside) }
            client.ask("http://www.example:${server.port}/")
            tiktok = true
            assertDenied("127.0.0.2") { client.ask("http://www.example:${server.port}/") }
            assertEquals(1, server.requests)
        }
    }

    @Test
    fun `sockets of another kind do not pass addresses by`() {
        tiktok = true
        val own = object : SocketFactory() {
            val plain = getDefault()

            override fun createSocket() = plain.createSocket()

            override fun createSocket(host: String, port: Int) = plain.createSocket(host, port)

            override fun createSocket(host: String, port: Int, from: InetAddress, at: Int) = plain.createSocket(host, port, from, at)

            override fun createSocket(host: InetAddress, port: Int) = plain.createSocket(host, port)

            override fun createSocket(host: InetAddress, port: Int, from: InetAddress, at: Int) = plain.createSocket(host, port, from, at)
        }
        assertDenied("127.0.0.2") {
            client { socketFactory(own) }.ask("http://www.example:${outer.port}/to/127.0.0.2:${internal.port}/")
        }
    }

    /** What the documentation says of such an interceptor; a careless one must not send anybody in. */
    @Test
    @EnabledIfSystemProperty(named = "octroi.okhttp", matches = "5\\..*")
    fun `an interceptor that puts others in the place of the guard's parts gets no request sent`() {
        tiktok = true
        val client = client { addInterceptor { it.withoutGuard().proceed(it.request()) } }
        assertDenied("intranet.example") { client.ask("http://intranet.example:${internal.port}/") }
        assertEquals(0, internal.connections)
        assertDenied("intranet.example") { client.ask("http://www.example:${outer.port}/to/intranet.example:${internal.port}/") }
        assertEquals(0, internal.requests)
    }

    /** By reflection: what this is compiled with does not know how. */
    private fun Interceptor.Chain.withoutGuard(): Interceptor.Chain {
        val others = listOf(
            Dns::class to dns,
            CookieJar::class to CookieJar.NO_COOKIES,
            SocketFactory::class to SocketFactory.getDefault(),
            ProxySelector::class to ProxySelector.getDefault(),
        )
        return others.fold(this) { chain, (type, other) ->
            Interceptor.Chain::class.java.getMethod("with${type.simpleName}", type.java).invoke(chain, other) as Interceptor.Chain
        }
    }

    @Test
    fun `a call in the background is denied through its callback`() {
        tiktok = true
        val failure = CompletableFuture<Exception>()
        client().newCall(Request.Builder().url("http://intranet.example:${internal.port}/").build()).enqueue(object : Callback {
            override fun onFailure(call: Call, e: java.io.IOException) {
                failure.complete(e)
            }

            override fun onResponse(call: Call, response: Response) {
                failure.completeExceptionally(AssertionError("passed"))
            }
        })
        assertTrue(failure.get() is AccessDenied)
    }

    @Test
    fun `a gate without an app looks again when its verdict is too old`() {
        val guard = core.guard(notOlderThan = Duration.ofMinutes(15)) { look() }
        val client = OkHttpClient.Builder().dns(dns).guardedBy(guard).build()
        client.ask("http://intranet.example:${internal.port}/")
        tiktok = true
        client.ask("http://intranet.example:${internal.port}/")
        now += Duration.ofMinutes(16)
        assertDenied("intranet.example") { client.ask("http://intranet.example:${internal.port}/") }
    }

    @Test
    fun `under a configuration that is wrong nothing opens`() {
        assertThrows(OctroiException.Configuration::class.java) { core.configure(mapOf("octroi.when_undetermined" to "maybe")) }
        val denied = assertThrows(AccessDenied::class.java) { client().ask("http://intranet.example:${internal.port}/") }
        assertNull(denied.assessment)
        assertTrue(denied.cause is OctroiException.Configuration)
        assertEquals(0, internal.connections)
    }

    @Test
    fun `a gate that was closed opens no internal host, and closes no other`() {
        val client = OkHttpClient.Builder().dns(dns).guardedBy(core.guard(Duration.ofMinutes(15)) { look() }).build()
        client.ask("http://intranet.example:${internal.port}/")
        core.close()
        val denied = assertThrows(AccessDenied::class.java) { client.ask("http://intranet.example:${internal.port}/") }
        assertTrue(denied.cause is GateClosed, "${denied.cause}")
        assertEquals("outer", client.ask("http://www.example:${outer.port}/"))
    }

    @Test
    fun `sockets without OkHttp are guarded, too`() {
        val factory = GuardedSocketFactory(gate)
        factory.createSocket("127.0.0.1", outer.port).close()
        tiktok = true
        factory.createSocket("127.0.0.1", outer.port).close()
        assertDenied("127.0.0.2") { factory.createSocket("127.0.0.2", outer.port) }
        assertDenied("127.0.0.2") { factory.createSocket(InetAddress.getByName("127.0.0.2"), outer.port) }
        assertDenied("intranet.example") { factory.createSocket("intranet.example", outer.port) }
        assertDenied("intranet.example") {
            factory.createSocket().use { it.connect(InetSocketAddress.createUnresolved("intranet.example", outer.port)) }
        }
    }
}
