import Foundation
import Octroi

/// From what the gate says to what the screen shows.
struct Screens {
    let texts: Texts

    func waiting() -> Screen {
        Screen(title: Texts.appName, banner: Banner(tone: .waiting, verdict: texts.checking))
    }

    /// Nothing could be decided, and nothing is permitted. What the error itself says is for developers, and in English.
    func failed(_ error: any Error) -> Screen {
        Screen(title: Texts.appName, banner: Banner(tone: .failed, verdict: texts.failed, details: [whatHelps(error)]))
    }

    private func whatHelps(_ error: any Error) -> String {
        switch error {
        case OctroiError.Configuration(let key, _, _): texts.failedConfiguration(key)
        case OctroiError.PolicyNotAvailable: texts.failedConfiguration("octroi.policies")
        case OctroiError.NotifiedUnknown: texts.failedConfiguration("octroi.notified_on")
        case OctroiError.StateNewer: texts.failedNewer
        default: texts.failedOtherwise
        }
    }

    func decided(
        _ assessment: Assessment,
        explanation: Explanation,
        remedies: [Remedy],
        answers: Answers,
        deployment: Deployment
    ) -> Screen {
        let headings = explanation.headings
        let questions = Questions(texts: texts)
        return Screen(
            title: deployment.administration ?? Texts.appName,
            banner: Banner(
                tone: assessment.tone,
                verdict: explanation.verdict,
                details: [explanation.network, explanation.validUntil].compactMap { $0 }
            ),
            reasons: Section(heading: headings.why, parts: explanation.policies.flatMap { reasons($0, headings) }),
            steps: Section(heading: headings.whatToDo, parts: steps(explanation, remedies)),
            questions: Section(heading: headings.questions, parts: explanation.questions.map(questions.ask)),
            answers: Section(heading: texts.answers, parts: questions.answered(answers)),
            lookedAt: Section(heading: texts.lookedAt, parts: lookedAt(explanation)),
            host: deployment.internalHosts.first?.replacingOccurrences(of: "*", with: "www")
        )
    }

    private func reasons(_ policy: PolicyExplanation, _ headings: Headings) -> [Part] {
        [.caption(policy.title), .plain(policy.class)] + policy.why.map { said($0, headings) }
    }

    /// What is asked first, then what leads to it, then who helps and what is advised.
    private func steps(_ explanation: Explanation, _ remedies: [Remedy]) -> [Part] {
        let headings = explanation.headings
        let asked = explanation.policies.flatMap { policy in policy.whatToDo.map { said($0, headings) } }
        let advice = explanation.policies.flatMap(\.advice).map { said($0, headings) }
        return asked + remedies.map(step) + explanation.contacts.map(Part.plain) + under(headings.advice, advice)
    }

    private func lookedAt(_ explanation: Explanation) -> [Part] {
        let headings = explanation.headings
        let seen = explanation.policies.flatMap(\.seen).map { said($0, headings) }
        let notSeen = explanation.policies.flatMap(\.notSeen).map { said($0, headings) }
        let notes = (explanation.notes + [texts.staysHere]).map(Part.plain)
        return under(headings.seen, seen) + under(headings.notSeen, notSeen) + notes + [.caption(explanation.assessedAt)]
    }

    private func said(_ sentence: Sentence, _ headings: Headings) -> Part {
        guard let basis = sentence.basis else { return .plain(sentence.text) }
        let reading = sentence.interpretation ? [headings.interpretation] : []
        return .cited(sentence, basis: ([basis.id] + reading).joined(separator: " · "))
    }

    /// Several policies may say the same.
    private func under(_ heading: String, _ parts: [Part]) -> [Part] {
        var said: [Part] = []
        for part in parts where !said.contains(part) { said.append(part) }
        return said.isEmpty ? [] : [.subheading(heading)] + said
    }

    private func step(_ remedy: Remedy) -> Part {
        switch remedy {
        case .removeByHand(_, let instructions): .plain(instructions)
        case .openSettings(let url): .step(label: texts.openSettings, url: url)
        case .informSupervisor(let url): .step(label: texts.writeSupervisor, url: url)
        }
    }
}

extension Assessment {
    /// An open question shows as one, also where the administration lets it pass.
    fileprivate var tone: Tone {
        if status == .unknown { return .unknown }
        if access.decision == .deny { return .deny }
        return status == .inGracePeriod ? .grace : .permit
    }
}
