//! An assessment in words.

use octroi_core::{
    BasisId, Citation, Explanation, Headings, Language, Missing, NonEmpty, PolicyExplanation,
    PolicyId, Question, Sentence,
};

/// A language in which every text stands.
#[uniffi::remote(Enum)]
pub enum Language {
    /// French.
    Fr,
    /// Dutch.
    Nl,
    /// German.
    De,
    /// English.
    En,
}

/// An assessment in words: the verdict first, then why, what to do, what was seen and what was not.
#[uniffi::remote(Record)]
pub struct Explanation {
    /// The verdict in one line.
    pub verdict: String,
    /// The network that the device belongs on, by the administration's own name if it gave one.
    pub network: String,
    /// What each policy says, in the order of the assessment.
    pub policies: Vec<PolicyExplanation>,
    /// What must be known for a certain verdict.
    pub questions: Vec<Question>,
    /// Whom to turn to.
    pub contacts: Vec<String>,
    /// When it was assessed, in the first policy's time zone.
    pub assessed_at: String,
    /// Until when it holds, in the first policy's time zone, if it will change by itself.
    pub valid_until: Option<String>,
    /// What was looked for, and what is not judged.
    pub notes: Vec<String>,
    /// The headings of the parts.
    pub headings: Headings,
}

/// What one policy says, in words.
#[uniffi::remote(Record)]
pub struct PolicyExplanation {
    /// Which policy.
    pub policy: PolicyId,
    /// Its title, introduced.
    pub title: String,
    /// What class of device it is.
    pub class: String,
    /// Why.
    pub why: Vec<Sentence>,
    /// What the holder must or can do; under a permit that asks for nothing, a sentence that says so.
    pub what_to_do: Vec<Sentence>,
    /// What was seen.
    pub seen: Vec<Sentence>,
    /// What could not be seen, why, and what would settle it.
    pub not_seen: Vec<Sentence>,
    /// What is advised.
    pub advice: Vec<Sentence>,
}

/// A sentence and what it rests on.
#[uniffi::remote(Record)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// The directive that it rests on.
    pub basis: Option<Citation>,
    /// Whether it rests on a reading of ours, where the text leaves something open.
    pub interpretation: bool,
}

/// A directive, for whoever wants to read it.
#[uniffi::remote(Record)]
pub struct Citation {
    /// How it is cited.
    pub id: BasisId,
    /// How strongly it speaks.
    pub strength: String,
    /// What it asks for, in our words.
    pub text: String,
    /// The document that it stands in, with its date.
    pub document: String,
    /// Where the document can be read, if that is known.
    pub link: Option<NonEmpty>,
}

/// A question whose answer a certain verdict needs.
#[uniffi::remote(Record)]
pub struct Question {
    /// The unknown fact.
    pub missing: Missing,
    /// The question.
    pub text: String,
}

/// The headings of an explanation, each over the part of its name.
#[uniffi::remote(Record)]
pub struct Headings {
    /// Over why.
    pub why: String,
    /// Over what to do.
    pub what_to_do: String,
    /// Over what was seen.
    pub seen: String,
    /// Over what could not be seen.
    pub not_seen: String,
    /// Over the open questions.
    pub questions: String,
    /// Over the advice.
    pub advice: String,
    /// Over the directives.
    pub legal_basis: String,
    /// What marks a reading of ours.
    pub interpretation: String,
}

/// The language of a locale or language tag (`nl_BE`, `de-AT`), if it is one of the four.
#[uniffi::export]
pub fn language_from_tag(tag: String) -> Option<Language> {
    Language::from_tag(&tag)
}
