package be.octroi.android

import android.content.Context
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
import java.security.MessageDigest
import java.time.Instant

/** Asks Android for the apps that the policies name, one by one. No other app is asked for, and no list of apps is ever read. */
internal class AppProbe(context: Context) {
    private val packages = context.packageManager
    private val visibility = Visibility(context)
    private val scope = DeviceScope(context)

    /** Which of the apps are there, which are not, and which Android would not show. */
    fun observe(watchlist: Watchlist): Observation {
        val seen = mutableListOf<SeenApp>()
        val absent = mutableListOf<Probe>()
        val notVisible = mutableListOf<Probe>()
        for (id in watchlist.ids.map { it.text }) {
            val found = find(id)
            when {
                found != null -> seen += found.asSeen()
                visibility.covers(id) -> absent += Probe.Id(id)
                else -> notVisible += Probe.Id(id)
            }
        }
        return Observation(source = Source.PLATFORM, scope = scope.now(), apps = seen, absent = absent, notVisible = notVisible)
    }

    /** Whether a package is there, disabled or archived included: its data is, and one tap brings it back. */
    fun isPresent(packageName: String): Boolean = find(packageName) != null

    private fun find(packageName: String): PackageInfo? = try {
        when {
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.VANILLA_ICE_CREAM -> {
                val flags = PackageManager.GET_SIGNING_CERTIFICATES.toLong() or PackageManager.MATCH_ARCHIVED_PACKAGES
                packages.getPackageInfo(packageName, PackageManager.PackageInfoFlags.of(flags))
            }
            Build.VERSION.SDK_INT >= Build.VERSION_CODES.P ->
                packages.getPackageInfo(packageName, PackageManager.GET_SIGNING_CERTIFICATES)
            else -> {
                @Suppress("DEPRECATION") // The only way before Android 9.
                packages.getPackageInfo(packageName, PackageManager.GET_SIGNATURES)
            }
        }
    } catch (_: PackageManager.NameNotFoundException) {
        null
    }
}

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
