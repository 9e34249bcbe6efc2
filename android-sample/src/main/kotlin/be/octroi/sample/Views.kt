package be.octroi.sample

import android.view.View

/** A view of our own layout, which is there. `requireViewById` says the same, from Android 9 on. */
internal fun <T : View> View.part(id: Int): T = checkNotNull(findViewById<T>(id))
