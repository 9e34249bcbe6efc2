#if canImport(SwiftUI) && os(iOS)
import Octroi
import SampleModel
import SwiftUI

/// A sentence; a tap shows what it rests on.
struct CitedView: View {
    let sentence: Sentence
    let basis: String
    let texts: Texts
    @State private var isOpen = false
    @Environment(\.openURL) private var openURL

    var body: some View {
        Button {
            isOpen = true
        } label: {
            VStack(alignment: .leading, spacing: 2) {
                Text(sentence.text).foregroundColor(.primary)
                Text(basis).font(.footnote)
            }
            .multilineTextAlignment(.leading)
        }
        .alert(sentence.basis?.id ?? "", isPresented: $isOpen, presenting: sentence.basis) { citation in
            if let link = citation.link.flatMap(URL.init(string:)) {
                Button(texts.openDocument) { openURL(link) }
            }
            Button(texts.close, role: .cancel) {}
        } message: { citation in
            // Not to be taken for Markdown, nor for a key of a translation.
            Text(verbatim: "\(citation.text)\n\n\(citation.document) (\(citation.strength))")
        }
    }
}
#endif
