#if canImport(SwiftUI) && os(iOS)
import SampleModel
import SwiftUI

/// Sends a request to an internal host, to see the gate at work.
struct DemonstrationView: View {
    @ObservedObject var model: ScreenModel

    var body: some View {
        VStack(alignment: .leading, spacing: 12) {
            Text(model.texts.demonstration).font(.title3.bold()).accessibilityAddTraits(.isHeader)
            Text(model.screen.host.map(model.texts.demonstrationAbout) ?? model.texts.demonstrationNoHost)
            Button(model.texts.sendRequest) { Task { await model.demonstrate() } }
                .buttonStyle(.bordered)
                .disabled(model.screen.host == nil)
            if let result = model.demonstration { BannerView(banner: result) }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding()
        .background(Color(.secondarySystemGroupedBackground))
        .cornerRadius(16)
    }
}
#endif
