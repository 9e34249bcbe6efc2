#if canImport(SwiftUI) && os(iOS)
import SampleModel
import SwiftUI

/// A button that leads out of the app.
struct StepView: View {
    let label: String
    let url: URL
    let texts: Texts
    @State private var nothingAnswered = false
    @Environment(\.openURL) private var openURL

    var body: some View {
        Button(label) { openURL(url) { nothingAnswered = !$0 } }
            .buttonStyle(.borderedProminent)
            .alert(texts.nothingAnswers, isPresented: $nothingAnswered) {
                Button(texts.close, role: .cancel) {}
            }
    }
}
#endif
