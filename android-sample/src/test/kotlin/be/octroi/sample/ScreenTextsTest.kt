package be.octroi.sample

import be.octroi.OctroiException
import java.io.File
import java.time.Instant
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.ParameterizedRobolectricTestRunner.Parameters
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/**
 * The texts and controls of the screen in each state, as people meet them from top to bottom: in the form and the states of `ios-sample`, so that
 * nobody reads something else on the other phone.
 *
 * With `OCTROI_SNAPSHOTS` naming a folder they are written there instead of compared.
 */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(application = TestApp::class)
internal class ScreenTextsTest(private val state: State) {
    private val phone = Phone(state.now)

    @After
    fun close() = phone.close()

    @Test
    fun `the screen reads as it did`() {
        phone.run(state.prepare)
        val text = LANGUAGES.joinToString("") { language ->
            RuntimeEnvironment.setQualifiers("$language-rBE")
            val screen = screen()
            assertEquals(state.tone, screen.banner.tone)
            "══ $language ══\n${screen.rendered()}\n"
        }
        val name = "${state.label}.txt"
        val folder = System.getenv("OCTROI_SNAPSHOTS")
        if (folder != null) {
            File(folder, name).writeText(text)
        } else {
            assertEquals(javaClass.getResource("/screens/$name")?.readText(), text)
        }
    }

    private fun screen(): Screen = runBlocking {
        val gate = phone.app.gate
        val screens = Screens(phone.app.resources) { "TikTok" }
        try {
            val assessment = gate.check()
            screens.decided(assessment, gate.explain(assessment), gate.remedies(assessment), gate.answers(), gate.deployment)
        } catch (error: OctroiException) {
            screens.failed(error)
        }
    }

    private fun Screen.rendered(): String {
        val details = banner.details.joinToString("") { "    $it\n" }
        val sections = listOf(reasons, steps, questions, answers, lookedAt).filter { it.parts.isNotEmpty() }.map { section ->
            "# ${section.heading}\n" + section.parts.joinToString("") { it.rendered() + "\n" }
        }
        return "$title\n[${banner.tone.name.lowercase()}] ${banner.verdict}\n$details\n" + sections.joinToString("\n")
    }

    private fun Part.rendered(): String = when (this) {
        is Part.Caption -> "  ($text)"
        is Part.Subheading -> "## $text"
        is Part.Plain -> text
        is Part.Cited -> "${sentence.text} {$basis}"
        is Part.Step -> "[ $label ] → ${intent.dataString?.substringBefore('?')}"
        is Part.Question -> "$text\n  " + choices.joinToString(" ") { "[ ${it.label} ]" }
        is Part.Answer -> "$text [ × ]"
    }

    /** What there is to show, as on an iPhone: by what the management says, never by what Android alone knows. */
    internal enum class State(val label: String, val tone: Tone, val now: Instant, val prepare: Phone.() -> Unit) {
        PERMITTED("permitted", Tone.PERMIT, AFTER, { configure(OWNERSHIP, "organization") }),
        IN_GRACE_PERIOD("inGracePeriod", Tone.GRACE, WITHIN, {
            configure(OWNERSHIP, "organization")
            install()
        }),
        DENIED("denied", Tone.DENY, AFTER, { install() }),
        UNKNOWN("unknown", Tone.UNKNOWN, AFTER, { standInWorkProfile() }),
        WRONGLY_CONFIGURED("wronglyConfigured", Tone.FAILED, AFTER, { configure(OWNERSHIP, "mine") }),
    }

    companion object {
        private const val OWNERSHIP = "octroi.device.ownership"
        private val WITHIN: Instant = Instant.parse("2023-03-28T09:00:00Z")
        private val AFTER: Instant = Instant.parse("2023-04-20T09:00:00Z")

        @JvmStatic
        @Parameters(name = "{0}")
        fun cases(): List<Array<Any>> = State.entries.map { arrayOf(it) }
    }
}
