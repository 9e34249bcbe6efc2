package be.octroi.sample

import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeInfo.AccessibilityAction
import android.widget.Button
import android.widget.TextView

/** Shows a section, and nothing where there is none. */
internal class SectionView(private val card: View, private val reactions: ScreenView.Reactions) {
    private val inflater = LayoutInflater.from(card.context)
    private val parts: ViewGroup = card.part(R.id.parts)
    private var shown = Section()

    fun show(section: Section) {
        if (section == shown) return
        shown = section
        card.visibility = if (section.parts.isEmpty()) View.GONE else View.VISIBLE
        card.part<TextView>(R.id.heading).text = section.heading
        parts.removeAllViews()
        section.parts.forEach { parts.addView(view(it)) }
    }

    private fun view(part: Part): View = when (part) {
        is Part.Caption -> text(R.layout.part_caption, part.text)
        is Part.Subheading -> text(R.layout.part_subheading, part.text)
        is Part.Plain -> text(R.layout.part_plain, part.text)
        is Part.Cited -> cited(part)
        is Part.Step -> step(part)
        is Part.Question -> question(part)
        is Part.Answer -> answer(part)
    }

    private fun text(layout: Int, text: String): View = inflate<TextView>(layout).also { it.text = text }

    private fun cited(part: Part.Cited): View = inflate<View>(R.layout.part_cited).apply {
        part<TextView>(R.id.sentence).text = part.sentence.text
        part<TextView>(R.id.basis).text = part.basis
        contentDescription = "${part.sentence.text} ${part.action}: ${part.basis}"
        setOnClickListener { reactions.open(part.sentence, part.action) }
        nameClick(part.action)
    }

    private fun step(part: Part.Step): View {
        val isFirst = shown.parts.first { it is Part.Step } == part
        val button = inflate<Button>(if (isFirst) R.layout.part_first_step else R.layout.part_step)
        button.text = part.label
        button.setOnClickListener { reactions.follow(part.intent) }
        return button
    }

    private fun question(part: Part.Question): View = inflate<View>(R.layout.part_question).apply {
        part<TextView>(R.id.question).text = part.text
        val choices = part<ViewGroup>(R.id.choices)
        for (choice in part.choices) {
            val button = inflater.inflate(R.layout.choice, choices, false) as Button
            button.text = choice.label
            // Who goes from button to button does not hear the question before it.
            button.contentDescription = "${choice.label}. ${part.text}"
            button.setOnClickListener { reactions.answer(choice.statement) }
            choices.addView(button)
        }
    }

    private fun answer(part: Part.Answer): View = inflate<View>(R.layout.part_answer).apply {
        part<TextView>(R.id.answer).text = part.text
        part<Button>(R.id.take_back).run {
            contentDescription = "$text. ${part.text}"
            setOnClickListener { reactions.takeBack(part.topic) }
        }
    }

    private fun <T : View> inflate(layout: Int): T {
        @Suppress("UNCHECKED_CAST") // Each layout is used in one place, as what it is.
        return inflater.inflate(layout, parts, false) as T
    }
}

/** Has TalkBack say what a tap leads to, in place of "activate". */
private fun View.nameClick(name: String) {
    accessibilityDelegate = object : View.AccessibilityDelegate() {
        override fun onInitializeAccessibilityNodeInfo(host: View, info: AccessibilityNodeInfo) {
            super.onInitializeAccessibilityNodeInfo(host, info)
            info.addAction(AccessibilityAction(AccessibilityNodeInfo.ACTION_CLICK, name))
        }
    }
}
