package be.octroi.sample

/** All that the screen speaks. */
internal val LANGUAGES = listOf("fr", "nl", "de", "en")
