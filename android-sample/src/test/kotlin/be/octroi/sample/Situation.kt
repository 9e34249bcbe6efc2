package be.octroi.sample

import java.time.Instant

/** The verdicts that a screen may have to show, each with a phone that gets it. */
internal enum class Situation(val tone: Tone, private val now: Instant, private val prepare: Phone.() -> Unit) {
    PERMIT(Tone.PERMIT, LATER, { manage() }),
    GRACE(Tone.GRACE, AT_FIRST, {
        manage()
        install()
    }),
    DENY(Tone.DENY, LATER, {
        manage()
        install()
    }),
    UNKNOWN(Tone.UNKNOWN, AT_FIRST, { install() }),
    ;

    /** Such a phone, with the app open. */
    fun open(): Phone = Phone(now).apply(prepare).open()
}
