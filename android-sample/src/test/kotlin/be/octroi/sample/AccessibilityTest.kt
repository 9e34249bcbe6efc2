package be.octroi.sample

import android.view.View
import android.view.ViewGroup
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeInfo.AccessibilityAction
import android.widget.TextView
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.ParameterizedRobolectricTestRunner.Parameters
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Everybody can use the screen: by ear, with large type, with an unsteady hand. On a small phone, in every language and situation. */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(application = TestApp::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class AccessibilityTest(private val language: String, private val situation: Situation) {
    private lateinit var phone: Phone

    private fun open(fontScale: Float) {
        RuntimeEnvironment.setQualifiers("$language-w360dp-h640dp-xhdpi")
        RuntimeEnvironment.setFontScale(fontScale)
        phone = situation.open()
        // So that everything that can be there is.
        phone.send()
        phone.await("a layout") { !phone.root.isLayoutRequested }
    }

    @After
    fun close() = phone.close()

    private fun clickable() = phone.root.visibleViews().filter { it.isClickable }

    private fun texts() = phone.root.visibleViews().filterIsInstance<TextView>()

    @Test
    fun `what can be tapped is large enough`() {
        open(fontScale = 1f)
        val least = 48 * phone.activity.resources.displayMetrics.density
        assertTrue(clickable().isNotEmpty())
        clickable().forEach { assertTrue("${it.spoken()}: ${it.width} × ${it.height}", it.width >= least && it.height >= least) }
    }

    @Test
    fun `what can be tapped says what it is, and nothing twice the same`() {
        open(fontScale = 1f)
        val spoken = clickable().map { it.spoken() }
        spoken.forEach { assertTrue("something to tap has no name", it.isNotBlank()) }
        assertEquals(spoken.distinct(), spoken)
        // Who speaks to the phone says what they see.
        clickable().filterIsInstance<TextView>().forEach { assertTrue("${it.text}", it.spoken().startsWith(it.text)) }
    }

    @Test
    fun `a legal basis says that a tap opens it`() {
        open(fontScale = 1f)
        val row = phone.part<View>(R.id.reasons).visibleViews().first { it.isClickable }
        val node = AccessibilityNodeInfo.obtain(row)
        row.onInitializeAccessibilityNodeInfo(node)
        val click = node.actionList.single { it.id == AccessibilityAction.ACTION_CLICK.id }
        assertTrue("${click.label}", row.spoken().contains("${click.label}: CIRC2023/07#"))
    }

    @Test
    fun `each card begins with a heading, and a new verdict is announced`() {
        open(fontScale = 1f)
        val cards = phone.root.visibleViews().filter { it.id in CARDS }
        cards.forEach { card -> assertTrue(card.visibleViews().filterIsInstance<TextView>().first().isAccessibilityHeading) }
        assertEquals(View.ACCESSIBILITY_LIVE_REGION_POLITE, phone.part<View>(R.id.banner).accessibilityLiveRegion)
        assertEquals(View.ACCESSIBILITY_LIVE_REGION_POLITE, phone.part<View>(R.id.result).accessibilityLiveRegion)
    }

    @Test
    fun `no text is cut at twice the size`() {
        open(fontScale = 2f)
        texts().forEach { it.assertWhole() }
        phone.root.visibleViews().filter { it !== phone.root }.forEach { it.assertInside() }
    }

    private fun View.spoken(): String = "${contentDescription ?: (this as? TextView)?.text ?: ""}"

    private fun TextView.assertWhole() {
        val layout = checkNotNull(layout) { "`$text` was not laid out" }
        val room = width - totalPaddingLeft - totalPaddingRight
        for (line in 0 until layout.lineCount) {
            assertEquals("`$text` is shortened", 0, layout.getEllipsisCount(line))
            assertTrue("`$text` is wider than its place", layout.getLineMax(line) <= room + 1)
        }
        assertTrue("`$text` is higher than its place", layout.height <= height - totalPaddingTop - totalPaddingBottom)
        assertEquals(text.length, layout.getLineEnd(layout.lineCount - 1))
    }

    private fun View.assertInside() {
        val parent = parent as ViewGroup
        if (parent === phone.root) return // It scrolls.
        val inside = left >= 0 && top >= 0 && right <= parent.width && bottom <= parent.height
        assertTrue("${spoken()} sticks out: $left $top $right $bottom of ${parent.width} × ${parent.height}", inside)
    }

    companion object {
        private val CARDS = setOf(R.id.reasons, R.id.steps, R.id.questions, R.id.answers, R.id.looked_at)

        @JvmStatic
        @Parameters(name = "{0} {1}")
        fun cases(): List<Array<Any>> = LANGUAGES.flatMap { language -> Situation.entries.map { arrayOf(language, it) } }
    }
}
