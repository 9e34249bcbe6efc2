package be.octroi.android

import android.content.Intent
import android.os.Looper
import be.octroi.AccessDenied
import be.octroi.Declared
import be.octroi.Language
import be.octroi.LogLevel
import be.octroi.LogSink
import be.octroi.OctroiException
import be.octroi.Platform
import be.octroi.Policies
import be.octroi.Statement
import be.octroi.assessmentToJson
import be.octroi.defaultDeployment
import be.octroi.requireAccess
import be.octroi.setLogSink
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import java.security.MessageDigest
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowLog

private const val MARK = "marked4711"

/** Which apps somebody has is nobody's business: of a phone full of marked ones, no mark is found anywhere afterwards. */
@RunWith(RobolectricTestRunner::class)
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
        val printed = ByteArrayOutputStream()
        val said = printingTo(printed) { phone.gate(deployment).use { everythingSaid(phone, it) } }
        val kept = phone.app.dataDir.walk().filter { it.isFile }.map { it.readText(Charsets.ISO_8859_1) }.toList()
        assertTrue(kept.any { it.startsWith("octroi-state") })
        assertTrue(logged.isNotEmpty())
        // Robolectric says itself what it broadcasts.
        val lines = printed.toString().lines().filterNot { it.startsWith("Intent = ") }
        val everything = said + kept + logged + lines + ShadowLog.getLogs().map { "${it.tag} ${it.msg} ${it.throwable?.stackTraceToString()}" }
        val marks = listOf(MARK, digest(MARK), digest("${MARK}0"))
        // In two bytes a character, too.
        val found = everything.flatMap { listOf(it, it.replace("\u0000", "")) }.filter { text -> marks.any { text.contains(it, ignoreCase = true) } }
        assertEquals(emptyList<String>(), found)
    }

    /** All that an app can get out of the library, with all that can go wrong. */
    private fun everythingSaid(phone: Phone, gate: Gate): List<String> = runBlocking {
        val assessment = gate.check()
        val said = mutableListOf<Any?>(
            assessment, assessmentToJson(assessment), gate, gate.last(), gate.outcomes.first(), gate.assessments.first(), gate.deployment,
            gate.declare(Statement.App("tiktok", Declared.PRESENT)), gate.answers(), gate.currentAssessment(), gate.watchlistOfPolicies(),
        )
        // Who signed an app that the policies name, a statement says.
        said += gate.evidence(NONCE, AUDIENCE, signer).claims().replaceFirst("sha256:${digest(MARK)}", "")
        val mirror = Mirror("after")
        said.addAll(listOf(gate.refresh(mirror, publishedRoot), mirror.asked))
        for (language in Language.values()) {
            said += gate.explain(assessment, language)
            gate.remedies(assessment, language).mapTo(said) { "$it ${it.intent} ${it.intent.extras}" }
        }
        phone.announce(Intent.ACTION_PACKAGE_ADDED, "org.$MARK.app7")
        phone.announce(Intent.ACTION_PACKAGE_REMOVED, "$TIKTOK.$MARK")
        shadowOf(Looper.getMainLooper()).idle()

        val errors = mutableListOf<Throwable>()
        errors += assertThrows(AccessDenied::class.java) { gate.requireAccess("intranet.example") }
        errors += assertThrows(OctroiException.UnknownApp::class.java) { runBlocking { gate.declare(Statement.App("tock", Declared.PRESENT)) } }
        // What stands in the way of the state is logged.
        File(phone.app.noBackupFilesDir, "octroi/state.tmp").mkdirs()
        phone.remove(TIKTOK)
        said += gate.check()
        errors += assertThrows(OctroiException.State::class.java) { runBlocking { gate.declare(Statement.App("tiktok", Declared.ABSENT)) } }
        phone.configure("octroi.wrong" to "x")
        errors += assertThrows(OctroiException.Configuration::class.java) { runBlocking { gate.check() } }
        said += gate.outcomes.first()
        gate.close()
        errors += assertThrows(IllegalStateException::class.java) { runBlocking { gate.check() } }
        (said + errors + errors.map { it.stackTraceToString() }).map { it.toString() }
    }

    private fun Gate.watchlistOfPolicies() = Policies.embedded(deployment).use { it.watchlist(Platform.ANDROID) }

    private fun <T> printingTo(stream: ByteArrayOutputStream, run: () -> T): T {
        val (out, err) = System.out to System.err
        val both = PrintStream(stream, true)
        System.setOut(both)
        System.setErr(both)
        try {
            return run()
        } finally {
            System.setOut(out)
            System.setErr(err)
        }
    }

    private fun digest(text: String) =
        MessageDigest.getInstance("SHA-256").digest(text.toByteArray()).joinToString("") { "%02x".format(it) }
}
