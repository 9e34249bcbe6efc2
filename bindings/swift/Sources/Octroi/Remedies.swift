import Foundation

/// Finds what leads to what an assessment asks for.
struct Remedies {
    let deployment: Deployment
    let explanation: Explanation
    let language: Language

    /// For each obligation that is not done, and each app that closes access, what leads to it.
    func remedies(for assessment: Assessment) -> [Remedy] {
        let open = assessment.assessments.flatMap(\.obligations).filter { $0.state != .done }
        let asked = open.filter { $0.kind == .removeApp }.map(\.app)
        // Nobody is obliged to remove an app from a device of their own; access opens without it all the same.
        let closing = assessment.assessments.filter { $0.status == .noncompliant }.flatMap(\.findings)
            .filter { $0.presence == .present }.map(\.app)
        var apps: [AppId] = []
        for app in asked + closing where !apps.contains(app) { apps.append(app) }
        let removals = apps.map { Remedy.removeByHand(app: $0, instructions: Self.instructions(in: language)) }
        let settings = apps.isEmpty ? nil : URL(string: "app-settings:").map(Remedy.openSettings)
        let mail = open.isEmpty ? nil : mail().map(Remedy.informSupervisor)
        return removals + [settings, mail].compactMap { $0 }
    }

    /// Without an address where the administration gave a title instead of one: the person knows whom it means.
    private func mail() -> URL? {
        let supervisor = deployment.contacts?.supervisor ?? ""
        let address = supervisor.range(of: Self.address, options: .regularExpression).map { String(supervisor[$0]) } ?? ""
        let subject = Self.encoded(explanation.verdict)
        return URL(string: "mailto:\(Self.encoded(address, keeping: "@"))?subject=\(subject)&body=\(Self.encoded(body()))")
    }

    private func body() -> String {
        let policies = explanation.policies.flatMap { policy in
            [policy.title, part(explanation.headings.why, policy.why), part(explanation.headings.whatToDo, policy.whatToDo)]
        }
        let parts = [explanation.verdict] + policies.compactMap { $0 } + [explanation.assessedAt]
        // RFC 6068 wants the line ends of mail.
        return parts.joined(separator: "\n\n").replacingOccurrences(of: "\n", with: "\r\n")
    }

    private func part(_ heading: String, _ sentences: [Sentence]) -> String? {
        sentences.isEmpty ? nil : ([heading] + sentences.map { "- " + $0.text }).joined(separator: "\n")
    }

    private static let address = "[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+"

    private static func encoded(_ text: String, keeping kept: String = "") -> String {
        var allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        allowed.insert(charactersIn: kept)
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// In the words that iOS has on the way.
    private static func instructions(in language: Language) -> String {
        switch language {
        case .fr:
            """
            Touchez l’icône de l’app et maintenez le doigt dessus, puis choisissez « Supprimer l’app ». Ou bien : Réglages, Général, Stockage iPhone. \
            Votre administration ne peut pas le faire à votre place.
            """
        case .nl:
            """
            Houd het symbool van de app ingedrukt en kies ‘Verwijder app’. Of: Instellingen, Algemeen, iPhone-opslag. \
            Uw bestuur kan dit niet in uw plaats doen.
            """
        case .de:
            """
            Halten Sie das Symbol der App gedrückt und wählen Sie „App entfernen“, dann „App löschen“. Oder: Einstellungen, Allgemein, iPhone-Speicher. \
            Ihre Verwaltung kann das nicht für Sie tun.
            """
        case .en:
            """
            Touch and hold the icon of the app, then choose “Remove App” and “Delete App”. Or: Settings, General, iPhone Storage. \
            Your administration cannot do this for you.
            """
        }
    }
}
