package be.octroi.android

import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import android.util.Patterns
import be.octroi.AppId
import be.octroi.Assessment
import be.octroi.Deployment
import be.octroi.Explanation
import be.octroi.ObligationState
import be.octroi.ObligationKind
import be.octroi.Presence
import be.octroi.Sentence
import be.octroi.Status

/** Makes the intents that lead to what an assessment asks for. */
internal class Remedies(
    private val context: Context,
    private val deployment: Deployment,
    private val explanation: Explanation,
) {
    /** For each obligation that is not done, and each app that closes access, what leads to it. */
    fun of(assessment: Assessment, packagesOf: (AppId) -> List<String>): List<Remedy> {
        val open = assessment.assessments.flatMap { it.obligations }.filter { it.state != ObligationState.DONE }
        val asked = open.filter { it.kind == ObligationKind.REMOVE_APP }.map { it.app }
        // Nobody is obliged to remove an app from a device of their own; access opens without it all the same.
        val closing = assessment.assessments.filter { it.status == Status.NONCOMPLIANT }.flatMap { it.findings }
            .filter { it.presence == Presence.PRESENT }.map { it.app }
        val packages = (asked + closing).distinct().flatMap { app -> packagesOf(app).map { app to it } }
        val removals = packages.flatMap { (app, name) ->
            listOf(Remedy.Uninstall(app, uninstall(name)), Remedy.OpenSettings(app, settings(name)))
        }
        val mail = Remedy.InformSupervisor(mail()).takeIf { open.isNotEmpty() }
        return removals + listOfNotNull(mail)
    }

    private fun uninstall(packageName: String) = Intent(Intent.ACTION_DELETE, page(packageName))

    private fun settings(packageName: String) = Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, page(packageName))

    private fun page(packageName: String) = Uri.fromParts("package", packageName, null)

    /** Without an address where the administration gave a title instead of one: the person knows whom it means. */
    private fun mail(): Intent {
        val supervisor = deployment.contacts?.supervisor.orEmpty()
        val address = Patterns.EMAIL_ADDRESS.matcher(supervisor).run { if (find()) group() else "" }
        val content = "subject=" + Uri.encode(explanation.verdict) + "&body=" + Uri.encode(body())
        return Intent(Intent.ACTION_SENDTO, Uri.parse("mailto:" + Uri.encode(address, "@") + "?" + content))
    }

    private fun body(): String = buildList {
        add(explanation.verdict)
        for (policy in explanation.policies) {
            add(policy.title)
            addAll(part(explanation.headings.why, policy.why))
            addAll(part(explanation.headings.whatToDo, policy.whatToDo))
        }
        add(explanation.assessedAt)
    }.joinToString("\n\n")

    private fun part(heading: String, sentences: List<Sentence>): List<String> =
        if (sentences.isEmpty()) emptyList() else listOf((listOf(heading) + sentences.map { "- ${it.text}" }).joinToString("\n"))
}
