package be.octroi

import java.io.File
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Several processes may have one folder: each knows what was said to the other, and nothing that was said is lost. */
internal class ProcessesTest {
    private val folder = Files.createTempDirectory("octroi").toString()

    private fun open() = GateCore.open(folder, defaultDeployment())

    private fun start(): Process {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val library = System.getProperty(LIBRARY)?.let { listOf("-D$LIBRARY=$it") }.orEmpty()
        val command = listOf(java, "-cp", System.getProperty("java.class.path")) + library + listOf("be.octroi.OtherProcessKt", folder)
        return ProcessBuilder(command).redirectErrorStream(true).start()
    }

    private fun Process.assertDone() {
        val said = inputStream.bufferedReader().readText()
        assertTrue(waitFor(60, TimeUnit.SECONDS))
        assertEquals(0 to "done", exitValue() to said.trim())
    }

    @Test
    fun `what is said to one process counts in the other`() {
        open().use { gate ->
            assertNull(gate.answers().subscription)
            start().assertDone()
            assertEquals(Share.FULL, gate.answers().subscription)
            assertEquals(ClassName.SERVICE, gate.check(personWithTikTok).assessments.single().deviceClass.`class`)
        }
    }

    @Test
    fun `two processes at once lose nothing of each other`() {
        val other = start()
        open().use { gate ->
            var rounds = 0
            while (other.isAlive || rounds < ROUNDS) {
                gate.declare(Statement.Usage(if (rounds % 2 == 0) Share.NONE else Share.FULL))
                gate.check(personWithTikTok)
                rounds += 1
            }
            other.assertDone()
            val kept = gate.answers()
            assertEquals(Share.FULL, kept.subscription)
            assertEquals(if (rounds % 2 == 0) Share.FULL else Share.NONE, kept.usage)
        }
    }
}

/** Which native library UniFFI takes, if not the one in the jar. */
internal const val LIBRARY = "uniffi.component.octroi_ffi.libraryOverride"

internal const val ROUNDS = 20
