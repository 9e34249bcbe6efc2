package be.octroi

import com.sun.jna.Platform
import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

internal class LibraryTest {
    /** What the jar will hold, or what these tests are told to run with; none that lies somewhere else. */
    @Test
    fun `the native library is the one that is meant`() {
        assertEquals(4, Language.values().mapNotNull { languageFromTag(it.name.lowercase()) }.size)
        val meant = System.getProperty(LIBRARY) ?: checkNotNull(javaClass.getResource("/${Platform.RESOURCE_PREFIX}/$FILE")).path
        val mapped = File("/proc/self/maps").readLines().map { it.substringAfterLast(' ') }
        assertEquals(listOf(meant), mapped.filter { it.endsWith("/$FILE") }.distinct())
    }

    private companion object {
        const val FILE = "liboctroi_ffi.so"
    }
}
