package be.octroi.sample

import android.os.Looper
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Where no gate can be opened, the app starts all the same and says what helps, in the person's language. */
@RunWith(RobolectricTestRunner::class)
@Config(application = AppOfYesterday::class, qualifiers = "nl-rBE")
internal class NoGateTest {
    @Test
    fun `it says what helps`() {
        Robolectric.buildActivity(MainActivity::class.java).setup().use { controller ->
            shadowOf(Looper.getMainLooper()).idle()
            val said = listOf(R.id.verdict, R.id.details).map { controller.get().window.decorView.part<TextView>(it).text.toString() }
            val expected = listOf(
                "Er kon niets beslist worden: de toegang is gesloten",
                "Op dit toestel is al een nieuwere versie van deze app gebruikt. Gelieve de app bij te werken.",
            )
            assertEquals(expected, said)
        }
    }
}
