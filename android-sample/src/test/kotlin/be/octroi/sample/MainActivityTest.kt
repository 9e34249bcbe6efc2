package be.octroi.sample

import android.app.job.JobParameters
import android.content.Intent
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import be.octroi.Language
import be.octroi.android.RecheckService
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadow.api.Shadow
import org.robolectric.shadows.ShadowAlertDialog
import org.robolectric.shadows.ShadowToast

/** A person opens the app, reads, and taps. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class, qualifiers = "en-w411dp-h891dp")
internal class MainActivityTest {
    private lateinit var phone: Phone

    private fun open(situation: Situation) {
        phone = situation.open()
    }

    @After
    fun close() = phone.close()

    /** What the gate itself says of the verdict that is shown. */
    private fun explained() = runBlocking { phone.app.gate.explain(checkNotNull(phone.app.gate.last()), Language.EN) }

    @Test
    fun `a permit asks for nothing`() {
        open(Situation.PERMIT)
        assertEquals("Access allowed", phone.verdict)
        assertEquals("Network: the network for service devices", phone.textOf(R.id.details))
        assertTrue("There is nothing that you have to do." in phone.textsOf(R.id.steps))
        assertEquals(emptyList<String>(), phone.textsOf(R.id.questions))
        assertEquals(emptyList<String>(), phone.textsOf(R.id.answers))
        assertEquals("Commune d'Exempleville", phone.textOf(R.id.title))
    }

    @Test
    fun `in the term it says by when, and why`() {
        open(Situation.GRACE)
        assertEquals("Access allowed, removal due by 3 April 2023", phone.verdict)
        assertTrue(phone.textOf(R.id.details).endsWith("\nValid until 4 April 2023 at 00:00"))
        assertTrue("Please remove TikTok by 3 April 2023 inclusive." in phone.textsOf(R.id.steps))
        val policy = explained().policies.single()
        val reasons = phone.textsOf(R.id.reasons)
        policy.why.forEach { assertTrue(it.text, it.text in reasons) }
        assertTrue("CIRC2023/07#2 · our reading: the text leaves this point open" in reasons)
    }

    @Test
    fun `a denial has the buttons that lead out of it`() {
        open(Situation.DENY)
        assertEquals("Access closed for this device", phone.verdict)
        phone.tap("Remove TikTok")
        val removal = shadowOf(phone.activity).nextStartedActivity
        assertEquals(Intent.ACTION_DELETE to "package:$TIKTOK", removal.action to removal.dataString)
        phone.tap("Write to the supervisor")
        val mail = shadowOf(phone.activity).nextStartedActivity
        assertTrue(mail.dataString, mail.dataString.orEmpty().startsWith("mailto:supervisor@exempleville.example?subject=Access"))
        assertTrue("Helpdesk: helpdesk@exempleville.example" in phone.textsOf(R.id.steps))
    }

    @Test
    fun `two editions have a button each, by the names that the phone has for them`() {
        phone = Phone().apply {
            install()
            install("com.ss.android.ugc.tiktok.lite", "TikTok Lite")
        }.open()
        assertEquals(
            listOf("Remove TikTok", "Remove TikTok Lite"),
            phone.textsOf(R.id.steps).filter { it.startsWith("Remove ") }.sorted(),
        )
    }

    @Test
    fun `a button that nothing answers says so`() {
        open(Situation.DENY)
        shadowOf(phone.app).checkActivities(true)
        phone.tap("Remove TikTok")
        assertEquals(phone.app.getString(R.string.nothing_answers), ShadowToast.getTextOfLatestToast())
    }

    @Test
    fun `access opens before the person's eyes when the app is gone`() {
        open(Situation.DENY)
        phone.remove()
        phone.await("the permit") { phone.verdict == "Access allowed" }
    }

    @Test
    fun `an answer settles the verdict, and can be taken back`() {
        open(Situation.UNKNOWN)
        assertEquals("Access closed while a question is open", phone.verdict)
        assertEquals(explained().questions.map { it.text }, phone.textsOf(R.id.questions).filter { it.endsWith("?") })
        phone.tap("Yes, in part") // the first of those is about the purchase
        phone.await("the term") { phone.verdict == "Access allowed, removal due by 3 April 2023" }
        assertEquals(emptyList<String>(), phone.textsOf(R.id.questions))
        assertEquals(listOf("Your answers", "Purchase paid by an authority: Yes, in part", "Take back"), phone.textsOf(R.id.answers))
        phone.tap("Take back")
        phone.await("the question") { phone.verdict == "Access closed while a question is open" }
        assertEquals(emptyList<String>(), phone.textsOf(R.id.answers))
    }

    @Test
    fun `whether an app is there can be asked, too`() {
        phone = Phone().apply { standInWorkProfile() }.open()
        assertEquals("Access closed while a question is open", phone.verdict)
        phone.tap("It is there")
        phone.await("the denial") { phone.verdict == "Access closed for this device" }
        assertTrue("App (tiktok): It is there" in phone.textsOf(R.id.answers))
    }

    @Test
    fun `a reason opens the directive that it rests on`() {
        open(Situation.DENY)
        val reason = phone.part<View>(R.id.reasons).visibleViews().last { it.isClickable }
        reason.performClick()
        val dialog = shadowOf(ShadowAlertDialog.getLatestAlertDialog())
        val basis = checkNotNull(explained().policies.single().why.last { it.basis != null }.basis)
        assertEquals("Legal basis: ${basis.id}", dialog.title.toString())
        assertEquals("${basis.text}\n\n${basis.document} (${basis.strength})", dialog.message.toString())
    }

    /** Android would keep the window, and the screen behind it, until the app ends. */
    @Test
    fun `what was opened closes with its screen`() {
        open(Situation.DENY)
        phone.part<View>(R.id.reasons).visibleViews().last { it.isClickable }.performClick()
        val dialog = ShadowAlertDialog.getLatestAlertDialog()
        assertTrue(dialog.isShowing)
        phone.leave()
        assertFalse(dialog.isShowing)
    }

    @Test
    fun `it says what was looked at, and that nothing leaves the phone`() {
        open(Situation.PERMIT)
        val texts = phone.textsOf(R.id.looked_at)
        assertTrue(texts.toString(), texts.containsAll(explained().notes + explained().headings.seen))
        assertTrue(phone.app.getString(R.string.stays_here) in texts)
        assertFalse(explained().headings.notSeen in texts)
    }

    @Test
    fun `what could not be seen is said`() {
        phone = Phone().apply { standInWorkProfile() }.open()
        val texts = phone.textsOf(R.id.looked_at)
        assertTrue(texts.toString(), explained().headings.notSeen in texts)
    }

    @Test
    fun `a wrong configuration decides nothing, and says where it is wrong`() {
        open(Situation.PERMIT)
        phone.configure("octroi.working_week", "sometimes")
        phone.await("the failure") { phone.verdict == phone.app.getString(R.string.failed) }
        assertTrue(phone.textOf(R.id.details), "octroi.working_week" in phone.textOf(R.id.details))
        assertEquals(emptyList<String>(), phone.textsOf(R.id.reasons))
    }

    /** The permit of before would stay on the screen; or the failure, after Android has come to itself. */
    @Test
    @Config(shadows = [NamelessTikTok::class])
    fun `a verdict that cannot be shown is not passed over, and keeps no later one from the screen`() {
        open(Situation.DENY)
        assertEquals(phone.app.getString(R.string.failed), phone.verdict)
        assertEquals(phone.app.getString(R.string.failed_otherwise), phone.textOf(R.id.details))
        phone.remove()
        phone.await("the permit") { phone.verdict == "Access allowed" }
    }

    /** Android starts the process for it, and no screen. */
    @Test
    fun `the end of a verdict is looked at though nobody opens the app`() {
        phone = Phone()
        val service = Robolectric.buildService(RecheckService::class.java).create().get()
        assertTrue(service.onStartJob(Shadow.newInstanceOf(JobParameters::class.java)))
    }

    @Test
    fun `what did not change stays where it is`() {
        open(Situation.DENY)
        val row = { phone.part<ViewGroup>(R.id.reasons).part<TextView>(R.id.sentence) }
        val before = row()
        phone.app.now = phone.app.now.plusSeconds(60)
        val assessed = phone.textsOf(R.id.looked_at).last()
        runBlocking { phone.app.gate.check() }
        phone.await("another check") { phone.textsOf(R.id.looked_at).last() != assessed }
        assertSame(before, row())
    }
}
