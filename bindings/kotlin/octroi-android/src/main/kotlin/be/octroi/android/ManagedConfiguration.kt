package be.octroi.android

import android.content.Context
import android.content.RestrictionsManager
import android.os.UserManager

/** What the device's management sets for this app; nothing on a device that has none. */
internal class ManagedConfiguration(context: Context) {
    private val restrictions = context.getSystemService(RestrictionsManager::class.java)

    /**
     * Our keys with what was set, as text. What is none of a key's values is refused by whoever reads it, with the key's name.
     *
     * Null while Android says that the management is still about to speak: what stands there is not yet meant.
     */
    fun read(): Map<String, String>? {
        val set = restrictions?.applicationRestrictions ?: return emptyMap()
        if (set.getBoolean(UserManager.KEY_RESTRICTIONS_PENDING)) return null
        return set.keySet().filter { it.startsWith(PREFIX) }.associateWith { key ->
            @Suppress("DEPRECATION") // The successor wants to know the type, and a wrong one is to be seen.
            when (val value = set.get(key)) {
                is Array<*> -> value.joinToString(",")
                else -> value?.toString().orEmpty()
            }
        }
    }

    private companion object {
        const val PREFIX = "octroi."
    }
}
