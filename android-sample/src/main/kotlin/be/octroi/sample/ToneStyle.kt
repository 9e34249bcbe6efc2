package be.octroi.sample

import android.content.Context
import android.content.res.ColorStateList

/** How a tone looks. */
internal class ToneStyle private constructor(
    private val ground: Int,
    private val ink: Int,
    private val sign: Int,
    val icon: Int,
) {
    fun ground(context: Context): ColorStateList = context.getColorStateList(ground)

    fun ink(context: Context): Int = context.getColor(ink)

    fun sign(context: Context): ColorStateList = context.getColorStateList(sign)

    companion object {
        private val permit = ToneStyle(R.color.permit, R.color.permit_ink, R.color.permit_sign, R.drawable.ic_permit)
        private val grace = ToneStyle(R.color.grace, R.color.grace_ink, R.color.grace_sign, R.drawable.ic_grace)
        private val deny = ToneStyle(R.color.deny, R.color.deny_ink, R.color.deny_sign, R.drawable.ic_deny)
        private val failed = ToneStyle(R.color.deny, R.color.deny_ink, R.color.deny_sign, R.drawable.ic_failed)
        private val unknown = ToneStyle(R.color.unknown, R.color.unknown_ink, R.color.unknown_sign, R.drawable.ic_unknown)
        private val waiting = ToneStyle(R.color.unknown, R.color.unknown_ink, R.color.unknown_sign, R.drawable.ic_waiting)

        fun of(tone: Tone): ToneStyle = when (tone) {
            Tone.WAITING -> waiting
            Tone.PERMIT -> permit
            Tone.GRACE -> grace
            Tone.DENY -> deny
            Tone.UNKNOWN -> unknown
            Tone.FAILED -> failed
        }
    }
}
