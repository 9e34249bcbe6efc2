import Foundation
import Octroi

#if canImport(Combine)
import Combine
#endif

/// What the one screen shows, and what its buttons do: may this phone reach the internal network, why, and what to do.
@MainActor
public final class ScreenModel {
    /// What an app is delivered with. The administration's device management may set anything else in its place.
    public static var deployment: Deployment {
        var deployment = defaultDeployment()
        deployment.administration = "Commune d'Exempleville"
        deployment.contacts = Contacts(supervisor: "supervisor@exempleville.example", helpdesk: "helpdesk@exempleville.example")
        deployment.internalHosts = ["intranet.exempleville.example"]
        return deployment
    }

    #if canImport(Combine)
    @Published public private(set) var screen: Screen
    /// How the demonstration stands; nothing before the first request, and after a new verdict.
    @Published public private(set) var demonstration: Banner?
    #else
    public private(set) var screen: Screen
    public private(set) var demonstration: Banner?
    #endif

    public let texts: Texts
    private let language: Language
    private let address: (String) -> URL?
    private let screens: Screens
    private let openGate: @MainActor () throws -> Gate
    private var opened: Gate?
    /// The verdict that stopped the last request.
    private var stoppedUnder: String?

    /// - Parameters:
    ///   - address: what the app's own server is asked for on a host.
    ///   - openGate: opens the gate when it is first needed.
    public init(
        language: Language = .preferred,
        address: @escaping (String) -> URL? = { URL(string: "https://\($0)/") },
        openGate: @escaping @MainActor () throws -> Gate
    ) {
        self.language = language
        self.address = address
        self.openGate = openGate
        texts = Texts.of(language)
        screens = Screens(texts: texts)
        screen = screens.waiting()
    }

    /// Shows what comes of each check, for as long as the screen is there.
    public func follow() async {
        await withGate { gate in
            for await outcome in gate.outcomes { await self.show(outcome, of: gate) }
        }
    }

    public func answer(_ statement: Statement) async {
        await withGate { try await $0.declare(statement) }
    }

    public func takeBack(_ topic: Topic) async {
        await withGate { try await $0.withdraw(topic) }
    }

    /// Asks the internal host for something.
    public func demonstrate() async {
        guard let host = screen.host, let address = address(host) else { return }
        demonstration = Banner(tone: .waiting, verdict: texts.asking(host))
        stoppedUnder = nil
        let before = screen.banner
        await withGate { gate in
            switch await Demonstration(gate: gate).ask(address) {
            case .answered(let status): self.showPassed(Banner(tone: .permit, verdict: self.texts.passed(host, status)), under: before)
            case .unanswered: self.showPassed(Banner(tone: .unknown, verdict: self.texts.noAnswer(host)), under: before)
            case .stopped(let assessment):
                let verdict = try self.verdict(assessment, of: gate)
                self.stoppedUnder = verdict
                self.demonstration = Banner(tone: .deny, verdict: self.texts.stopped(verdict))
            }
        }
    }

    /// A request that passed under a verdict that is shown no more would mislead.
    private func showPassed(_ result: Banner, under banner: Banner) {
        if screen.banner == banner { demonstration = result }
    }

    private func verdict(_ assessment: Assessment?, of gate: Gate) throws -> String {
        try assessment.map { try gate.explain($0, in: language).verdict } ?? texts.failed
    }

    private func show(_ outcome: Outcome, of gate: Gate) async {
        switch outcome {
        case .failed(let error): show(screens.failed(error))
        case .decided(let assessment):
            do {
                show(
                    screens.decided(
                        assessment,
                        explanation: try gate.explain(assessment, in: language),
                        remedies: try gate.remedies(for: assessment, in: language),
                        answers: try await gate.answers(),
                        deployment: gate.deployment
                    ))
            } catch {
                show(screens.failed(error))
            }
        }
    }

    private func show(_ new: Screen) {
        // What came of a request under another verdict would mislead now; the request itself may have led to this one.
        if new.banner != screen.banner && new.banner.verdict != stoppedUnder { demonstration = nil }
        // What did not change is left alone, so that whoever reads along by ear keeps their place.
        if new != screen { screen = new }
    }

    /// What cannot be kept or decided is shown: here, or as the outcome of the check that it failed.
    private func withGate(_ use: (Gate) async throws -> Void) async {
        do {
            let gate = try opened ?? openGate()
            opened = gate
            try await use(gate)
        } catch {
            show(screens.failed(error))
        }
    }
}

#if canImport(Combine)
extension ScreenModel: ObservableObject {}
#endif
