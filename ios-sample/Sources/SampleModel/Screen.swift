import Foundation
import Octroi

/// What the screen shows, in the order in which it is read.
public struct Screen: Sendable, Equatable {
    public var title: String
    public var banner: Banner
    public var reasons = Section()
    public var steps = Section()
    public var questions = Section()
    public var answers = Section()
    public var lookedAt = Section()
    /// Where the demonstration goes.
    public var host: String?

    /// The cards that have something to say.
    public var sections: [Section] {
        [reasons, steps, questions, answers, lookedAt].filter { !$0.parts.isEmpty }
    }
}

/// The verdict, by colour, sign and words.
public struct Banner: Sendable, Equatable {
    public var tone: Tone
    public var verdict: String
    public var details: [String] = []

    public init(tone: Tone, verdict: String, details: [String] = []) {
        self.tone = tone
        self.verdict = verdict
        self.details = details
    }

    /// As it is read out when it comes.
    public var spoken: String {
        // A verdict ends without a full stop, and whoever reads aloud pauses at one.
        ([verdict] + details).joined(separator: ". ")
    }
}

/// What colour and sign say.
public enum Tone: Sendable, Equatable, CaseIterable {
    case waiting, permit, grace, deny, unknown, failed
}

/// A card with a heading. Without parts it is not shown.
public struct Section: Sendable, Equatable {
    public var heading = ""
    public var parts: [Part] = []
}

/// A line of a card.
public enum Part: Sendable, Equatable {
    /// Says what the following stands under.
    case caption(String)
    case subheading(String)
    /// A sentence that rests on nothing but itself.
    case plain(String)
    /// A sentence with its legal basis to tap: how it is cited, and whether that is a reading of octroi's.
    case cited(Sentence, basis: String)
    /// A button that leads to what is to be done.
    case step(label: String, url: URL)
    case question(String, choices: [Choice])
    /// What was answered, to take back.
    case answer(String, Topic)
}

/// A possible answer.
public struct Choice: Sendable, Equatable {
    public var label: String
    public var statement: Statement
}
