package be.octroi.android

import android.content.Context
import android.os.UserManager
import be.octroi.Scope

/** How much of the device an app in this place can see. */
internal class DeviceScope(context: Context) {
    private val users = context.getSystemService(UserManager::class.java)

    /**
     * The device, if this is its first user and has no profile beside it; else one profile of it.
     *
     * An app sees the apps of its own profile only. That further users or a private space exist is told to no app.
     */
    fun now(): Scope {
        val alone = users != null && users.isSystemUser && users.userProfiles.size <= 1
        return if (alone) Scope.DEVICE else Scope.PROFILE
    }
}
