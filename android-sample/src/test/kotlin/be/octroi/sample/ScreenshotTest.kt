package be.octroi.sample

import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.View
import android.widget.ScrollView
import java.io.File
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

/** Draws the whole screen, to be looked at: `target/screenshots`. */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(application = TestApp::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class ScreenshotTest(private val language: String, private val situation: Situation, private val theme: String) {
    private val server = Server()
    private lateinit var phone: Phone

    @After
    fun close() {
        phone.close()
        server.close()
    }

    @Test
    fun draw() {
        RuntimeEnvironment.setQualifiers("$language-rBE-w400dp-h860dp-${if (theme == "dark") "night" else "notnight"}-xhdpi")
        phone = situation.open()
        phone.app.port = server.port
        phone.send()
        phone.await("a layout") { !phone.root.isLayoutRequested }
        val picture = phone.draw()
        val (banner, ground) = situation.colors()
        assertEquals(phone.activity.getColor(ground), picture.getPixel(2, 2))
        val onBanner = phone.part<View>(R.id.banner)
        assertEquals(phone.activity.getColor(banner), picture.getPixel(onBanner.right - onBanner.width / 2, onBanner.top + 8))
        val file = File(System.getProperty("octroi.screenshots"), "$language-${situation.name.lowercase()}-$theme.png")
        assertTrue(file.parentFile.isDirectory || file.parentFile.mkdirs())
        file.outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    /** From the title to the last card, further than a phone shows without scrolling. */
    private fun Phone.draw(): Bitmap {
        val content = (root as ScrollView).getChildAt(0)
        val picture = Bitmap.createBitmap(content.width, content.height, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(picture)
        canvas.drawColor(activity.getColor(R.color.ground))
        content.draw(canvas)
        return picture
    }

    private fun Situation.colors(): Pair<Int, Int> = when (this) {
        Situation.PERMIT -> R.color.permit
        Situation.GRACE -> R.color.grace
        Situation.DENY -> R.color.deny
        Situation.UNKNOWN -> R.color.unknown
    } to R.color.ground

    companion object {
        @JvmStatic
        @Parameters(name = "{0} {1} {2}")
        fun cases(): List<Array<Any>> = LANGUAGES.flatMap { language ->
            Situation.entries.flatMap { situation -> listOf("light", "dark").map { arrayOf(language, situation, it) } }
        }
    }
}
