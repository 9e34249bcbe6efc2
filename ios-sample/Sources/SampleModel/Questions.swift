import Octroi

/// The gate's questions with the answers that there are to each, and what was answered.
struct Questions {
    let texts: Texts

    func ask(_ question: Question) -> Part {
        .question(question.text, choices: choices(for: question.missing))
    }

    func answered(_ answers: Answers) -> [Part] {
        let facts: [Part?] = [
            answers.ownership.map { answer(.ownership, label($0, ownership)) },
            answers.purchase.map { answer(.purchase, label($0, shares)) },
            answers.subscription.map { answer(.subscription, label($0, shares)) },
            answers.usage.map { answer(.usage, label($0, shares)) },
        ]
        let apps = answers.apps.sorted { $0.key < $1.key }.map { app, declaration in
            answer(texts.factApp(app), label(declaration.value, presence), .app(app))
        }
        return facts.compactMap { $0 } + apps
    }

    private func choices(for missing: Missing) -> [Choice] {
        switch missing {
        case .app(let app): presence.map { Choice(label: $1, statement: .app(app: app, value: $0)) }
        case .fact(.ownership): ownership.map { Choice(label: $1, statement: .ownership($0)) }
        case .fact(.purchase): shares.map { Choice(label: $1, statement: .purchase($0)) }
        case .fact(.subscription): shares.map { Choice(label: $1, statement: .subscription($0)) }
        case .fact(.usage): shares.map { Choice(label: $1, statement: .usage($0)) }
        }
    }

    private var ownership: [(Ownership, String)] { [(.organization, texts.choiceOrganization), (.personal, texts.choiceSomebodyElse)] }
    private var shares: [(Share, String)] { [(.full, texts.choiceFull), (.partial, texts.choicePartial), (.none, texts.choiceNone)] }
    private var presence: [(Declared, String)] { [(.present, texts.choicePresent), (.absent, texts.choiceAbsent)] }

    private func label<Value: Equatable>(_ value: Value, _ labels: [(Value, String)]) -> String {
        labels.first { $0.0 == value }?.1 ?? texts.notKnown
    }

    private func answer(_ fact: Fact, _ label: String) -> Part {
        let about =
            switch fact {
            case .ownership: texts.factOwnership
            case .purchase: texts.factPurchase
            case .subscription: texts.factSubscription
            case .usage: texts.factUsage
            }
        return answer(about, label, .fact(fact))
    }

    private func answer(_ about: String, _ label: String, _ topic: Topic) -> Part {
        .answer(texts.about(about, label), topic)
    }
}
