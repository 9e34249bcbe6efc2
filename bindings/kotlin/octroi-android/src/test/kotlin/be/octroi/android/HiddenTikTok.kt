package be.octroi.android

import android.app.Application
import android.content.Context
import android.content.ContextWrapper
import android.content.pm.PackageInfo
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

/** An app in whose manifest nothing was declared: where its own would be, there is only Android's. */
internal class Undeclared(app: Application) : ContextWrapper(app) {
    override fun getApplicationContext(): Context = this

    override fun getAssets(): AssetManager = Resources.getSystem().assets
}
