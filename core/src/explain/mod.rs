//! From an assessment to what a person reads, in four languages.

mod codes;
mod dates;
mod sentences;
mod texts;

use crate::{
    Policies,
    assessment::{Assessment, Decision, Missing, NetworkZone, ObligationState, Status},
    calendar::MonthDay,
    code::Code,
    deployment::Deployment,
    names::{AppId, BasisId, Language, PolicyId, Text},
    policy::{Policy, Strength},
    read::NonEmpty,
    time::{Day, Instant, Zone},
};
use sentences::Speaker;
use texts::Texts;

/// An assessment in words: the verdict first, then why, what to do, what was seen and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// When it was assessed.
    pub assessed_at: String,
    /// Until when it holds, if it will change by itself.
    pub valid_until: Option<String>,
    /// What was looked for, and what is not judged.
    pub notes: Vec<String>,
    /// The headings of the parts.
    pub headings: Headings,
}

/// What one policy says, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// The directive that it rests on.
    pub basis: Option<Citation>,
    /// Whether it rests on a reading of ours, where the text leaves something open.
    pub interpretation: bool,
}

/// A directive, for whoever wants to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The unknown fact.
    pub missing: Missing,
    /// The question.
    pub text: String,
}

/// The headings of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as the part that it heads")]
pub struct Headings {
    pub why: String,
    pub what_to_do: String,
    pub seen: String,
    pub not_seen: String,
    pub questions: String,
    pub advice: String,
    pub legal_basis: String,
    pub interpretation: String,
}

/// Says an assessment in words.
///
/// The policies and the deployment are those of the assessment; what a policy that is not among them said is left out.
pub fn explain(
    assessment: &Assessment,
    policies: &Policies,
    deployment: &Deployment,
    language: Language,
) -> Explanation {
    let texts = texts(language);
    let said = assessment.assessments.iter();
    let speakers: Vec<Speaker<'_>> = said
        .filter_map(|said| {
            let policy = policies
                .iter()
                .find(|policy| *policy.id() == said.policy.id)?;
            let at = assessment.assessed_at;
            Some(Speaker {
                said,
                policy,
                deployment,
                texts,
                language,
                today: policy.document().time_zone.day(at),
            })
        })
        .collect();
    let label = &texts.label;
    let instant = |template: &str, zone: &Zone, at| {
        fill(template, &[("instant", &dates::instant(texts, zone, at))])
    };
    // The days of the first policy: an administration's policies are its own country's.
    let zone = policies
        .iter()
        .map(|policy| &policy.document().time_zone)
        .next();
    let at = |template, at| {
        zone.map(|zone| instant(template, zone, at))
            .unwrap_or_default()
    };
    let name = |app: &AppId| app_name(policies, app);
    Explanation {
        verdict: verdict(assessment, texts),
        network: network(assessment, deployment, texts),
        policies: speakers.iter().map(Speaker::explain).collect(),
        questions: assessment
            .access
            .missing
            .iter()
            .map(|missing| question(missing, texts, &name))
            .collect(),
        contacts: contacts(deployment, texts),
        assessed_at: at(label.assessed_at, assessment.assessed_at),
        valid_until: assessment
            .valid_until
            .map(|until| at(label.valid_until, until)),
        notes: vec![
            label.only_installation.to_owned(),
            fill(
                label.looked_for,
                &[(
                    "apps",
                    &join(policies.apps().iter().map(name).collect(), texts),
                )],
            ),
        ],
        headings: Headings {
            why: label.why.to_owned(),
            what_to_do: label.what_to_do.to_owned(),
            seen: label.what_we_saw.to_owned(),
            not_seen: label.not_seen.to_owned(),
            questions: label.open_questions.to_owned(),
            advice: label.advice.to_owned(),
            legal_basis: label.legal_basis.to_owned(),
            interpretation: label.our_reading.to_owned(),
        },
    }
}

/// What a sentence calls an app where it means any one of several.
pub(crate) fn any_app(language: Language) -> Option<NonEmpty> {
    NonEmpty::new(texts(language).label.any_of_them)
}

/// A day as the language writes it.
pub fn written_day(day: Day, language: Language) -> String {
    dates::day(texts(language), day)
}

/// The month of a day, with its year, as the language writes it.
pub fn written_month(day: Day, language: Language) -> String {
    dates::month(texts(language), day)
}

/// An instant as the language writes it, on the clocks of the zone.
pub fn written_instant(at: Instant, zone: &Zone, language: Language) -> String {
    dates::instant(texts(language), zone, at)
}

/// A day of every year as the language writes it.
pub fn written_month_day(day: MonthDay, language: Language) -> String {
    dates::month_day(texts(language), day)
}

/// What a code says about those apps, as it reaches a person: a policy's advice, or why an app could not be seen. The days of one
/// device are none of it.
pub fn written_code(code: Code, apps: &[AppId], policy: &Policy, language: Language) -> String {
    let (texts, document) = (texts(language), policy.document());
    let names = apps
        .iter()
        .filter_map(|app| Some(policy.entry(app)?.name.to_string()));
    let review_on = document.review.as_ref();
    let review_on = review_on.map(|review| dates::day(texts, review.on));
    fill(
        codes::code(texts, code),
        &[
            ("app", &join(names.collect(), texts)),
            ("policy", document.title.get(language)),
            ("review_on", &review_on.unwrap_or_default()),
        ],
    )
}

/// How strongly a directive speaks, in a word.
pub fn written_strength(strength: Strength, language: Language) -> &'static str {
    codes::strength(texts(language), strength)
}

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Fr => &texts::FR,
        Language::Nl => &texts::NL,
        Language::De => &texts::DE,
        Language::En => &texts::EN,
    }
}

fn verdict(assessment: &Assessment, texts: &Texts) -> String {
    let texts = (texts, &texts.verdict);
    // No fact is missing then: only the confirmation of a policy is.
    let stale = assessment.access.missing.is_empty();
    match (assessment.status, assessment.access.decision) {
        (Status::NotApplicable, _) => texts.1.not_applicable.to_owned(),
        (Status::Unknown, Decision::Deny) if stale => texts.1.deny_stale.to_owned(),
        (Status::Unknown, Decision::Permit) if stale => texts.1.permit_stale.to_owned(),
        (Status::Unknown, Decision::Deny) => texts.1.deny_uncertain.to_owned(),
        (Status::Unknown, Decision::Permit) => texts.1.permit_uncertain.to_owned(),
        (Status::InGracePeriod, _) => {
            let duties = assessment
                .assessments
                .iter()
                .flat_map(|said| &said.obligations);
            let pending = duties.filter(|duty| duty.state == ObligationState::Pending);
            let due = pending.filter_map(|duty| duty.due).min();
            let due = due.map(|due| dates::day(texts.0, due)).unwrap_or_default();
            fill(texts.1.permit_grace, &[("due", &due)])
        }
        (_, Decision::Deny) => texts.1.deny.to_owned(),
        (_, Decision::Permit) => texts.1.permit.to_owned(),
    }
}

fn network(assessment: &Assessment, deployment: &Deployment, texts: &Texts) -> String {
    let own = deployment.zones.as_ref();
    let (own, usual) = match assessment.access.zone {
        NetworkZone::Service => (
            own.and_then(|zones| zones.service.as_ref()),
            texts.zone.service,
        ),
        NetworkZone::Personal => (
            own.and_then(|zones| zones.personal.as_ref()),
            texts.zone.personal,
        ),
        NetworkZone::None => (None, texts.zone.none),
    };
    fill(
        texts.label.network_zone,
        &[("zone", own.map_or(usual, NonEmpty::as_str))],
    )
}

fn question(missing: &Missing, texts: &Texts, name: &dyn Fn(&AppId) -> String) -> Question {
    let text = match missing {
        Missing::Fact(fact) => codes::question(texts, *fact).to_owned(),
        Missing::App(app) => fill(texts.question.app, &[("app", &name(app))]),
    };
    Question {
        missing: missing.clone(),
        text,
    }
}

fn contacts(deployment: &Deployment, texts: &Texts) -> Vec<String> {
    let Some(contacts) = &deployment.contacts else {
        return Vec::new();
    };
    [
        (texts.label.supervisor, &contacts.supervisor),
        (texts.label.helpdesk, &contacts.helpdesk),
    ]
    .into_iter()
    .filter_map(|(template, contact)| {
        Some(fill(template, &[("contact", contact.as_ref()?.as_str())]))
    })
    .collect()
}

fn app_name(policies: &Policies, app: &AppId) -> String {
    let entry = policies
        .iter()
        .find_map(|policy: &Policy| policy.entry(app));
    entry.map_or_else(|| app.to_string(), |entry| entry.name.to_string())
}

/// Names as the language lists them: `A, B and C`.
fn join(mut names: Vec<String>, texts: &Texts) -> String {
    let last = names.pop().unwrap_or_default();
    if names.is_empty() {
        return last;
    }
    format!("{} {} {last}", names.join(", "), texts.label.list_and)
}

/// The template with its `{places}` filled in.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    // In one pass, so that braces in a value are not taken for places.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(place, after)| {
            let (_, value) = values.iter().find(|(name, _)| *name == place)?;
            Some((value, after))
        });
        match value {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn citation(
    policy: &Policy,
    basis: &BasisId,
    texts: &Texts,
    language: Language,
) -> Option<Citation> {
    let directive = policy.directive(basis)?;
    let document = policy
        .document()
        .documents
        .iter()
        .find(|document| document.id == directive.document)?;
    let title = |text: &Text| text.get(language).to_owned();
    Some(Citation {
        id: basis.clone(),
        strength: codes::strength(texts, directive.strength).to_owned(),
        text: title(&directive.text),
        document: format!(
            "{}, {}",
            title(&document.title),
            dates::day(texts, document.date)
        ),
        link: document.link.clone(),
    })
}
