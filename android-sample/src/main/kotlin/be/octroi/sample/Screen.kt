package be.octroi.sample

import android.content.Intent
import be.octroi.Sentence
import be.octroi.Statement
import be.octroi.Topic

/** What the screen shows, in the order in which it is read. Equal screens look alike. */
internal data class Screen(
    val title: String,
    val banner: Banner,
    val reasons: Section = Section(),
    val steps: Section = Section(),
    val questions: Section = Section(),
    val answers: Section = Section(),
    val lookedAt: Section = Section(),
    /** Where the demonstration goes. */
    val host: String? = null,
)

/** The verdict, by colour, sign and words. */
internal data class Banner(val tone: Tone, val verdict: String, val details: List<String> = emptyList())

/** What colour and sign say. */
internal enum class Tone { WAITING, PERMIT, GRACE, DENY, UNKNOWN, FAILED }

/** A card with a heading. Without parts it is not shown. */
internal data class Section(val heading: String = "", val parts: List<Part> = emptyList())

/** A line of a card. */
internal sealed interface Part {
    /** Says what the following stands under. */
    data class Caption(val text: String) : Part

    data class Subheading(val text: String) : Part

    /** A sentence that rests on nothing but itself. */
    data class Plain(val text: String) : Part

    /**
     * A sentence with its legal basis to tap.
     *
     * @property basis how it is cited, and whether that is a reading of octroi's.
     * @property action what a tap does, for those who do not see it.
     */
    data class Cited(val sentence: Sentence, val basis: String, val action: String) : Part

    /** A button that leads to what is to be done. */
    class Step(val label: String, val intent: Intent) : Part {
        override fun equals(other: Any?): Boolean = other is Step && label == other.label && intent.filterEquals(other.intent)

        override fun hashCode(): Int = label.hashCode()
    }

    data class Question(val text: String, val choices: List<Choice>) : Part

    /** What was answered, to take back. */
    data class Answer(val text: String, val topic: Topic) : Part
}

/** A possible answer. */
internal data class Choice(val label: String, val statement: Statement)
