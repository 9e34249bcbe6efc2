package be.octroi.android

import android.app.Application
import android.content.RestrictionEntry
import java.io.File
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.xmlpull.v1.XmlPullParser

private const val ANDROID = "http://schemas.android.com/apk/res/android"

/** A console offers an administration what the manual says, in its language. */
@RunWith(RobolectricTestRunner::class)
internal class SchemaTest {
    private val app: Application = RuntimeEnvironment.getApplication()

    /** The entries of the schema: their key, type and title. */
    private fun entries(): List<Triple<String, String, String>> {
        val id = app.resources.getIdentifier("octroi_restrictions", "xml", app.packageName)
        return app.resources.getXml(id).use { xml ->
            buildList {
                while (xml.next() != XmlPullParser.END_DOCUMENT) {
                    if (xml.eventType != XmlPullParser.START_TAG || xml.name != "restriction") continue
                    val title = app.getString(xml.getAttributeResourceValue(ANDROID, "title", 0))
                    val type = xml.getAttributeIntValue(ANDROID, "restrictionType", 0)
                    add(Triple(xml.getAttributeValue(ANDROID, "key"), if (type == RestrictionEntry.TYPE_STRING) "string" else "$type", title))
                }
            }
        }
    }

    @Test
    fun `the schema has the keys of the manual, all of them strings`() {
        val manual = File(System.getProperty("octroi.root"), "docs/mdm.md").readLines()
        val keys = manual.mapNotNull { Regex("""^\| `(octroi\.[a-z_.]+)` \|""").find(it)?.groupValues?.get(1) }
        assertTrue(keys.size > 20)
        assertEquals(keys, entries().map { it.first })
        assertEquals(setOf("string"), entries().map { it.second }.toSet())
    }

    @Test
    fun `every title is said in each language`() {
        val languages = listOf("fr", "nl", "de", "en").map { language ->
            val configuration = android.content.res.Configuration(app.resources.configuration)
            configuration.setLocale(java.util.Locale(language))
            val resources = app.createConfigurationContext(configuration).resources
            entries().map { resources.getString(resources.getIdentifier(it.first.replace('.', '_'), "string", app.packageName)) }
        }
        for (other in languages.dropLast(1)) {
            languages.last().zip(other).forEach { (english, title) -> assertTrue(title, title.isNotBlank() && title != english) }
        }
    }
}
