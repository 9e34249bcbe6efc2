package be.octroi.sample

import android.app.Application
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** What the app says by itself, it says in every language. */
@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
internal class StringsTest {
    private fun strings(language: String): Map<String, String> {
        RuntimeEnvironment.setQualifiers(language)
        val resources = RuntimeEnvironment.getApplication().resources
        return R.string::class.java.fields.associate { it.name to resources.getString(it.getInt(null)) }
            .filterKeys { it !in SAME_EVERYWHERE && !it.startsWith("octroi_") }
    }

    @Test
    fun `each text is there in each language, with the same places to fill in`() {
        val english = strings("en")
        assertTrue(english.size > 20)
        for (language in LANGUAGES - "en") {
            strings(language).forEach { (name, text) ->
                if (name !in ALIKE) assertNotEquals("$name in $language", english[name], text)
                assertEquals("$name in $language", PLACE.findAll(english.getValue(name)).map { it.value }.toSet(), PLACE.findAll(text).map { it.value }.toSet())
            }
        }
    }

    private companion object {
        val SAME_EVERYWHERE = setOf("app_name")

        /** A name and what is said of it, an abbreviation: some languages write them like English. */
        val ALIKE = setOf("about", "fact_app")
        val PLACE = Regex("%[0-9]\\$[sd]")
    }
}
