package be.octroi.sample

import android.app.Application
import android.util.Log
import be.octroi.Contacts
import be.octroi.android.Gate
import be.octroi.defaultDeployment

/** Holds the gate and who asks for something by it, for as long as the process lives. */
open class SampleApp : Application() {
    /** @throws be.octroi.OctroiException if the state of an earlier run cannot be used. */
    val gate: Gate by lazy(::openGate)

    /** One client for all requests: each has connections and threads of its own. */
    internal val demonstration: Demonstration by lazy { Demonstration(gate) }

    override fun onCreate() {
        super.onCreate()
        try {
            // Android may have started the process for a verdict that ends, and nobody may ever look at a screen.
            gate
        } catch (error: Exception) {
            // The screen tries again, and says so if that fails, too.
            Log.w(TAG, error)
        }
    }

    protected open fun openGate(): Gate = Gate.open(this, deployment)

    /** What this app's own server is asked for over the internal network. */
    open fun address(host: String): String = if (':' in host) "https://[$host]/" else "https://$host/"

    internal companion object {
        /** Under which developers find what goes wrong. People read what the screen says. */
        const val TAG = "octroi.sample"

        /** What an app is delivered with. The administration's device management may set anything else in its place. */
        val deployment = defaultDeployment().copy(
            administration = "Commune d'Exempleville",
            contacts = Contacts(supervisor = "supervisor@exempleville.example", helpdesk = "helpdesk@exempleville.example"),
            internalHosts = listOf("intranet.exempleville.example"),
        )
    }
}
