package be.octroi.android

import android.content.Context
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.content.pm.PackageManager
import android.content.pm.Signature
import android.os.Build
import be.octroi.Observation
import be.octroi.Probe
import be.octroi.Seen
import be.octroi.SeenApp
import be.octroi.Source
import be.octroi.Watchlist
import java.io.File
import java.security.MessageDigest
import java.time.Instant

/** Asks Android for the apps that the policies name, one by one. No other app is asked for, and no list of apps is ever read. */
internal class AppProbe(context: Context) {
    private val packages = context.packageManager
    private val visibility = Visibility(context)
    private val scope = DeviceScope(context)

    /** Which of the apps are there, which are not, and of which Android does not tell. */
    fun observe(watchlist: Watchlist): Observation {
        val seen = mutableListOf<SeenApp>()
        val absent = mutableListOf<Probe>()
        val notVisible = mutableListOf<Probe>()
        for (id in watchlist.ids.map { it.text }) {
            val known = find(id, ALL_THAT_ANDROID_KNOWS)
            when {
                known != null && known.isInstalled() -> seen += known.asSeen()
                known != null && (known.isOutOfSight() || known.isElsewhere()) -> notVisible += Probe.Id(id)
                visibility.covers(id) -> absent += Probe.Id(id)
                else -> notVisible += Probe.Id(id)
            }
        }
        return Observation(source = Source.PLATFORM, scope = scope.now(), apps = seen, absent = absent, notVisible = notVisible)
    }

    /** Whether the person can get at a package in order to remove it: at an archived one, too, and at none that the management hides. */
    fun isWithinReach(packageName: String): Boolean =
        find(packageName, flags = 0) != null || find(packageName, ALL_THAT_ANDROID_KNOWS)?.isArchived() == true

    private fun find(packageName: String, flags: Long): PackageInfo? = try {
        when {
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU -> {
                val all = PackageManager.GET_SIGNING_CERTIFICATES.toLong() or flags
                packages.getPackageInfo(packageName, PackageManager.PackageInfoFlags.of(all))
            }
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.P ->
                packages.getPackageInfo(packageName, PackageManager.GET_SIGNING_CERTIFICATES or flags.toInt())
            else -> {
                @Suppress("DEPRECATION") // The only way before Android 9.
                packages.getPackageInfo(packageName, PackageManager.GET_SIGNATURES or flags.toInt())
            }
        }
    } catch (_: PackageManager.NameNotFoundException) {
        null
    }

    private companion object {
        /** Also what a device owner hides, what is archived, and what is gone but for its data. Which of them it is, what is found says. */
        val ALL_THAT_ANDROID_KNOWS: Long = PackageManager.MATCH_UNINSTALLED_PACKAGES.toLong() or
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM) PackageManager.MATCH_ARCHIVED_PACKAGES else 0
    }
}

/**
 * Whether it is there: disabled, suspended, hidden by the management or archived included. Its data is, and one tap, or one word of the
 * management, brings it back. What was removed and left its data behind is not there.
 */
private fun PackageInfo.isInstalled(): Boolean = isArchived() || (isMarkedInstalled() && applicationInfo?.sourceDir != null)

/** Android counts it among the installed ones and has no code of it: it may lie on a card that is not in the phone, or be gone but for its data. */
private fun PackageInfo.isOutOfSight(): Boolean = applicationInfo == null || isMarkedInstalled()

/**
 * Its code is on the device, and it is not installed here: another user or profile has it. What was removed and left its data behind has no
 * code any more, and an app of the system has its code for everyone.
 */
private fun PackageInfo.isElsewhere(): Boolean {
    val app = applicationInfo ?: return false
    return !isMarkedInstalled() && app.flags and ApplicationInfo.FLAG_SYSTEM == 0 && app.sourceDir?.let { File(it).exists() } == true
}

private fun PackageInfo.isMarkedInstalled(): Boolean = (applicationInfo?.flags ?: 0) and ApplicationInfo.FLAG_INSTALLED != 0

private fun PackageInfo.isArchived(): Boolean = Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM && archiveTimeMillis > 0

private fun PackageInfo.asSeen() = SeenApp(
    seen = Seen.Id(packageName, signers = signers().map { it.digest() }),
    // Zero where Android does not know, as of an app that was archived before it was ever opened.
    firstInstalled = firstInstallTime.takeIf { it > 0 }?.let(Instant::ofEpochMilli),
)

/** Who signs the app as it is now; earlier keys of the same developer are not known to any policy by themselves. */
private fun PackageInfo.signers(): List<Signature> = when {
    Build.VERSION.SDK_INT >= Build.VERSION_CODES.P -> signingInfo?.apkContentsSigners
    else -> {
        @Suppress("DEPRECATION") // The only way before Android 9.
        signatures
    }
}.orEmpty().toList()

private fun Signature.digest(): String {
    val digest = MessageDigest.getInstance("SHA-256").digest(toByteArray())
    return "sha256:" + digest.joinToString("") { "%02x".format(it) }
}
