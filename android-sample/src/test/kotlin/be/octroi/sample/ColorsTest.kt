package be.octroi.sample

import android.app.Application
import android.graphics.Color
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** What is written can be read, by day and by night, as WCAG 2.2 measures it (AA). */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
internal class ColorsTest {
    @Test
    fun `texts stand out by 4,5 to 1`() = check(
        4.5,
        R.color.ink to R.color.card,
        R.color.ink to R.color.ground,
        R.color.ink_soft to R.color.card,
        R.color.accent to R.color.card,
        R.color.accent to R.color.accent_soft,
        R.color.on_accent to R.color.accent,
        R.color.permit_ink to R.color.permit,
        R.color.grace_ink to R.color.grace,
        R.color.deny_ink to R.color.deny,
        R.color.unknown_ink to R.color.unknown,
    )

    @Test
    fun `signs stand out by 3 to 1`() = check(
        3.0,
        R.color.permit_sign to R.color.permit,
        R.color.grace_sign to R.color.grace,
        R.color.deny_sign to R.color.deny,
        R.color.unknown_sign to R.color.unknown,
        R.color.on_sign to R.color.permit_sign,
        R.color.on_sign to R.color.grace_sign,
        R.color.on_sign to R.color.deny_sign,
        R.color.on_sign to R.color.unknown_sign,
    )

    private fun check(least: Double, vararg pairs: Pair<Int, Int>) {
        for (theme in listOf("notnight", "night")) {
            RuntimeEnvironment.setQualifiers(theme)
            val app = RuntimeEnvironment.getApplication()
            for ((ink, ground) in pairs) {
                val contrast = contrast(app.getColor(ink), app.getColor(ground))
                assertTrue("${app.resources.getResourceEntryName(ink)} $theme: $contrast", contrast >= least)
            }
        }
    }

    private fun contrast(one: Int, other: Int): Double {
        val (dark, light) = listOf(one, other).map { Color.luminance(it).toDouble() }.sorted()
        return (light + 0.05) / (dark + 0.05)
    }
}
