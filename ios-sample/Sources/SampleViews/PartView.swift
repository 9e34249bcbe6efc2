#if canImport(SwiftUI) && os(iOS)
import Octroi
import SampleModel
import SwiftUI

/// A line of a card.
struct PartView: View {
    let part: Part
    let model: ScreenModel

    var body: some View {
        switch part {
        case .caption(let text): Text(text).font(.footnote).foregroundColor(.secondary)
        case .subheading(let text): Text(text).font(.headline).accessibilityAddTraits(.isHeader)
        case .plain(let text): Text(text)
        case .cited(let sentence, let basis): CitedView(sentence: sentence, basis: basis, texts: model.texts)
        case .step(let label, let url): StepView(label: label, url: url, texts: model.texts)
        case .question(let text, let choices): question(text, choices)
        case .answer(let text, let topic): answer(text, topic)
        }
    }

    private func question(_ text: String, _ choices: [Choice]) -> some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(text)
            ForEach(choices, id: \.label) { choice in
                Button(choice.label) { Task { await model.answer(choice.statement) } }
                    .buttonStyle(.bordered)
                    // Who goes from button to button does not hear the question before it.
                    .accessibilityLabel("\(choice.label). \(text)")
            }
        }
    }

    private func answer(_ text: String, _ topic: Topic) -> some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(text)
            Button(model.texts.takeBack) { Task { await model.takeBack(topic) } }
                .buttonStyle(.bordered)
                .accessibilityLabel("\(model.texts.takeBack). \(text)")
        }
    }
}
#endif
