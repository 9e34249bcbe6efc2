package be.octroi.android

import android.content.Context
import android.os.SystemClock
import be.octroi.AccessGuard
import be.octroi.Answers
import be.octroi.AppId
import be.octroi.Assessment
import be.octroi.Change
import be.octroi.Clock
import be.octroi.Deployment
import be.octroi.Device
import be.octroi.EvidenceSigner
import be.octroi.Explanation
import be.octroi.GateClosed
import be.octroi.GateCore
import be.octroi.Language
import be.octroi.OctroiException
import be.octroi.Platform
import be.octroi.PolicyId
import be.octroi.Record
import be.octroi.Statement
import be.octroi.Topic
import be.octroi.Transport
import be.octroi.defaultDeployment
import java.io.File
import java.time.Duration
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Decides whether this phone may reach its administration's internal network, and keeps that true.
 *
 * Open one in `Application.onCreate`, and keep it for as long as the process lives: Android may start the process only to have a
 * verdict that ends looked at again, and a gate that is not open hears nothing. Any thread may use it.
 *
 * ```kotlin
 * val gate = Gate.open(context)
 * val assessment = gate.check()
 * if (assessment.access.decision == Decision.PERMIT) connect() else show(gate.explain(assessment))
 * ```
 *
 * Of the apps on the phone it asks for those that the policies name, one by one; it never lists what is installed.
 */
public class Gate private constructor(
    private val context: Context,
    private val core: GateCore,
    private val settings: GateSettings,
) : AccessGuard, AutoCloseable {
    private val configuration = ManagedConfiguration(context)
    private val facts = DeviceFacts(context)
    private val probe = AppProbe(context)
    private val recheck = Recheck(context, settings.jobId)

    private val checking = Any()
    private val configuring = Any()
    private val told = MutableStateFlow(Told())

    /** Something may have changed since the device was last looked at. */
    private val outdated = AtomicBoolean(true)

    /** The management may have said something since the gate last heard it. */
    private val unheard = AtomicBoolean(true)

    /** The managed configuration as it was last heard, if it is wrong. */
    @Volatile
    private var refused: Refused? = null

    /** The packages that the policies name, as of the last look; kept, since Android tells of packages on the main thread. */
    @Volatile
    private var watched = emptySet<String>()
    private val background = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    private val requests = Channel<Unit>(Channel.CONFLATED)
    private val triggers = Triggers(context, matters = { it in watched }, changed = ::requestCheck)

    init {
        background.launch { for (request in requests) checkQuietly() }
        OpenGates.add(this)
    }

    /** What came of the last check and of each one after it, until the gate is closed. The first is made when somebody first listens. */
    public val outcomes: Flow<Outcome> = told.onStart { if (told.value.outcome == null) requestCheck() }
        .takeWhile { !it.isLast }.mapNotNull { it.outcome }

    /**
     * The last assessment and each one after it, as things change: apps come and go, the management speaks, terms pass.
     *
     * A check that fails gives none; [outcomes] has those, too.
     */
    public val assessments: Flow<Assessment> = outcomes.mapNotNull { (it as? Outcome.Decided)?.assessment }

    /** The deployment that counts: the one that was given, with what the management says in its place. Waits for no file. */
    public val deployment: Deployment
        get() {
            hear()
            return core.deployment()
        }

    /**
     * Looks at the device and decides.
     *
     * @throws OctroiException if the managed configuration is wrong, or the state cannot be used. Nothing is permitted then.
     * @throws GateClosed if this gate was closed.
     */
    public suspend fun check(): Assessment = withContext(Dispatchers.IO) { checkNow().assessment }

    /**
     * Asks a repository (`docs/policy-repository.md`) for news of the policies that count, and decides again at once: under what came, and
     * where nothing did, because what was signed for longer is no longer stale. A check that fails then is among the [outcomes].
     *
     * @param transport fetches its files, such as [be.octroi.HttpTransport].
     * @param root the metadata of its role `root` that the app brings along: who may sign is believed from there on.
     * @param deployment the name under which a device management publishes what it sets, if it does. Without it, what came under a name is
     *   withdrawn.
     * @return what happened to each document that is not as it was.
     * @throws OctroiException if the repository is not believed, or not heard (`Repository`). What held before holds.
     * @throws GateClosed if this gate was closed.
     */
    public suspend fun refresh(transport: Transport, root: ByteArray, deployment: PolicyId? = null): List<Change> =
        withContext(Dispatchers.IO) {
            requireOpen()
            // The management names policies, and may have done so before the first check.
            hear()
            val changes = core.refresh(transport, root, deployment)
            requireOpen()
            checkQuietly()
            changes
        }

    /**
     * Looks at the device, decides, and states the same for a server (`docs/evidence.md`): an Entity Attestation Token (RFC 9711) as a JWT. Of
     * the apps on the phone it says what the policies ask about, and nothing else.
     *
     * @param nonce what the server gave out for this statement: 8 to 88 bytes.
     * @param audience whom the statement is for, as the server calls itself.
     * @param signer holds the key that the server knows, such as [KeystoreSigner]. Nobody waits for it but who calls this.
     * @throws OctroiException if nothing can be decided, if the nonce or the audience is none (`Value`), or if the signer cannot sign (`Signer`).
     * @throws GateClosed if this gate was closed.
     */
    public suspend fun evidence(nonce: String, audience: String, signer: EvidenceSigner): String =
        withContext(Dispatchers.IO) {
            val record = checkNow().record
            core.evidence(record, nonce, audience, signer).also { requireOpen() }
        }

    /**
     * Keeps what the person says, in place of what was said of the same before, and decides again.
     *
     * @throws OctroiException if no policy knows the app, or if it cannot be kept.
     * @throws GateClosed if this gate was closed.
     */
    public suspend fun declare(statement: Statement): Assessment = withContext(Dispatchers.IO) {
        requireOpen()
        core.declare(statement)
        checkNow().assessment
    }

    /**
     * Forgets what the person said, and decides again.
     *
     * @throws OctroiException if that cannot be kept.
     * @throws GateClosed if this gate was closed.
     */
    public suspend fun withdraw(topic: Topic): Assessment = withContext(Dispatchers.IO) {
        requireOpen()
        core.withdraw(topic)
        checkNow().assessment
    }

    /**
     * All that the person said and did not take back.
     *
     * @throws OctroiException if the state cannot be read.
     */
    public suspend fun answers(): Answers = withContext(Dispatchers.IO) { core.answers() }

    /**
     * The last assessment under the rules of today, however old; none if there was none, if something was said since, also by the
     * management, or while nothing is decided. The phone itself is not looked at.
     *
     * @throws OctroiException if the state cannot be read.
     */
    public suspend fun last(): Assessment? = withContext(Dispatchers.IO) {
        hear()
        core.last()
    }

    /**
     * Says an assessment of this gate in words, in the person's language unless another is asked for. Waits for no file.
     *
     * @throws OctroiException if the assessment was not made by this version.
     */
    public fun explain(assessment: Assessment, language: Language = context.language()): Explanation =
        core.explain(assessment, language)

    /**
     * What the person can do with a tap under this assessment: the most useful first, none if nothing is asked of them.
     *
     * @throws OctroiException if the assessment was not made by this version.
     */
    public suspend fun remedies(assessment: Assessment, language: Language = context.language()): List<Remedy> =
        withContext(Dispatchers.IO) {
            val remedies = Remedies(context, core.deployment(), core.explain(assessment, language))
            remedies.of(assessment, ::removablePackages)
        }

    /** Whether a host is one that only a permitted device may reach. Waits for no file, and goes on to answer when the gate is closed. */
    override fun isInternal(host: String): Boolean {
        // A request may come before the first check, and the management names hosts.
        hear()
        return core.isInternal(host)
    }

    /** The assessment that counts for a request. Blocks while the device is looked at, so never ask on the main thread. */
    override fun currentAssessment(): Assessment = synchronized(checking) {
        requireOpen()
        // A check that is under way is waited for: what it finds counts, and not what was found before.
        if (outdated.get()) return checkNow().assessment
        // Android tells of another configuration; it need not be asked for one before each request, nor those who listen told the same again.
        refused?.let { if (it.isYoungerThan(settings.oldestForRequests)) throw it.error }
        core.current(settings.oldestForRequests) ?: checkNow().assessment
    }

    /**
     * Stops watching the device, and ends what is told to those who listen. Internal hosts are denied from now on, and other hosts left
     * alone as before; what this gate kept stays for the next one.
     */
    override fun close() {
        if (!OpenGates.remove(this)) return // It was closed before.
        triggers.close()
        requests.close()
        background.cancel()
        told.update { Told(it.outcome, isLast = true) }
        // The core stays: guards that outlive the gate ask it which hosts are internal. It goes with the last of them.
    }

    /** Checks for those who listen; what fails is told to them. */
    internal fun checkQuietly() {
        try {
            checkNow()
        } catch (_: Exception) {
            // It is among the outcomes.
        }
    }

    private fun requireOpen() {
        if (told.value.isLast) throw GateClosed()
    }

    private fun tell(outcome: Outcome) = told.update { if (it.isLast) it else Told(outcome) }

    private fun checkNow(): Checked = synchronized(checking) {
        requireOpen()
        // Cleared before looking: what changes in between is looked at again.
        outdated.set(false)
        var decided = false
        try {
            configure()
            val record = look()
            val assessment = core.check(record)
            requireOpen()
            recheck.at(assessment.validUntil, assessment.assessedAt)
            tell(Outcome.Decided(assessment))
            decided = true
            Checked(record, assessment)
        } catch (error: Exception) {
            tell(Outcome.Failed(error))
            throw error
        } finally {
            // An Error, too, leaves no earlier permit standing. Under a wrong configuration the core sees to that.
            if (!decided && refused == null) outdated.set(true)
        }
    }

    /** What there is to see on the phone of what the policies ask about. */
    private fun look(): Record {
        val watchlist = core.watchlist(Platform.ANDROID)
        watched = watchlist.ids.mapTo(mutableSetOf()) { it.text }
        val observation = probe.observe(watchlist)
        val device = Device(platform = Platform.ANDROID, ownership = facts.ownership())
        return Record(device, observations = listOf(observation))
    }

    /**
     * Hears the management if it may have said something. Android may fail to tell, and that is no reason to deny other hosts; those that
     * a wrong configuration names are guarded all the same, and nothing is permitted under it.
     */
    private fun hear() {
        if (!unheard.get()) return
        try {
            configure()
        } catch (_: Exception) {
            // The next check says so.
        }
    }

    /** Hears the management. Who asks meanwhile waits. While it is still about to speak, what it said before counts. */
    private fun configure() = synchronized(configuring) {
        unheard.set(false)
        var heard = false
        try {
            configuration.read()?.let {
                // What is wrong was heard, too.
                heard = true
                refused = null
                core.configure(it)
            }
        } catch (error: OctroiException) {
            refused = Refused(error)
            throw error
        } finally {
            if (!heard) unheard.set(true)
        }
    }

    private fun requestCheck() {
        outdated.set(true)
        unheard.set(true)
        requests.trySend(Unit)
    }

    /** Under which of its names the person can get at an app. */
    private fun removablePackages(app: AppId): List<String> {
        val ids = core.watchlist(Platform.ANDROID).ids.filter { app in it.apps }
        return ids.map { it.text }.filter(probe::isWithinReach)
    }

    /** What was seen, and decided on it. */
    private class Checked(val record: Record, val assessment: Assessment)

    /** Why a managed configuration counts for nothing, and since when that is known: on the clock that nobody sets. */
    private class Refused(val error: OctroiException) {
        private val at = SystemClock.elapsedRealtime()

        fun isYoungerThan(age: Duration) = SystemClock.elapsedRealtime() - at < age.toMillis()
    }

    /** What those who listen were last told; the last of all has nothing new in it. */
    private class Told(val outcome: Outcome? = null, val isLast: Boolean = false)

    public companion object {
        /**
         * Opens the gate of this app, with its state in a folder of its own that no backup takes along. Loads the native library, if nothing
         * has yet, and reads that state, on the thread that calls.
         *
         * @param deployment what the administration sets; the managed configuration may say otherwise.
         * @param clock what tells the time, if not the system's clock.
         * @throws OctroiException if the deployment is wrong, or the state cannot be used.
         */
        @JvmStatic
        @JvmOverloads
        public fun open(
            context: Context,
            deployment: Deployment = defaultDeployment(),
            settings: GateSettings = GateSettings(),
            clock: Clock? = null,
        ): Gate {
            // An activity may not be kept for as long as a gate lives.
            val application = context.applicationContext ?: context
            val directory = File(application.noBackupFilesDir, "octroi")
            return Gate(application, GateCore.open(directory.path, deployment, clock), settings)
        }
    }
}
