package be.octroi.sample

import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.RestrictionsManager
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.net.Uri
import android.os.Bundle
import android.os.Looper
import android.os.UserManager
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import java.time.Instant
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowApplicationPackageManager

internal const val TIKTOK = "com.zhiliaoapp.musically"

/** The phone in a test's hands, with the sample on its screen. */
internal class Phone(now: Instant = LATER) : AutoCloseable {
    val app = RuntimeEnvironment.getApplication() as TestApp
    private var screen: ActivityController<MainActivity>? = null
    val activity: MainActivity get() = checkNotNull(screen).get()
    val root: ViewGroup get() = part(R.id.screen)

    init {
        app.now = now
    }

    fun install(name: String = TIKTOK, label: String = "TikTok") {
        val info = PackageInfo()
        info.packageName = name
        info.firstInstallTime = Instant.parse("2022-06-01T00:00:00Z").toEpochMilli()
        info.applicationInfo = ApplicationInfo().also {
            it.packageName = name
            it.sourceDir = "/data/app/$name/base.apk"
            it.nonLocalizedLabel = label
        }
        shadowOf(app.packageManager).installPackage(info)
    }

    fun remove(name: String = TIKTOK) {
        shadowOf(app.packageManager).removePackage(name)
        app.sendBroadcast(Intent(Intent.ACTION_PACKAGE_REMOVED, Uri.fromParts("package", name, null)))
    }

    /** The organisation owns it. */
    fun manage() {
        val manager = ComponentName("org.example.mdm", "org.example.mdm.Admin")
        shadowOf(app.getSystemService(DevicePolicyManager::class.java)).run {
            setActiveAdmin(manager)
            setDeviceOwner(manager)
        }
    }

    /** The app runs in a work profile, and sees nothing of the rest. */
    fun standInWorkProfile() {
        shadowOf(app.getSystemService(UserManager::class.java)).run {
            setManagedProfile(true)
            setIsSystemUser(false)
        }
    }

    fun configure(key: String, value: String) {
        val restrictions = shadowOf(app.getSystemService(Context.RESTRICTIONS_SERVICE) as RestrictionsManager)
        restrictions.setApplicationRestrictions(Bundle().apply { putString(key, value) })
        app.sendBroadcast(Intent(Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED))
    }

    /** Opens the app, and waits for what it says. */
    fun open(): Phone {
        val waiting = app.getString(R.string.checking)
        screen = Robolectric.buildActivity(MainActivity::class.java).setup()
        await("a verdict") { verdict != waiting }
        return this
    }

    fun <T : View> part(id: Int): T = activity.window.decorView.part(id)

    val verdict: String get() = textOf(R.id.verdict)

    fun textOf(id: Int): String = part<TextView>(id).text.toString()

    /** The texts of a card, from top to bottom; none where it is not shown. */
    fun textsOf(section: Int): List<String> = part<View>(section).visibleViews().filterIsInstance<TextView>().map { "${it.text}" }

    fun tap(label: String) {
        val found = root.visibleViews().filter { it.isClickable && (it as? TextView)?.text?.toString() == label }
        check(found.isNotEmpty()) { "there is no `$label` to tap" }
        found.first().performClick()
    }

    /** Sends the demonstration's request, and waits for what comes of it. */
    fun send() {
        tap(app.getString(R.string.send_request))
        val asking = app.getString(R.string.asking, app.gate.deployment.internalHosts.first())
        await("a result") { textOf(R.id.result) != asking }
    }

    /** Waits until it is so, while the app does its work. */
    fun await(what: String, isSo: () -> Boolean) {
        val end = System.nanoTime() + 20_000_000_000
        while (true) {
            shadowOf(Looper.getMainLooper()).idle()
            if (isSo()) return
            check(System.nanoTime() < end) { "waited in vain for $what" }
            Thread.sleep(5)
        }
    }

    /** Closes the screen; the app lives on. */
    fun leave() {
        screen?.pause()?.stop()?.destroy()
        screen = null
    }

    override fun close() {
        leave()
        app.gate.close()
    }
}

/** A phone that fails when it is asked what TikTok is called. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class NamelessTikTok : ShadowApplicationPackageManager() {
    @Implementation
    override fun getApplicationInfo(name: String, flags: Int): ApplicationInfo =
        if (name == TIKTOK) error("the system is not there") else super.getApplicationInfo(name, flags)
}

/** This view and all in it, as far as they are shown. */
internal fun View.visibleViews(): List<View> = when {
    visibility != View.VISIBLE -> emptyList()
    this is ViewGroup -> listOf(this) + (0 until childCount).flatMap { getChildAt(it).visibleViews() }
    else -> listOf(this)
}
