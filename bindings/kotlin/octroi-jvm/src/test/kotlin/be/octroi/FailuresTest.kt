package be.octroi

import com.sun.jna.Callback
import com.sun.jna.Native
import com.sun.jna.Pointer
import java.nio.file.Files
import java.util.concurrent.CopyOnWriteArrayList
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What fails in the app's own code, or in octroi's, becomes an exception: the process lives on, and the gate answers afterwards. */
internal class FailuresTest {
    private val folder = Files.createTempDirectory("octroi")
    private var tell: () -> java.time.Instant = { noon }
    private val gate = GateCore.open(
        folder.toString(),
        defaultDeployment(),
        object : Clock {
            override fun now() = tell()
        },
    )

    @AfterEach
    fun close() {
        setLogSink(null)
        gate.close()
    }

    private fun assertAnswers() {
        tell = { noon }
        assertEquals(Decision.DENY, gate.check(personWithTikTok).access.decision)
        assertEquals(noon, gate.last()?.assessedAt)
    }

    @Test
    fun `a clock that throws decides nothing`() {
        for (thrown in listOf(PortException.Failed("no battery"), IllegalStateException("no battery"))) {
            tell = { throw thrown }
            val error = assertThrows(OctroiException.Clock::class.java) { gate.check(personWithTikTok) }
            assertTrue("no battery" in error.reason, error.reason)
            assertThrows(OctroiException.Clock::class.java) { gate.current(java.time.Duration.ofHours(1)) }
        }
        assertAnswers()
    }

    @Test
    fun `a clock that fails worse than by an exception decides nothing`() {
        val told = callbackErrors {
            tell = { throw StackOverflowError() }
            assertThrows(OctroiException.Clock::class.java) { gate.check(personWithTikTok) }
        }
        assertTrue(told.single() is StackOverflowError)
        assertAnswers()
    }

    @Test
    fun `a log that throws loses its message and nothing else`() {
        val asked = CopyOnWriteArrayList<String>()
        // What stands in the way of the state is logged.
        Files.createDirectory(folder.resolve("state.tmp"))
        for (thrown in listOf(PortException.Failed("full"), IllegalStateException("full"), StackOverflowError())) {
            setLogSink(object : LogSink {
                override fun log(level: LogLevel, text: String) {
                    asked += text
                    throw thrown
                }
            })
            callbackErrors { assertEquals(Decision.DENY, gate.check(personWithTikTok).access.decision) }
        }
        assertEquals(3, asked.size)
        assertTrue(asked.all { "not kept" in it }, asked.toString())
    }

    /** No argument of ours makes octroi panic, so one is handed over that Kotlin never makes: a buffer that is longer than it is. */
    @Test
    fun `a panic becomes an exception`() {
        for (broken in listOf(RustBuffer.create(0uL, 5uL, null), RustBuffer.create(1uL, 5uL, Pointer(8)))) {
            val status = UniffiRustCallStatus()
            UniffiLib.uniffi_octroi_ffi_fn_method_gatecore_is_internal(gate.uniffiCloneHandle(), broken, status)
            assertTrue(status.isPanic())
            assertTrue("RustBuffer" in FfiConverterString.lift(status.error_buf))
        }
        val error = assertThrows(InternalException::class.java) { RustBuffer.alloc(ULong.MAX_VALUE) }
        assertEquals("capacity overflow", error.message)
        assertAnswers()
    }

    @Test
    fun `a panic on any thread leaves the others alone`() {
        val threads = List(4) {
            Thread { repeat(10) { assertThrows(InternalException::class.java) { RustBuffer.alloc(ULong.MAX_VALUE) } } }
        }
        val uncaught = CopyOnWriteArrayList<Throwable>()
        threads.forEach { thread ->
            thread.setUncaughtExceptionHandler { _, error -> uncaught += error }
            thread.start()
        }
        repeat(10) { assertAnswers() }
        threads.forEach { it.join() }
        assertNull(uncaught.firstOrNull())
    }

    /** What JNA could hand to nobody. */
    private fun callbackErrors(run: () -> Unit): List<Throwable> {
        val errors = CopyOnWriteArrayList<Throwable>()
        val before = Native.getCallbackExceptionHandler()
        Native.setCallbackExceptionHandler { _: Callback?, error: Throwable -> errors += error }
        try {
            run()
        } finally {
            Native.setCallbackExceptionHandler(before)
        }
        return errors
    }

    private companion object {
        val noon: java.time.Instant = java.time.Instant.parse("2023-04-20T12:00:00Z")
    }
}

/** Nobody knows who pays for it. */
internal val personWithTikTok = Record(
    device = Device(platform = Platform.ANDROID),
    observations = listOf(
        Observation(source = Source.PLATFORM, scope = Scope.DEVICE, apps = listOf(SeenApp(Seen.Id("com.zhiliaoapp.musically")))),
    ),
)
