package be.octroi.sample

import android.app.Application
import be.octroi.Contacts
import be.octroi.android.Gate
import be.octroi.defaultDeployment

/** Holds the gate, for as long as the process lives. */
open class SampleApp : Application() {
    /** @throws be.octroi.OctroiException if the state of an earlier run cannot be used. */
    val gate: Gate by lazy(::openGate)

    protected open fun openGate(): Gate = Gate.open(this, deployment)

    /** What this app's own server is asked for over the internal network. */
    open fun address(host: String): String = "https://$host/"

    protected companion object {
        /** What an app is delivered with. The administration's device management may set anything else in its place. */
        val deployment = defaultDeployment().copy(
            administration = "Commune d'Exempleville",
            contacts = Contacts(supervisor = "supervisor@exempleville.example", helpdesk = "helpdesk@exempleville.example"),
            internalHosts = listOf("intranet.exempleville.example"),
        )
    }
}
