#if canImport(SwiftUI) && os(iOS)
import SampleModel
import SwiftUI
import UIKit

/// A verdict: colour and sign for those who see them, words for all. A new one is read out: whoever tapped an answer is further down.
struct BannerView: View {
    let banner: Banner

    var body: some View {
        HStack(alignment: .top, spacing: 12) {
            Image(systemName: banner.tone.sign).font(.title).foregroundColor(banner.tone.color).accessibilityHidden(true)
            VStack(alignment: .leading, spacing: 4) {
                Text(banner.verdict).font(.headline)
                ForEach(banner.details, id: \.self) { Text($0).font(.subheadline) }
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding()
        .background(banner.tone.color.opacity(0.15))
        .cornerRadius(16)
        .accessibilityElement(children: .combine)
        .onChange(of: banner) { new in
            UIAccessibility.post(notification: .announcement, argument: new.spoken)
        }
    }
}

extension Tone {
    var sign: String {
        switch self {
        case .waiting: "hourglass"
        case .permit: "checkmark.circle.fill"
        case .grace: "clock.fill"
        case .deny: "xmark.octagon.fill"
        case .unknown: "questionmark.circle.fill"
        case .failed: "exclamationmark.triangle.fill"
        }
    }

    /// The system's, which know light, dark and increased contrast.
    var color: Color {
        switch self {
        case .waiting: .secondary
        case .permit: .green
        case .grace: .orange
        case .deny, .failed: .red
        case .unknown: .blue
        }
    }
}
#endif
