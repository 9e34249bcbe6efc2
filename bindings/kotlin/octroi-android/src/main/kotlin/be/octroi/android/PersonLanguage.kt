package be.octroi.android

import android.content.Context
import be.octroi.Language
import be.octroi.languageFromTag

/** The first of the person's languages that octroi speaks; else English. */
internal fun Context.language(): Language {
    val locales = resources.configuration.locales
    val spoken = (0 until locales.size()).firstNotNullOfOrNull { languageFromTag(locales[it].toLanguageTag()) }
    return spoken ?: Language.EN
}
