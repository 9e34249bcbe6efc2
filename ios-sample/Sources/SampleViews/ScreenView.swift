#if canImport(SwiftUI) && os(iOS)
import Octroi
import SampleModel
import SwiftUI

/// The one screen: the verdict, then why, what to do, what is asked, and what was looked at.
public struct ScreenView: View {
    @StateObject private var model: ScreenModel

    public init(model: @autoclosure @escaping () -> ScreenModel) {
        _model = StateObject(wrappedValue: model())
    }

    /// The screen of this app, with the gate of this phone.
    @MainActor
    public static var ofThisApp: ScreenView {
        ScreenView(model: ScreenModel { try Gate.open(deployment: ScreenModel.deployment) })
    }

    public var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: 16) {
                Text(model.screen.title).font(.title2.bold()).accessibilityAddTraits(.isHeader)
                BannerView(banner: model.screen.banner)
                ForEach(Array(model.screen.sections.enumerated()), id: \.offset) { _, section in
                    SectionView(section: section, model: model)
                }
                DemonstrationView(model: model)
            }
            .padding()
            .frame(maxWidth: 640)
            .frame(maxWidth: .infinity)
        }
        .background(Color(.systemGroupedBackground))
        .task { await model.follow() }
    }
}
#endif
