package be.octroi.sample

import android.content.res.Resources
import be.octroi.Answers
import be.octroi.Declared
import be.octroi.Fact
import be.octroi.Missing
import be.octroi.Ownership
import be.octroi.Question
import be.octroi.Share
import be.octroi.Statement
import be.octroi.Topic

/** The gate's questions with the answers that there are to each, and what was answered. */
internal class Questions(private val resources: Resources) {
    fun ask(question: Question): Part.Question = Part.Question(question.text, choices(question.missing))

    fun answered(answers: Answers): List<Part.Answer> = buildList {
        answers.ownership?.let { add(answer(Fact.OWNERSHIP, ownership[it])) }
        answers.purchase?.let { add(answer(Fact.PURCHASE, shares[it])) }
        answers.subscription?.let { add(answer(Fact.SUBSCRIPTION, shares[it])) }
        answers.usage?.let { add(answer(Fact.USAGE, shares[it])) }
        answers.apps.toSortedMap().mapTo(this) { (app, declaration) ->
            answer(resources.getString(R.string.fact_app, app), presence[declaration.value], Topic.App(app))
        }
    }

    private fun choices(missing: Missing): List<Choice> = when (missing) {
        is Missing.App -> presence.choices { Statement.App(missing.v1, it) }
        is Missing.Fact -> when (missing.v1) {
            Fact.OWNERSHIP -> ownership.choices(Statement::Ownership)
            Fact.PURCHASE -> shares.choices(Statement::Purchase)
            Fact.SUBSCRIPTION -> shares.choices(Statement::Subscription)
            Fact.USAGE -> shares.choices(Statement::Usage)
        }
    }

    private fun <T> Map<T, Int>.choices(statement: (T) -> Statement): List<Choice> =
        map { (value, label) -> Choice(resources.getString(label), statement(value)) }

    private fun answer(fact: Fact, label: Int?): Part.Answer = answer(resources.getString(names.getValue(fact)), label, Topic.Fact(fact))

    private fun answer(about: String, label: Int?, topic: Topic): Part.Answer {
        val said = resources.getString(label ?: R.string.not_known)
        return Part.Answer(resources.getString(R.string.about, about, said), topic)
    }

    private companion object {
        val names = mapOf(
            Fact.OWNERSHIP to R.string.fact_ownership,
            Fact.PURCHASE to R.string.fact_purchase,
            Fact.SUBSCRIPTION to R.string.fact_subscription,
            Fact.USAGE to R.string.fact_usage,
        )
        val ownership = mapOf(
            Ownership.ORGANIZATION to R.string.choice_organization,
            Ownership.PERSONAL to R.string.choice_somebody_else,
        )
        val shares = mapOf(
            Share.FULL to R.string.choice_full,
            Share.PARTIAL to R.string.choice_partial,
            Share.NONE to R.string.choice_none,
        )
        val presence = mapOf(
            Declared.PRESENT to R.string.choice_present,
            Declared.ABSENT to R.string.choice_absent,
        )
    }
}
