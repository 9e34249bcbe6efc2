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

/** Android as it shows an archived app: to those who ask for archived ones, and to nobody else. Robolectric knows of none. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
internal class ArchivedTikTok : ShadowApplicationPackageManager() {
    @Implementation
    override fun getPackageInfo(name: String, flags: Int): PackageInfo = find(name, flags.toLong())

    @Implementation
    override fun getPackageInfo(name: String, flags: Any): PackageInfo = find(name, (flags as PackageManager.PackageInfoFlags).value)

    private fun find(name: String, flags: Long): PackageInfo {
        val info = super.getPackageInfo(name, PackageManager.PackageInfoFlags.of(flags)) ?: throw NameNotFoundException(name)
        if (name == TIKTOK) {
            if (flags and PackageManager.MATCH_ARCHIVED_PACKAGES == 0L) throw NameNotFoundException(name)
            info.archiveTimeMillis = info.firstInstallTime
            info.applicationInfo?.let { it.flags = it.flags and ApplicationInfo.FLAG_INSTALLED.inv() }
        }
        return info
    }
}

/** An app in whose manifest nothing was declared: where its own would be, there is only Android's. */
internal class Undeclared(app: Application) : ContextWrapper(app) {
    override fun getApplicationContext(): Context = this

    override fun getAssets(): AssetManager = Resources.getSystem().assets
}
