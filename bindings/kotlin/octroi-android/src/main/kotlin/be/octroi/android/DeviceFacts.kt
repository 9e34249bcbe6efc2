package be.octroi.android

import android.app.admin.DevicePolicyManager
import android.content.Context
import android.os.Build
import be.octroi.Ownership
import be.octroi.OwnershipStatement
import be.octroi.Source

/** What Android itself says of the owner of the device. */
internal class DeviceFacts(context: Context) {
    private val policies = context.getSystemService(DevicePolicyManager::class.java)

    /**
     * That an organisation owns it, if it is set up so: fully managed, or as the organisation's own with a work profile.
     *
     * Otherwise nothing: a work profile alone is on the phones of people and of organisations, and so is no management at all.
     */
    fun ownership(): List<OwnershipStatement> = when {
        policies == null -> emptyList()
        policies.isFullyManaged() || policies.hasOrganizationOwnedProfile() ->
            listOf(OwnershipStatement(Ownership.ORGANIZATION, Source.PLATFORM))
        else -> emptyList()
    }

    /** Whether one of the administrators is the owner of the device. Android tells no app which one it is, but answers when asked. */
    private fun DevicePolicyManager.isFullyManaged() = activeAdmins.orEmpty().any { isDeviceOwnerApp(it.packageName) }

    private fun DevicePolicyManager.hasOrganizationOwnedProfile() =
        Build.VERSION.SDK_INT >= Build.VERSION_CODES.R && isOrganizationOwnedDeviceWithManagedProfile
}
