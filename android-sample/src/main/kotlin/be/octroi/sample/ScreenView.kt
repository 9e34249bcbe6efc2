package be.octroi.sample

import android.content.Intent
import android.view.View
import android.widget.ImageView
import android.widget.TextView
import be.octroi.Sentence
import be.octroi.Statement
import be.octroi.Topic

/** Shows screens. What did not change is left alone, so that whoever reads along by ear or by keyboard keeps their place. */
internal class ScreenView(private val root: View, reactions: Reactions) {
    /** What a tap leads to. */
    interface Reactions {
        fun open(sentence: Sentence, heading: String)

        fun follow(intent: Intent)

        fun answer(statement: Statement)

        fun takeBack(topic: Topic)

        fun ask(host: String)
    }

    private val context = root.context
    private val title: TextView = root.part(R.id.title)
    private val banner: View = root.part(R.id.banner)
    private val sections = listOf(
        SectionView(root.part(R.id.reasons), reactions) to Screen::reasons,
        SectionView(root.part(R.id.steps), reactions) to Screen::steps,
        SectionView(root.part(R.id.questions), reactions) to Screen::questions,
        SectionView(root.part(R.id.answers), reactions) to Screen::answers,
        SectionView(root.part(R.id.looked_at), reactions) to Screen::lookedAt,
    )
    private val about: TextView = root.part(R.id.about)
    private val send: View = root.part(R.id.send)
    private val result: TextView = root.part(R.id.result)
    private var shown: Screen? = null

    init {
        send.setOnClickListener { shown?.host?.let(reactions::ask) }
    }

    fun show(screen: Screen) {
        if (screen == shown) return
        title.text = screen.title
        if (screen.banner != shown?.banner) show(screen.banner)
        sections.forEach { (view, section) -> view.show(section(screen)) }
        about.text = screen.host?.let { context.getString(R.string.demonstration_about, it) }
            ?: context.getString(R.string.demonstration_no_host)
        send.isEnabled = screen.host != null
        // What came of a request under another verdict would mislead now.
        if (screen.banner != shown?.banner) result.visibility = View.GONE
        shown = screen
    }

    /** Says how the demonstration stands. */
    fun tell(tone: Tone, text: String) {
        val style = ToneStyle.of(tone)
        result.backgroundTintList = style.ground(context)
        result.setTextColor(style.ink(context))
        result.setCompoundDrawablesRelativeWithIntrinsicBounds(style.icon, 0, 0, 0)
        result.compoundDrawableTintList = style.sign(context)
        result.visibility = View.VISIBLE
        result.text = text
    }

    private fun show(content: Banner) {
        val style = ToneStyle.of(content.tone)
        banner.backgroundTintList = style.ground(context)
        banner.part<ImageView>(R.id.sign).run {
            backgroundTintList = style.sign(context)
            imageTintList = context.getColorStateList(R.color.on_sign)
            setImageResource(style.icon)
        }
        banner.part<TextView>(R.id.verdict).run {
            setTextColor(style.ink(context))
            text = content.verdict
        }
        banner.part<TextView>(R.id.details).run {
            setTextColor(style.ink(context))
            text = content.details.joinToString("\n")
            visibility = if (content.details.isEmpty()) View.GONE else View.VISIBLE
        }
    }
}
