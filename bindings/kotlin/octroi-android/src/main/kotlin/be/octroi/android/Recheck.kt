package be.octroi.android

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.os.SystemClock
import java.time.Duration
import java.time.Instant
import kotlin.math.abs

/**
 * Has a check made when a verdict ends by itself, also if the process is gone by then or the phone was started anew: by the gate that
 * the app opens when its process starts.
 */
internal class Recheck(private val context: Context, private val jobId: Int) {
    private val scheduler = context.getSystemService(JobScheduler::class.java)

    /** When it will be made, on the clock that nobody sets; null if it will not. */
    private var due: Long? = null

    /** At this time, and at no other that this gate set; not at all without one. */
    fun at(time: Instant?, assessedAt: Instant) {
        if (time == null) {
            // Without one of our own there is nothing to cancel but what another had scheduled.
            if (due != null) scheduler?.cancel(jobId)
            due = null
            return
        }
        val wait = Duration.between(assessedAt, time).coerceAtLeast(Duration.ZERO).toMillis()
        val now = SystemClock.elapsedRealtime()
        // Android counts the time until then, and does not look at the clock again: where the clock was set, that is another time. What is due
        // may have been made already, a little too early.
        if (due?.let { it > now && abs(now + wait - it) <= TOLERATED } != true) {
            val job = JobInfo.Builder(jobId, ComponentName(context, RecheckService::class.java))
                .setMinimumLatency(wait)
                .setOverrideDeadline(wait + LATEST)
                .setPersisted(true)
                .build()
            val result = try {
                scheduler?.schedule(job)
            } catch (_: RuntimeException) {
                // Too many jobs, or a manifest without the permission for one that lasts. Who asks the gate gets no old verdict all the same.
                return
            }
            if (result == JobScheduler.RESULT_SUCCESS) due = now + wait
        }
    }

    private companion object {
        /** A phone at rest gets its jobs together; meanwhile whoever asks the gate is not given the old verdict. In milliseconds. */
        const val LATEST = 3_600_000L

        /** A clock is corrected by so much all the time. In milliseconds. */
        const val TOLERATED = 60_000L
    }
}
