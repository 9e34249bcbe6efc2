package be.octroi.android

import android.app.Application
import android.content.Context
import android.content.ContextWrapper
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.content.pm.PackageManager
import android.content.pm.PackageManager.NameNotFoundException
import android.content.res.AssetManager
import android.content.res.Resources
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowApplicationPackageManager

/** Android as it hides TikTok from an app that does not declare it, which Robolectric does not do by itself. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class HiddenTikTok : ShadowApplicationPackageManager() {
    @Implementation
    override fun getPackageInfo(name: String, flags: Int): PackageInfo = hideOr(name) { super.getPackageInfo(name, flags) }

    @Implementation
    override fun getPackageInfo(name: String, flags: Any): PackageInfo = hideOr(name) { super.getPackageInfo(name, flags) }

    private fun hideOr(name: String, find: () -> PackageInfo?): PackageInfo {
        if (name == TIKTOK) throw NameNotFoundException(name)
        return find() ?: throw NameNotFoundException(name)
    }
}

/** Android as it knows TikTok in a state that it tells of only to those who ask for more than what is simply there. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal abstract class ToldOnRequest(private val request: Long, private val state: PackageInfo.() -> Unit) : ShadowApplicationPackageManager() {
    @Implementation
    override fun getPackageInfo(name: String, flags: Int): PackageInfo = find(name, flags.toLong()) { super.getPackageInfo(name, flags) }

    @Implementation
    override fun getPackageInfo(name: String, flags: Any): PackageInfo =
        find(name, (flags as PackageManager.PackageInfoFlags).value) { super.getPackageInfo(name, flags) }

    private fun find(name: String, flags: Long, find: () -> PackageInfo?): PackageInfo {
        val info = find() ?: throw NameNotFoundException(name)
        if (name == TIKTOK) {
            if (flags and request == 0L) throw NameNotFoundException(name)
            info.state()
        }
        return info
    }
}

private fun PackageInfo.markNotInstalled() {
    applicationInfo?.let { it.flags = it.flags and ApplicationInfo.FLAG_INSTALLED.inv() }
}

/** Its code was put away, its icon and its data were not. Robolectric knows of no such apps. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class ArchivedTikTok : ToldOnRequest(PackageManager.MATCH_ARCHIVED_PACKAGES, {
    archiveTimeMillis = firstInstallTime
    markNotInstalled()
})

/** It was removed, and its data kept (`adb uninstall -k`). */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class RemainsOfTikTok : ToldOnRequest(PackageManager.MATCH_UNINSTALLED_PACKAGES.toLong(), {
    markNotInstalled()
})

/** Another user of the device has it: its code is there. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class TikTokOfAnotherUser : ToldOnRequest(PackageManager.MATCH_UNINSTALLED_PACKAGES.toLong(), {
    markNotInstalled()
    applicationInfo?.sourceDir = System.getProperty("java.io.tmpdir")
})

/** It lies on a card that was taken out of the phone. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class TikTokOnACard : ToldOnRequest(PackageManager.MATCH_UNINSTALLED_PACKAGES.toLong(), {
    applicationInfo?.sourceDir = null
})

/** An app in whose manifest nothing was declared: where its own would be, there is only Android's. */
internal class Undeclared(app: Application) : ContextWrapper(app) {
    override fun getApplicationContext(): Context = this

    override fun getAssets(): AssetManager = Resources.getSystem().assets
}
