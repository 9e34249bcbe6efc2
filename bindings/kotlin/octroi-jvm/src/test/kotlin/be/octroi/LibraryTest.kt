package be.octroi

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

internal class LibraryTest {
    /** The one in the jar, which JNA unpacks under a name of its own, or another one that these tests are run with. */
    @Test
    fun `the native library is the one that is meant`() {
        assertEquals(4, Language.values().mapNotNull { languageFromTag(it.name.lowercase()) }.size)
        val mapped = File("/proc/self/maps").readLines().map { it.substringAfterLast(' ') }
        assertEquals(listOfNotNull(System.getProperty(LIBRARY)), mapped.filter { it.endsWith("/liboctroi_ffi.so") }.distinct())
    }
}
