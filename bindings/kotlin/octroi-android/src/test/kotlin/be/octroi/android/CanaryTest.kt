package be.octroi.android

import be.octroi.AccessDenied
import be.octroi.Language
import be.octroi.LogLevel
import be.octroi.LogSink
import be.octroi.assessmentToJson
import be.octroi.defaultDeployment
import be.octroi.requireAccess
import be.octroi.setLogSink
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLog

private const val MARK = "canary"

/** Which apps somebody has is nobody's business: of a phone full of marked ones, no mark is found anywhere afterwards. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 35])
internal class CanaryTest {
    private val logged = CopyOnWriteArrayList<String>()

    @After
    fun detach() = setLogSink(null)

    @Test
    fun `no trace of other apps is left`() {
        setLogSink(object : LogSink {
            override fun log(level: LogLevel, text: String) {
                logged += text
            }
        })
        val phone = Phone()
        repeat(200) { phone.install("org.$MARK.app$it", signer = "$MARK$it") }
        phone.install(TIKTOK, signer = MARK)
        phone.install("$TIKTOK.$MARK")
        val deployment = defaultDeployment().copy(internalHosts = listOf("intranet.example"))
        val said = phone.gate(deployment).use { gate ->
            val assessment = runBlocking { gate.check() }
            val denied = assertThrows(AccessDenied::class.java) { gate.requireAccess("intranet.example") }
            phone.configure("octroi.wrong" to "x")
            val wrong = assertThrows(Exception::class.java) { runBlocking { gate.check() } }
            val explained = Language.values().map { gate.explain(assessment, it).toString() }
            explained + listOf(
                assessment, assessmentToJson(assessment), gate, denied, denied.stackTraceToString(), wrong, wrong.stackTraceToString(),
                runBlocking { gate.remedies(assessment) }.map { it.intent },
            ).map { it.toString() }
        }
        val kept = File(phone.app.noBackupFilesDir, "octroi").walk().filter { it.isFile }.map { it.readText(Charsets.ISO_8859_1) }.toList()
        assertTrue(kept.any { it.isNotEmpty() })
        val everything = said + kept + logged + ShadowLog.getLogs().map { "${it.msg} ${it.throwable}" }
        assertEquals(emptyList<String>(), everything.filter { MARK in it })
    }
}
