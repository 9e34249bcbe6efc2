package be.octroi.android

import android.content.Intent
import android.net.Uri
import android.provider.Settings
import be.octroi.Contacts
import be.octroi.Language
import be.octroi.defaultDeployment
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Whoever is asked to do something gets there with a tap. */
@RunWith(RobolectricTestRunner::class)
internal class RemediesTest {
    private val phone = Phone(AT_FIRST)

    private fun remedies(supervisor: String?, language: Language? = null): List<Remedy> {
        val deployment = defaultDeployment().copy(contacts = supervisor?.let { Contacts(supervisor = it) })
        return phone.gate(deployment).use { gate ->
            runBlocking {
                val assessment = gate.check()
                language?.let { gate.remedies(assessment, it) } ?: gate.remedies(assessment)
            }
        }
    }

    @Test
    fun `under a removal that is pending the app can be removed`() {
        phone.manageFully()
        phone.install(TIKTOK)
        val (uninstall, settings) = remedies(supervisor = null).map { it.intent }
        assertEquals(Intent.ACTION_DELETE to "package:$TIKTOK", uninstall.action to uninstall.dataString)
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS to "package:$TIKTOK", settings.action to settings.dataString)
    }

    @Test
    fun `each edition that is there is offered`() {
        phone.manageFully()
        phone.install(TIKTOK)
        phone.install(TIKTOK_LITE)
        val removals = remedies(supervisor = null).filterIsInstance<Remedy.Uninstall>()
        assertEquals(listOf("package:$TIKTOK", "package:$TIKTOK_LITE"), removals.map { it.intent.dataString })
    }

    @Test
    fun `who need not remove an app can, where that opens access`() {
        phone.now = LATER
        phone.install(TIKTOK)
        val actions = remedies("head@example.org").map { it.intent.action }
        assertEquals(listOf(Intent.ACTION_DELETE, Settings.ACTION_APPLICATION_DETAILS_SETTINGS), actions)
    }

    @Test
    fun `what only the management can bring to light, only it can remove`() {
        phone.install(TIKTOK)
        phone.hide(TIKTOK)
        assertTrue(remedies("head@example.org").single() is Remedy.InformSupervisor)
    }

    @Test
    @Config(minSdk = 35, shadows = [ArchivedTikTok::class])
    fun `an archived app can be removed`() {
        phone.manageFully()
        phone.install(TIKTOK)
        assertEquals(Intent.ACTION_DELETE, remedies(supervisor = null).first().intent.action)
    }

    @Test
    fun `the supervisor gets a mail in the person's language`() {
        phone.manageFully()
        phone.install(TIKTOK)
        val intent = remedies("Head of service, head@example.org", Language.NL).last().intent
        assertEquals(Intent.ACTION_SENDTO, intent.action)
        val mail = intent.dataString.orEmpty()
        assertTrue(mail, mail.startsWith("mailto:head@example.org?subject="))
        val text = Uri.decode(mail)
        val (dutch, english) = phone.gate().use { gate ->
            runBlocking { gate.check().let { gate.explain(it, Language.NL).verdict to gate.explain(it, Language.EN).verdict } }
        }
        assertTrue(text, dutch in text && english !in text)
    }

    @Test
    fun `a supervisor without an address is left for the person to fill in`() {
        phone.manageFully()
        phone.install(TIKTOK)
        assertTrue(remedies("your head of service").last().intent.dataString.orEmpty().startsWith("mailto:?subject="))
    }

    @Test
    @Config(qualifiers = "fr")
    fun `texts are in the language of the phone`() {
        phone.gate().use { gate ->
            val assessment = runBlocking { gate.check() }
            assertEquals(gate.explain(assessment, Language.FR), gate.explain(assessment))
        }
    }

    @Test
    fun `who need not do anything is offered nothing`() {
        assertEquals(emptyList<Remedy>(), remedies("head@example.org"))
    }
}
