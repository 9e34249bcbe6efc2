package be.octroi.android

import android.app.job.JobInfo
import android.app.job.JobScheduler
import java.time.Duration
import java.time.Instant
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** A person whose term ends while the app is closed is told so: the look that was scheduled for it must stay scheduled. */
@RunWith(RobolectricTestRunner::class)
@Config(shadows = [BusyScheduler::class])
internal class RecheckTest {
    private val app = RuntimeEnvironment.getApplication()
    private val scheduler = checkNotNull(app.getSystemService(JobScheduler::class.java))
    private val ends: Instant = AT_FIRST + Duration.ofDays(6)

    @Before
    fun reset() = BusyScheduler.reset()

    private fun recheck() = Recheck(app, JOB)

    private fun job(): JobInfo? = scheduler.getPendingJob(JOB)

    /** An app has several processes, and one that just started decided nothing that ends. */
    @Test
    fun `what another gate scheduled stays`() {
        recheck().at(ends, AT_FIRST)
        recheck().at(null, AT_FIRST)
        assertNotNull(job())
    }

    @Test
    fun `what it scheduled itself goes with the verdict that ends`() {
        val recheck = recheck()
        recheck.at(ends, AT_FIRST)
        recheck.at(null, AT_FIRST)
        assertNull(job())
    }

    /** Apps schedule no more than so many jobs, and one that was refused would be missed for good. */
    @Test
    fun `what Android did not take is scheduled at the next check, and what it took only once`() {
        val refusals = listOf<() -> Int?>({ JobScheduler.RESULT_FAILURE }, { throw IllegalStateException("100 jobs") })
        for (refusal in refusals) {
            BusyScheduler.reset()
            val recheck = recheck()
            BusyScheduler.answer = refusal
            repeat(2) { recheck.at(ends, AT_FIRST) }
            assertEquals(2, BusyScheduler.asked)
            assertNull(job())
            BusyScheduler.answer = { null }
            repeat(2) { recheck.at(ends, AT_FIRST) }
            assertEquals(3, BusyScheduler.asked)
            assertEquals(Duration.between(AT_FIRST, ends).toMillis(), job()?.minLatencyMillis)
            scheduler.cancel(JOB)
        }
    }

    private companion object {
        const val JOB = 7
    }
}
