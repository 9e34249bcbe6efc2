package be.octroi.android

import android.content.Context
import android.content.pm.PackageManager
import android.content.res.XmlResourceParser
import android.os.Build
import java.io.FileNotFoundException
import org.xmlpull.v1.XmlPullParser

/**
 * Of which packages Android lets this app know whether they are there.
 *
 * Since Android 11 an app that is hidden from us looks like one that is absent, and `canPackageQuery` throws the same for both. So
 * only what the app's own manifest declares is relied on.
 */
internal class Visibility(private val context: Context) {
    private val declared: Set<String> by lazy { declaredPackages(context) }

    /** Whether not finding a package proves that it is absent. */
    fun covers(packageName: String): Boolean = seesEverything() || packageName in declared

    private fun seesEverything() = Build.VERSION.SDK_INT < Build.VERSION_CODES.R ||
        context.applicationInfo.targetSdkVersion < Build.VERSION_CODES.R ||
        context.checkSelfPermission(SEES_ALL) == PackageManager.PERMISSION_GRANTED

    private companion object {
        const val SEES_ALL = "android.permission.QUERY_ALL_PACKAGES"
    }
}

private const val ANDROID = "http://schemas.android.com/apk/res/android"

/** More APKs than an app has loaded: the framework, its own, parts of it, overlays, the web view. */
private const val MOST_APKS = 64

/** The packages in `<queries>` of the app's manifest, as it was merged and installed. */
private fun declaredPackages(context: Context): Set<String> {
    for (cookie in 1..MOST_APKS) {
        val manifest = try {
            context.assets.openXmlResourceParser(cookie, "AndroidManifest.xml")
        } catch (_: FileNotFoundException) {
            continue // No APK has this number.
        }
        manifest.use { if (it.isBaseOf(context.packageName)) return it.queriedPackages() }
    }
    return emptySet()
}

/** Steps into the manifest; true if it is the app's own, and not that of a part of it. */
private fun XmlResourceParser.isBaseOf(packageName: String): Boolean {
    while (eventType != XmlPullParser.START_TAG) {
        if (next() == XmlPullParser.END_DOCUMENT) return false
    }
    return getAttributeValue(null, "package") == packageName && getAttributeValue(null, "split") == null
}

private fun XmlResourceParser.queriedPackages(): Set<String> {
    val found = mutableSetOf<String>()
    var inQueries = false
    while (next() != XmlPullParser.END_DOCUMENT) {
        when {
            depth == 2 && name == "queries" -> inQueries = eventType == XmlPullParser.START_TAG
            inQueries && depth == 3 && eventType == XmlPullParser.START_TAG && name == "package" ->
                getAttributeValue(ANDROID, "name")?.let(found::add)
        }
    }
    return found
}
