package be.octroi.android

import android.app.Application
import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.RestrictionsManager
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.content.pm.Signature
import android.content.pm.SigningInfo
import android.net.Uri
import android.os.Build
import android.os.Bundle
import android.os.UserManager
import be.octroi.Clock
import be.octroi.Deployment
import be.octroi.defaultDeployment
import java.time.Instant
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadow.api.Shadow

internal const val TIKTOK = "com.zhiliaoapp.musically"
internal const val TIKTOK_LITE = "com.ss.android.ugc.tiktok.lite"

/** The day after the circular was notified: what was there before may stay for a while. */
internal val AT_FIRST: Instant = Instant.parse("2023-03-28T08:00:00Z")

/** After every term of the circular. */
internal val LATER: Instant = Instant.parse("2023-04-20T08:00:00Z")

/** The phone that a test has in its hands, and the time on it. */
internal class Phone(var now: Instant = LATER) {
    val app: Application = RuntimeEnvironment.getApplication()
    private val packages = shadowOf(app.packageManager)
    private val admin = shadowOf(app.getSystemService(DevicePolicyManager::class.java))
    private val users = shadowOf(app.getSystemService(UserManager::class.java))

    private val manager = ComponentName("org.example.mdm", "org.example.mdm.Admin")

    fun gate(
        deployment: Deployment = defaultDeployment(),
        settings: GateSettings = GateSettings(),
        context: Context = app,
    ): Gate =
        Gate.open(context, deployment, settings, object : Clock {
            override fun now() = this@Phone.now
        })

    fun install(name: String, at: Instant = Instant.parse("2022-06-01T00:00:00Z"), signer: String? = null, enabled: Boolean = true) {
        val info = PackageInfo()
        info.packageName = name
        info.firstInstallTime = at.toEpochMilli()
        info.applicationInfo = ApplicationInfo().also {
            it.packageName = name
            it.name = name
            it.sourceDir = "/data/app/$name/base.apk"
            it.enabled = enabled
        }
        signer?.let { info.signWith(Signature(it.toByteArray())) }
        packages.installPackage(info)
    }

    /** As a device owner does: Android shows it to nobody any more. */
    fun hide(name: String) {
        manageFully()
        check(checkNotNull(app.getSystemService(DevicePolicyManager::class.java)).setApplicationHidden(manager, name, true))
    }

    fun remove(name: String) = packages.removePackage(name)

    /** What Android tells every app that listens. */
    fun announce(action: String, packageName: String) {
        app.sendBroadcast(Intent(action, Uri.fromParts("package", packageName, null)))
    }

    fun addAdministrator() = admin.setActiveAdmin(manager)

    fun manageFully() {
        addAdministrator()
        admin.setDeviceOwner(manager)
    }

    fun ownByOrganizationWithProfile() {
        admin.setOrganizationOwnedDeviceWithManagedProfile(true)
        standInWorkProfile()
    }

    /** This app runs in the work profile. */
    fun standInWorkProfile() {
        addAdministrator()
        admin.setProfileOwner(manager)
        users.setManagedProfile(true)
        users.setIsSystemUser(false)
    }

    /** This app runs beside the work profile. */
    fun addWorkProfile() {
        users.addProfile(0, 10, "work", UserManagerFlags.MANAGED_PROFILE)
    }

    fun configure(vararg entries: Pair<String, String>, pending: Boolean = false) {
        val bundle = Bundle().apply { entries.forEach { (key, value) -> putString(key, value) } }
        if (pending) bundle.putBoolean(UserManager.KEY_RESTRICTIONS_PENDING, true)
        configure(bundle)
    }

    fun configure(bundle: Bundle) {
        shadowOf(app.getSystemService(Context.RESTRICTIONS_SERVICE) as RestrictionsManager).setApplicationRestrictions(bundle)
    }

    private fun PackageInfo.signWith(signature: Signature) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            signingInfo = Shadow.newInstanceOf(SigningInfo::class.java).also { shadowOf(it).setSignatures(arrayOf(signature)) }
        } else {
            @Suppress("DEPRECATION") // The only way before Android 9.
            signatures = arrayOf(signature)
        }
    }

    private object UserManagerFlags {
        /** As Android marks a work profile among its users. */
        const val MANAGED_PROFILE = 0x20
    }
}
