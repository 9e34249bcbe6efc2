#if canImport(SwiftUI) && os(iOS)
import SampleModel
import SwiftUI

/// A card.
struct SectionView: View {
    let section: SampleModel.Section
    let model: ScreenModel

    var body: some View {
        VStack(alignment: .leading, spacing: 12) {
            Text(section.heading).font(.title3.bold()).accessibilityAddTraits(.isHeader)
            ForEach(Array(section.parts.enumerated()), id: \.offset) { _, part in
                PartView(part: part, model: model)
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding()
        .background(Color(.secondarySystemGroupedBackground))
        .cornerRadius(16)
    }
}
#endif
