package be.octroi.android

import android.content.Intent
import be.octroi.AppId

/** Something that the person can do with a tap, by starting the [intent] from an activity. */
public sealed interface Remedy {
    /**
     * What to start. Nothing may answer it: catch `ActivityNotFoundException`. `resolveActivity` does not tell: since Android 11 it
     * hides what the manifest does not declare.
     */
    public val intent: Intent

    /**
     * Has Android ask whether to remove an app.
     *
     * @property app the app, as the policies name it.
     */
    public class Uninstall internal constructor(public val app: AppId, override val intent: Intent) : Remedy

    /**
     * Opens Android's page of an app: where it came with the phone, it can be disabled there.
     *
     * @property app the app, as the policies name it.
     */
    public class OpenSettings internal constructor(public val app: AppId, override val intent: Intent) : Remedy

    /** Opens a mail to the supervisor that says what was decided and why, for the person to complete. */
    public class InformSupervisor internal constructor(override val intent: Intent) : Remedy
}
