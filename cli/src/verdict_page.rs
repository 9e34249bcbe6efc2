//! A verdict as the person who uses the phone reads it.

use octroi_core::{Assessment, Decision, Explanation, PolicyExplanation, Sentence, Status};

use crate::{
    page::{BAD, CAUTION, GOOD, Page},
    texts::Texts,
};

pub(crate) fn page(
    assessment: &Assessment,
    explanation: &Explanation,
    notes: &[String],
    texts: &Texts,
) -> Page {
    let style = match (assessment.access.decision, assessment.status) {
        (Decision::Deny, _) => BAD,
        (Decision::Permit, Status::InGracePeriod | Status::Unknown) => CAUTION,
        (Decision::Permit, _) => GOOD,
    };
    let headings = &explanation.headings;
    let mut page = Page::new();
    page.styled(style, &explanation.verdict);
    page.paragraph(0, &explanation.network);
    for policy in &explanation.policies {
        page.heading(&policy.title);
        page.paragraph(0, &policy.class);
        page.list(&headings.why, policy.why.iter().map(line));
        page.list(&headings.what_to_do, policy.what_to_do.iter().map(line));
        page.list(&headings.seen, policy.seen.iter().map(line));
        page.list(&headings.not_seen, policy.not_seen.iter().map(line));
        page.list(&headings.advice, policy.advice.iter().map(line));
    }
    page.list(
        &headings.questions,
        explanation
            .questions
            .iter()
            .map(|question| question.text.clone()),
    );

    let said = explanation.policies.iter();
    let sentences =
        said.flat_map(|said| said.why.iter().chain(&said.what_to_do).chain(&said.advice));
    let mut cited = Vec::new();
    for citation in sentences
        .clone()
        .filter_map(|sentence| sentence.basis.as_ref())
    {
        if !cited.contains(&citation) {
            cited.push(citation);
        }
    }
    page.list(
        &headings.legal_basis,
        cited.iter().map(|citation| {
            let link = citation
                .link
                .as_ref()
                .map(|link| format!(" <{link}>"))
                .unwrap_or_default();
            format!(
                "{} ({}): {} {}.{link}",
                citation.id, citation.strength, citation.text, citation.document
            )
        }),
    );
    page.blank();
    let interprets =
        |said: &&PolicyExplanation| said.why.iter().any(|sentence| sentence.interpretation);
    if explanation.policies.iter().any(|said| interprets(&said)) {
        page.paragraph(0, &format!("* {}.", headings.interpretation));
    }
    for said in explanation.policies.iter().filter(interprets) {
        page.paragraph(
            2,
            &texts
                .note
                .our_readings
                .replace("{policy}", said.policy.as_str()),
        );
    }
    page.paragraph(0, &explanation.assessed_at);
    explanation
        .valid_until
        .iter()
        .for_each(|until| page.paragraph(0, until));
    notes
        .iter()
        .chain(&explanation.notes)
        .chain(&explanation.contacts)
        .for_each(|note| page.paragraph(0, note));
    page
}

/// A sentence with what it rests on.
fn line(sentence: &Sentence) -> String {
    let mark = if sentence.interpretation { " *" } else { "" };
    match &sentence.basis {
        Some(citation) => format!("{} [{}]{mark}", sentence.text, citation.id),
        None => format!("{}{mark}", sentence.text),
    }
}
