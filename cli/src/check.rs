//! `octroi check`: from one phone's export to the verdict.

use std::{
    io::{self, IsTerminal},
    path::Path,
};

use octroi_core::{
    Decision, Declaration, Instant, OwnershipStatement, Policies, Record, Share, ShareStatement,
    Source, assess, explain,
};
use octroi_exports::{Kind, Options};

use crate::{
    Outcome,
    arguments::{Check, Format},
    failure::Failure,
    files, language,
    notes::{self, NotesOf},
    page,
    phone::Phone,
    rules, verdict_page,
};

pub(crate) fn check(arguments: &Check) -> Result<Outcome, Failure> {
    let (deployment, policies) = arguments.rules.select()?;
    // Read once: what a phone is asked now was not taken after an assessment for now.
    let now = rules::now();
    let at = arguments.rules.instant(now);
    let (mut record, notes) = read(arguments, &policies)?;
    let asked = Phone::asked(arguments).map(|_| now);
    let taken_at = arguments.taken_at.or(asked);
    for observation in &mut record.observations {
        observation.taken_at = observation.taken_at.or(taken_at);
    }
    add_what_is_told(&mut record, arguments);
    declare(&mut record, arguments, &policies, at)?;

    let assessment = assess(&policies, &record, &deployment, at);
    let texts = language::texts(arguments.speech.language());
    let notes = notes::say(&notes, texts);
    match arguments.format {
        Format::Json => {
            for note in notes {
                page::say(note);
            }
            page::print(&(assessment.to_json() + "\n"))?;
        }
        Format::Human => {
            let explanation = explain(
                &assessment,
                &policies,
                &deployment,
                arguments.speech.language(),
            );
            verdict_page::page(&assessment, &explanation, &notes, texts).print()?;
        }
    }
    Ok(match assessment.access.decision {
        Decision::Permit => Outcome::Good,
        Decision::Deny => Outcome::Bad,
    })
}

/// What is read, and what a person should know of each file.
fn read(
    arguments: &Check,
    policies: &Policies,
) -> Result<(Record<'static>, Vec<NotesOf>), Failure> {
    let exports = exports(arguments)?;
    let kinds = exports.iter().map(|(place, bytes)| {
        let kind = arguments
            .from
            .kind()
            .map_or_else(|| Kind::detect(bytes), Ok);
        kind.map(|kind| (bytes.as_slice(), kind))
            .map_err(|error| Failure::export(place, bytes, &error))
    });
    let kinds: Vec<_> = kinds.collect::<Result<_, _>>()?;
    let options = Options {
        platform: arguments.platform,
        time_zone: arguments.time_zone.clone(),
        scope: arguments.scope,
    };
    match octroi_exports::read_all(&kinds, policies, &options) {
        Ok(readings) => {
            let places = exports.into_iter().map(|(place, _)| place);
            let notes = places.zip(readings.notes);
            let notes = notes.map(|(place, notes)| NotesOf { place, notes });
            Ok((readings.record, notes.collect()))
        }
        Err((number, error)) => {
            let export = exports.get(number).map(|(place, bytes)| (place, bytes));
            let (place, bytes) = export.map_or(("", &[][..]), |(place, bytes)| (place, bytes));
            Err(Failure::export(place, bytes, &error))
        }
    }
}

/// The bytes that are read, each with what to call where they are from.
fn exports(arguments: &Check) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    if let Some(phone) = Phone::asked(arguments) {
        if !arguments
            .from
            .kind()
            .is_none_or(|kind| kind == phone.kind())
        {
            return Err(Failure::new(
                "--from",
                format!(
                    "another kind of export than a phone gives through --{}",
                    phone.name()
                ),
                format!("`{}`, or no --from beside --{}", phone.kind(), phone.name()),
            ));
        }
        return Ok(vec![(phone.program().to_owned(), phone.list()?)]);
    }
    let input = Path::new("-");
    if arguments.files.iter().filter(|file| *file == input).count() > 1 {
        let expected = "standard input once";
        return Err(Failure::new("-", "standard input twice", expected));
    }
    let read = arguments.files.iter().map(|file| {
        if file == input && io::stdin().is_terminal() {
            let texts = language::texts(arguments.speech.language());
            page::say(texts.note.stdin_prompt);
        }
        files::whole(file, files::EXPORT)
    });
    read.collect()
}

/// Adds what the person who runs the command says; it is self-declared.
fn add_what_is_told(record: &mut Record<'_>, arguments: &Check) {
    let source = Source::SelfDeclared;
    let owner = arguments
        .ownership
        .map(|value| OwnershipStatement { value, source });
    record.device.ownership.extend(owner);
    let share = |value: Option<Share>| value.map(|value| ShareStatement { value, source });
    record.device.purchase.extend(share(arguments.purchase));
    record
        .device
        .subscription
        .extend(share(arguments.subscription));
    record.device.usage.extend(share(arguments.usage));
}

/// Adds what the person says of apps. A record keeps what it declares: an `absent` on the command line hides no `present`.
fn declare(
    record: &mut Record<'_>,
    arguments: &Check,
    policies: &Policies,
    at: Instant,
) -> Result<(), Failure> {
    let wrong = |found, expected| Err(Failure::new("--declare", found, expected));
    for (number, (app, value)) in arguments.declare.iter().enumerate() {
        if !policies.knows(app.as_str()) {
            return wrong(format!("the app `{app}`"), policies.known_apps());
        }
        let mut before = arguments.declare.iter().take(number);
        if before.any(|(other, _)| other == app) {
            return wrong(format!("the app `{app}` twice"), "each app once".to_owned());
        }
        let declaration = Declaration {
            value: *value,
            declared_at: Some(at),
        };
        if record
            .declarations
            .insert(app.clone(), declaration)
            .is_some()
        {
            let found = format!("the app `{app}`, of which the record declares something already");
            return wrong(
                found,
                "an app that the record declares nothing of".to_owned(),
            );
        }
    }
    Ok(())
}
