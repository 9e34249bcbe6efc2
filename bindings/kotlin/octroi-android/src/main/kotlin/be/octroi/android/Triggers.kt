package be.octroi.android

import android.app.Activity
import android.app.Application
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.Bundle

/**
 * Says when something may have changed, for as long as the process lives: the app comes to the foreground, a package that matters
 * comes or goes, the management changes its configuration, a work profile comes or goes, the clock is set.
 */
internal class Triggers(
    private val context: Context,
    private val matters: (packageName: String) -> Boolean,
    private val changed: () -> Unit,
) : AutoCloseable {
    private val application = context.applicationContext as? Application
    private val foreground = Foreground(changed)
    private val packages = receiver { intent ->
        // Matched here and forgotten: most packages are none of our business.
        if (intent.data?.schemeSpecificPart?.let(matters) == true) changed()
    }
    private val device = receiver { changed() }

    init {
        application?.registerActivityLifecycleCallbacks(foreground)
        context.registerReceiver(packages, filter(PACKAGES).apply { addDataScheme("package") })
        context.registerReceiver(device, filter(DEVICE))
    }

    override fun close() {
        application?.unregisterActivityLifecycleCallbacks(foreground)
        context.unregisterReceiver(packages)
        context.unregisterReceiver(device)
    }

    // All of these come from the system alone, so nothing needs to be said of other apps.
    private companion object {
        val PACKAGES = listOf(Intent.ACTION_PACKAGE_ADDED, Intent.ACTION_PACKAGE_REMOVED, Intent.ACTION_PACKAGE_CHANGED)
        val DEVICE = listOf(
            Intent.ACTION_APPLICATION_RESTRICTIONS_CHANGED,
            Intent.ACTION_MANAGED_PROFILE_ADDED,
            Intent.ACTION_MANAGED_PROFILE_REMOVED,
            Intent.ACTION_TIME_CHANGED,
            Intent.ACTION_TIMEZONE_CHANGED,
        )

        fun filter(actions: List<String>) = IntentFilter().apply { actions.forEach(::addAction) }

        fun receiver(react: (Intent) -> Unit) = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) = react(intent)
        }
    }
}

/** Tells when the first of the app's screens is shown. */
private class Foreground(private val entered: () -> Unit) : Application.ActivityLifecycleCallbacks {
    private var shown = 0

    override fun onActivityStarted(activity: Activity) {
        shown += 1
        if (shown == 1) entered()
    }

    override fun onActivityStopped(activity: Activity) {
        // A screen may have been there before this was.
        shown = maxOf(0, shown - 1)
    }

    override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

    override fun onActivityResumed(activity: Activity) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
