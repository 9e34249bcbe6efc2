package be.octroi.sample

import be.octroi.AccessDenied
import be.octroi.AccessGuard
import be.octroi.Assessment
import be.octroi.okhttp.guardedBy
import java.io.IOException
import java.time.Duration
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import okhttp3.OkHttpClient
import okhttp3.Request

/** Asks internal hosts for something, as every part of a guarded app does: the client alone knows of the gate. */
internal class Demonstration(gate: AccessGuard) {
    private val client = OkHttpClient.Builder().callTimeout(Duration.ofSeconds(10)).guardedBy(gate).build()

    /** What came of a request. */
    sealed interface Result {
        /** The gate let it pass, and the host answered. */
        data class Answered(val status: Int) : Result

        /** The gate let it pass, and nobody answered. */
        data object Unanswered : Result

        /** The gate stopped it; without an assessment because nothing could be decided. */
        data class Stopped(val assessment: Assessment?) : Result
    }

    suspend fun ask(address: String): Result = runInterruptible(Dispatchers.IO) {
        try {
            client.newCall(Request.Builder().url(address).build()).execute().use { Result.Answered(it.code) }
        } catch (denied: AccessDenied) {
            Result.Stopped(denied.assessment)
        } catch (_: IOException) {
            Result.Unanswered
        } catch (_: SecurityException) {
            // On some phones people can take the network away from an app.
            Result.Unanswered
        }
    }
}
