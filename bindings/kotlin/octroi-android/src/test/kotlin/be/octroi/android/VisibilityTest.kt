package be.octroi.android

import android.app.Application
import android.content.pm.PackageManager
import be.octroi.Codes
import be.octroi.Presence
import be.octroi.Probe
import be.octroi.Scope
import be.octroi.Seen
import be.octroi.Watched
import be.octroi.Watchlist
import java.security.MessageDigest
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** An app that Android hides must never pass for one that is absent. */
@RunWith(RobolectricTestRunner::class)
internal class VisibilityTest {
    private val app: Application = RuntimeEnvironment.getApplication()

    /** Robolectric takes the oldest Android that the library runs on, which hides nothing, for the one that its app is built for. */
    @Before
    fun buildForNewAndroid() {
        app.applicationInfo.targetSdkVersion = 35
    }

    private fun observe(vararg ids: String) =
        AppProbe(app).observe(Watchlist(apps = listOf("app"), ids = ids.map { Watched(it, listOf("app")) }, schemes = emptyList()))

    @Test
    @Config(minSdk = 30)
    fun `what the manifest does not declare is not visible`() {
        val observation = observe(TIKTOK, "org.example.later")
        assertEquals(listOf(Probe.Id(TIKTOK)), observation.absent)
        assertEquals(listOf(Probe.Id("org.example.later")), observation.notVisible)
    }

    @Test
    @Config(minSdk = 30)
    fun `what is seen all the same is there`() {
        Phone().install("org.example.later")
        val seen = observe("org.example.later").apps.single().seen as Seen.Id
        assertEquals("org.example.later", seen.id)
    }

    @Test
    @Config(maxSdk = 29)
    fun `before Android 11 everything is visible`() {
        assertEquals(listOf(Probe.Id("org.example.later")), observe("org.example.later").absent)
    }

    @Test
    @Config(minSdk = 30)
    fun `an app that is built for Android 10 sees everything`() {
        app.applicationInfo.targetSdkVersion = 29
        assertEquals(listOf(Probe.Id("org.example.later")), observe("org.example.later").absent)
    }

    @Test
    @Config(minSdk = 30)
    fun `an app that may see everything does`() {
        shadowOf(app).grantPermissions("android.permission.QUERY_ALL_PACKAGES")
        assertEquals(listOf(Probe.Id("org.example.later")), observe("org.example.later").absent)
    }

    @Test
    @Config(minSdk = 30, shadows = [HiddenTikTok::class])
    fun `an app whose manifest lost the declarations knows that it does not know`() {
        val phone = Phone()
        phone.install(TIKTOK)
        val finding = phone.gate(context = Undeclared(app)).use { runBlocking { it.check() } }.tiktok
        assertEquals(Presence.UNKNOWN to listOf(Codes.NOT_VISIBLE), finding.presence to finding.evidence)
    }

    @Test
    fun `signers are handed on as the digests of their certificates`() {
        Phone().install(TIKTOK, signer = "a certificate")
        val seen = observe(TIKTOK).apps.single().seen as Seen.Id
        val digest = MessageDigest.getInstance("SHA-256").digest("a certificate".toByteArray())
        assertEquals(listOf("sha256:" + digest.joinToString("") { "%02x".format(it) }), seen.signers)
    }

    @Test
    fun `a list is never claimed to be complete`() {
        val observation = observe(TIKTOK)
        assertEquals(false to Scope.DEVICE, observation.complete to observation.scope)
    }

    @Test
    fun `the app has no more permissions than it needs`() {
        val info = app.packageManager.getPackageInfo(app.packageName, PackageManager.GET_PERMISSIONS)
        val expected = setOf("android.permission.RECEIVE_BOOT_COMPLETED", "android.permission.REQUEST_DELETE_PACKAGES")
        assertEquals(expected, info.requestedPermissions.orEmpty().toSet())
    }
}
