package be.octroi.sample

import android.app.Activity
import android.app.AlertDialog
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Bundle
import android.util.Log
import android.widget.Toast
import be.octroi.Sentence
import be.octroi.Statement
import be.octroi.Topic
import be.octroi.android.Gate
import be.octroi.android.Outcome
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Job
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** The one screen: may this phone reach the internal network, why, and what to do. */
class MainActivity : Activity(), ScreenView.Reactions {
    private val scope = MainScope()
    private var listening: Job? = null
    private var opened: AlertDialog? = null
    private lateinit var screens: Screens
    private lateinit var view: ScreenView
    private val app get() = application as SampleApp

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.main)
        screens = Screens(resources, ::nameOf)
        view = ScreenView(window.decorView.part(R.id.screen), this)
        view.show(screens.waiting())
    }

    override fun onStart() {
        super.onStart()
        listening = withGate { gate -> gate.outcomes.collect { showOrSayWhyNot(gate, it) } }
    }

    override fun onStop() {
        listening?.cancel()
        super.onStop()
    }

    override fun onDestroy() {
        scope.cancel()
        // A window that its activity does not close is leaked, when the phone is turned, say.
        opened?.dismiss()
        super.onDestroy()
    }

    /** One that cannot be shown does not keep the later ones from the screen. */
    private suspend fun showOrSayWhyNot(gate: Gate, outcome: Outcome) = try {
        show(gate, outcome)
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (error: Exception) {
        view.show(failed(error))
    }

    private suspend fun show(gate: Gate, outcome: Outcome) = view.show(
        when (outcome) {
            is Outcome.Decided -> {
                val assessment = outcome.assessment
                screens.decided(assessment, gate.explain(assessment), gate.remedies(assessment), gate.answers(), gate.deployment)
            }
            is Outcome.Failed -> failed(outcome.error)
        },
    )

    override fun open(sentence: Sentence, heading: String) {
        val basis = sentence.basis ?: return
        val dialog = AlertDialog.Builder(this)
            .setTitle("$heading: ${basis.id}")
            .setMessage("${basis.text}\n\n${basis.document} (${basis.strength})")
            .setPositiveButton(R.string.close, null)
        basis.link?.let { link ->
            dialog.setNeutralButton(R.string.open_document) { _, _ -> follow(Intent(Intent.ACTION_VIEW, Uri.parse(link))) }
        }
        opened = dialog.show()
    }

    override fun follow(intent: Intent) {
        try {
            startActivity(intent)
        } catch (_: ActivityNotFoundException) {
            say(getString(R.string.nothing_answers))
        }
    }

    override fun answer(statement: Statement) {
        withGate { it.declare(statement) }
    }

    override fun takeBack(topic: Topic) {
        withGate { it.withdraw(topic) }
    }

    override fun ask(host: String) {
        view.tell(Tone.WAITING, getString(R.string.asking, host))
        withGate { gate ->
            when (val result = app.demonstration.ask(app.address(host))) {
                is Demonstration.Result.Answered -> view.tell(Tone.PERMIT, getString(R.string.passed, host, result.status))
                is Demonstration.Result.Unanswered -> view.tell(Tone.UNKNOWN, getString(R.string.no_answer, host))
                is Demonstration.Result.Stopped -> {
                    val why = result.assessment?.let { gate.explain(it).verdict } ?: getString(R.string.failed)
                    view.tell(Tone.DENY, getString(R.string.stopped, why))
                }
            }
        }
    }

    /** What cannot be kept or decided is shown: here, or as the outcome of the check that it failed. */
    private fun withGate(use: suspend (Gate) -> Unit): Job = scope.launch {
        try {
            use(app.gate)
        } catch (cancelled: CancellationException) {
            throw cancelled
        } catch (error: Exception) {
            view.show(failed(error))
        }
    }

    private fun failed(error: Exception): Screen {
        Log.w(SampleApp.TAG, error)
        return screens.failed(error)
    }

    /** As the phone names it: two editions of an app have names of their own. */
    private fun nameOf(intent: Intent): String {
        val name = intent.data?.schemeSpecificPart.orEmpty()
        return try {
            packageManager.getApplicationInfo(name, 0).loadLabel(packageManager).toString()
        } catch (_: PackageManager.NameNotFoundException) {
            name
        }
    }

    private fun say(text: String) = Toast.makeText(this, text, Toast.LENGTH_LONG).show()
}
