package be.octroi.android

import android.app.job.JobParameters
import android.app.job.JobService
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch

/** Android starts it when a verdict has ended by itself. Only Android may. */
public class RecheckService : JobService() {
    override fun onStartJob(params: JobParameters): Boolean {
        val gates = OpenGates.all()
        if (gates.isEmpty()) return false // Nobody holds a verdict; who opens a gate later checks first.
        CoroutineScope(Dispatchers.IO).launch {
            gates.forEach { it.checkQuietly() }
            jobFinished(params, false)
        }
        return true
    }

    /** The next check was scheduled by this one, in its place. */
    override fun onStopJob(params: JobParameters): Boolean = false
}

/** The gates that this process has open. */
internal object OpenGates {
    private val gates = Collections.newSetFromMap(ConcurrentHashMap<Gate, Boolean>())

    fun all(): List<Gate> = gates.toList()

    fun add(gate: Gate) {
        gates += gate
    }

    /** False if it was not among them. */
    fun remove(gate: Gate): Boolean = gates.remove(gate)
}
