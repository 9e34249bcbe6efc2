package be.octroi.sample

import android.content.Intent
import android.content.res.Resources
import be.octroi.Answers
import be.octroi.Assessment
import be.octroi.Decision
import be.octroi.Deployment
import be.octroi.Explanation
import be.octroi.OctroiException
import be.octroi.PolicyExplanation
import be.octroi.Sentence
import be.octroi.Status
import be.octroi.android.Remedy

/**
 * From what the gate says to what the screen shows.
 *
 * @param nameOf what the phone calls the app that an intent is about.
 */
internal class Screens(private val resources: Resources, private val nameOf: (Intent) -> String) {
    fun waiting(): Screen = Screen(resources.getString(R.string.app_name), Banner(Tone.WAITING, resources.getString(R.string.checking)))

    /** Nothing could be decided, and nothing is permitted. What the error itself says is for developers, and in English. */
    fun failed(error: Exception): Screen = Screen(
        resources.getString(R.string.app_name),
        Banner(Tone.FAILED, resources.getString(R.string.failed), listOf(whatHelps(error))),
    )

    private fun whatHelps(error: Exception): String = when (error) {
        is OctroiException.Configuration -> resources.getString(R.string.failed_configuration, error.key)
        is OctroiException.PolicyNotAvailable -> resources.getString(R.string.failed_configuration, "octroi.policies")
        is OctroiException.NotifiedUnknown -> resources.getString(R.string.failed_configuration, "octroi.notified_on")
        is OctroiException.StateNewer -> resources.getString(R.string.failed_newer)
        else -> resources.getString(R.string.failed_otherwise)
    }

    fun decided(
        assessment: Assessment,
        explanation: Explanation,
        remedies: List<Remedy>,
        answers: Answers,
        deployment: Deployment,
    ): Screen {
        val headings = explanation.headings
        val questions = Questions(resources)
        return Screen(
            title = deployment.administration ?: resources.getString(R.string.app_name),
            banner = Banner(assessment.tone(), explanation.verdict, listOfNotNull(explanation.network, explanation.validUntil)),
            reasons = Section(headings.why, explanation.policies.flatMap { explanation.reasons(it) }),
            steps = Section(headings.whatToDo, explanation.steps(remedies)),
            questions = Section(headings.questions, explanation.questions.map(questions::ask)),
            answers = Section(resources.getString(R.string.answers), questions.answered(answers)),
            lookedAt = Section(resources.getString(R.string.looked_at), explanation.lookedAt()),
            host = deployment.internalHosts.firstOrNull()?.replace("*", "www"),
        )
    }

    private fun Explanation.reasons(policy: PolicyExplanation): List<Part> =
        listOf(Part.Caption(policy.title), Part.Plain(policy.`class`)) + policy.why.map { said(it) }

    /** What is asked first, then what leads to it, then who helps and what is advised. */
    private fun Explanation.steps(remedies: List<Remedy>): List<Part> = buildList {
        policies.flatMapTo(this) { policy -> policy.whatToDo.map { said(it) } }
        remedies.mapTo(this) { Part.Step(label(it), it.intent) }
        contacts.mapTo(this) { Part.Plain(it) }
        addAll(under(headings.advice, policies.flatMap { it.advice }.distinct().map { said(it) }))
    }

    private fun Explanation.lookedAt(): List<Part> = buildList {
        addAll(under(headings.seen, policies.flatMap { it.seen }.distinct().map { said(it) }))
        addAll(under(headings.notSeen, policies.flatMap { it.notSeen }.distinct().map { said(it) }))
        notes.mapTo(this) { Part.Plain(it) }
        add(Part.Plain(resources.getString(R.string.stays_here)))
        add(Part.Caption(assessedAt))
    }

    private fun Explanation.said(sentence: Sentence): Part {
        val basis = sentence.basis ?: return Part.Plain(sentence.text)
        val cited = listOfNotNull(basis.id, headings.interpretation.takeIf { sentence.interpretation })
        return Part.Cited(sentence, cited.joinToString(" · "), headings.legalBasis)
    }

    private fun under(heading: String, parts: List<Part>): List<Part> =
        if (parts.isEmpty()) emptyList() else listOf(Part.Subheading(heading)) + parts

    private fun label(remedy: Remedy): String = when (remedy) {
        is Remedy.Uninstall -> resources.getString(R.string.remove, nameOf(remedy.intent))
        is Remedy.OpenSettings -> resources.getString(R.string.open_settings, nameOf(remedy.intent))
        is Remedy.InformSupervisor -> resources.getString(R.string.write_supervisor)
    }
}

/** An open question shows as one, also where the administration lets it pass. */
private fun Assessment.tone(): Tone = when {
    status == Status.UNKNOWN -> Tone.UNKNOWN
    access.decision == Decision.DENY -> Tone.DENY
    status == Status.IN_GRACE_PERIOD -> Tone.GRACE
    else -> Tone.PERMIT
}
