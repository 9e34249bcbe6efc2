package be.octroi.android

import android.app.job.JobInfo
import android.os.Bundle
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.annotation.Resetter
import org.robolectric.shadows.ShadowJobScheduler
import org.robolectric.shadows.ShadowRestrictionsManager

/** Counts how often Android is asked what the management says: each time is a call into another process. */
@Implements(className = "android.content.RestrictionsManager", isInAndroidSdk = false)
internal class CountedManagement : ShadowRestrictionsManager() {
    var asked = 0
        private set

    @Implementation
    override fun getApplicationRestrictions(): Bundle? {
        asked += 1
        return super.getApplicationRestrictions()
    }
}

/** Android when it takes no more jobs, and when it takes them again. */
@Implements(className = "android.app.JobSchedulerImpl", isInAndroidSdk = false)
internal class BusyScheduler : ShadowJobScheduler.ShadowJobSchedulerImpl() {
    @Implementation
    override fun schedule(job: JobInfo): Int {
        asked += 1
        return answer() ?: super.schedule(job)
    }

    companion object {
        var asked = 0
        var answer: () -> Int? = { null }

        @Resetter
        @JvmStatic
        fun reset() {
            asked = 0
            answer = { null }
        }
    }
}
