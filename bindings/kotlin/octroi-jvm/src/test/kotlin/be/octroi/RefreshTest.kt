package be.octroi

import com.sun.net.httpserver.HttpExchange
import java.io.File
import java.net.URL
import java.nio.file.Files
import java.time.Duration
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A policy of today closes what one of yesterday left open, and nobody who holds a server opens it again. */
internal class RefreshTest {
    private val folder = Files.createTempDirectory("octroi").toString()
    private val gate = open()

    @AfterEach
    fun close() = gate.close()

    private fun open(folder: String = this.folder) = GateCore.open(
        folder,
        defaultDeployment().copy(policies = listOf(REGION)),
        object : Clock {
            override fun now() = java.time.Instant.parse("2023-04-20T12:00:00Z")
        },
    )

    private fun refresh(repository: String): List<Change> =
        serving(File(published, repository)).use { gate.refresh(HttpTransport(it.url), publishedRoot) }

    private fun decision(gate: GateCore = this.gate) = gate.check(ownPhoneWithTikTok).access.decision

    @Test
    fun `a new version closes access, and an attacker's mirror of the old one is refused`() {
        assertEquals(emptyList<Change>(), refresh("before"))
        assertEquals(Decision.PERMIT, decision())
        assertEquals(listOf(Change.Replaced(PolicyRef(REGION, 2u))), refresh("after"))
        assertEquals(null, gate.last())
        assertEquals(Decision.DENY, decision())
        assertEquals(emptyList<Change>(), refresh("after"))

        val error = assertThrows(OctroiException.Repository::class.java) { refresh("before") }
        assertEquals("rollback", error.code)
        assertEquals(Decision.DENY, decision())
        open().use { assertEquals(Decision.DENY, decision(it)) }
    }

    @Test
    fun `what another signed is not believed`() {
        val root = File(published, "before/metadata/1.root.json").readText().replaceFirst("\"sig\":\"", "\"sig\":\"00")
        val error = assertThrows(OctroiException.Repository::class.java) {
            serving(File(published, "after")).use { gate.refresh(HttpTransport(it.url), root.toByteArray()) }
        }
        assertTrue(error.code in setOf("signatures", "malformed"), error.code)
        assertEquals(Decision.PERMIT, decision())
    }

    @Test
    fun `a server that fails changes nothing`() {
        assertChangesNothing("fetch_failed") { Thread.sleep(60_000) }
        assertChangesNothing("fetch_failed") { it.answer(500) }
        assertChangesNothing("too_large") { it.endless() }
        assertChangesNothing("not_there") { it.answer(404) }
        assertChangesNothing("malformed") { it.answer(200, "<html>Welcome to this hotel</html>".toByteArray()) }
        assertChangesNothing("fetch_failed") {
            it.responseHeaders.add("Location", "http://policies.example${it.requestURI.path}")
            it.answer(302)
        }
    }

    /** Each file in turn, of those that lead to the policy: the others come as they should. */
    @Test
    fun `a file that is cut off changes nothing`() {
        val after = File(published, "after")
        val files = after.walk().filter { file -> file.isFile && listOf("root", "brussels.", "mdm").none { it in file.name } }.toList()
        assertEquals(5, files.size)
        for (file in files) {
            val server = WebServer { exchange ->
                val asked = File(after, exchange.requestURI.path.removePrefix("/policies/"))
                if (asked == file) exchange.answer(200, file.readBytes().let { it.copyOf(it.size / 2) }) else exchange.answer(asked)
            }
            // Another phone: this one keeps what came whole.
            open(Files.createTempDirectory("octroi").toString()).use { gate ->
                try {
                    val changes = server.use { gate.refresh(HttpTransport(it.url), publishedRoot) }
                    assertTrue(changes.single() is Change.NotHeard, "$file: $changes")
                } catch (_: OctroiException.Repository) {
                    // What everything else hangs on.
                }
                assertEquals(Decision.PERMIT, decision(gate), file.path)
            }
        }
    }

    @Test
    fun `a name that is none is refused`() {
        val unasked = HttpTransport(URL("https://policies.example"))
        val error = assertThrows(OctroiException.Value::class.java) { gate.refresh(unasked, publishedRoot, "../evere") }
        assertEquals("PolicyId", error.place)
    }

    private fun assertChangesNothing(code: String, answer: (HttpExchange) -> Unit) {
        val error = WebServer(answer).use { server ->
            assertThrows(OctroiException.Repository::class.java) {
                gate.refresh(HttpTransport(server.url, Duration.ofSeconds(1)), publishedRoot)
            }
        }
        assertEquals(code, error.code, error.reason)
        assertEquals(Decision.PERMIT, decision())
    }

    private companion object {
        const val REGION = "be-brussels-region"
    }
}

/** The region leaves access open to it. */
private val ownPhoneWithTikTok = Record(
    device = Device(
        platform = Platform.ANDROID,
        ownership = listOf(OwnershipStatement(Ownership.PERSONAL, Source.SELF_DECLARED)),
        purchase = listOf(ShareStatement(Share.NONE, Source.SELF_DECLARED)),
        subscription = listOf(ShareStatement(Share.NONE, Source.SELF_DECLARED)),
        usage = listOf(ShareStatement(Share.NONE, Source.SELF_DECLARED)),
    ),
    observations = personWithTikTok.observations,
)
