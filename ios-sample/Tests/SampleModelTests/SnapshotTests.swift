import Foundation
import Octroi
@testable import SampleModel
import Testing

/// The texts and controls of the screen in each state, as people meet them from top to bottom: nobody here sees SwiftUI's.
///
/// With `OCTROI_SNAPSHOTS` naming a folder they are written there instead of compared.
@MainActor
@Suite struct SnapshotTests {
    @Test(arguments: Situation.allCases)
    func theScreenReadsAsItDid(_ situation: Situation) async throws {
        var text = ""
        for language: Language in [.fr, .nl, .de, .en] {
            let phone = situation.phone
            let model = phone.model(language)
            try await following(model) { model.screen.banner.tone != .waiting }
            #expect(model.screen.banner.tone == situation.tone)
            text += "══ \(language) ══\n\(rendered(model.screen))\n"
        }
        let name = "\(situation).txt"
        if let folder = ProcessInfo.processInfo.environment["OCTROI_SNAPSHOTS"] {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        } else {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots/\(name)")
            #expect(try text == String(contentsOf: file, encoding: .utf8))
        }
    }

    @Test func noTextIsForgottenInALanguage() {
        let said = [Language.fr, .nl, .de, .en].map { language in
            Mirror(reflecting: Texts.of(language)).children.compactMap { $0.value as? String }
        }
        for texts in said {
            #expect(texts.count == said[3].count)
            #expect(!texts.contains { $0.isEmpty })
        }
        for other in said.dropLast() {
            #expect(zip(other, said[3]).allSatisfy { $0 != $1 })
        }
    }

    private func rendered(_ screen: Screen) -> String {
        let details = screen.banner.details.map { "    \($0)\n" }.joined()
        let sections = screen.sections.map { section in
            "# \(section.heading)\n" + section.parts.map { rendered($0) + "\n" }.joined()
        }
        return "\(screen.title)\n[\(screen.banner.tone)] \(screen.banner.verdict)\n\(details)\n" + sections.joined(separator: "\n")
    }

    private func rendered(_ part: Part) -> String {
        switch part {
        case .caption(let text): "  (\(text))"
        case .subheading(let text): "## \(text)"
        case .plain(let text): text
        case .cited(let sentence, let basis): "\(sentence.text) {\(basis)}"
        case .step(let label, let url): "[ \(label) ] → \(url.absoluteString.prefix { $0 != "?" })"
        case .question(let text, let choices): "\(text)\n  " + choices.map { "[ \($0.label) ]" }.joined(separator: " ")
        case .answer(let text, _): "\(text) [ × ]"
        }
    }
}

/// What there is to show.
enum Situation: CaseIterable, Sendable {
    case permitted, inGracePeriod, denied, unknown, wronglyConfigured

    var tone: Tone {
        switch self {
        case .permitted: .permit
        case .inGracePeriod: .grace
        case .denied: .deny
        case .unknown: .unknown
        case .wronglyConfigured: .failed
        }
    }

    @MainActor
    var phone: SamplePhone {
        switch self {
        case .permitted:
            return SamplePhone(configuration: ["octroi.device.ownership": "organization"])
        case .inGracePeriod:
            let atFirst = Date(timeIntervalSince1970: 1_679_994_000)
            let phone = SamplePhone(now: atFirst, configuration: ["octroi.device.ownership": "organization"])
            phone.applications.answering = ["snssdk1233"]
            return phone
        case .denied:
            let phone = SamplePhone()
            phone.applications.answering = ["snssdk1233"]
            return phone
        case .unknown:
            let phone = SamplePhone()
            phone.applications.refusing = true
            return phone
        case .wronglyConfigured:
            return SamplePhone(configuration: ["octroi.device.ownership": "mine"])
        }
    }
}
