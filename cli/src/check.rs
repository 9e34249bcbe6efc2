//! `octroi check`: from one phone's export to the verdict.

use std::{
    fs,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use octroi_core::{
    Decision, Declaration, Instant, OwnershipStatement, Policies, Record, Share, ShareStatement,
    Source, assess, explain,
};
use octroi_exports::{Kind, Note, Options, Reading};

use crate::{
    Outcome, adb,
    arguments::{Check, Format, From},
    failure::Failure,
    language, page, rules,
    texts::Texts,
    verdict_page,
};

pub(crate) fn check(arguments: &Check) -> Result<Outcome, Failure> {
    let (deployment, policies) = arguments.rules.select()?;
    // Read once: what a phone is asked now was not taken after an assessment for now.
    let now = rules::now();
    let at = arguments.rules.instant(now);
    let Reading { mut record, notes } = read(arguments, &policies)?;
    let taken_at = arguments.taken_at.or(arguments.adb.then_some(now));
    for observation in &mut record.observations {
        observation.taken_at = observation.taken_at.or(taken_at);
    }
    add_what_is_told(&mut record, arguments);
    declare(&mut record, arguments, &policies, at)?;

    let assessment = assess(&policies, &record, &deployment, at);
    let texts = language::texts(arguments.speech.language());
    let notes: Vec<_> = notes.iter().map(|note| say(note, texts)).collect();
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

fn read(arguments: &Check, policies: &Policies) -> Result<Reading, Failure> {
    if arguments.adb && !matches!(arguments.from, From::Auto | From::PmList) {
        return Err(Failure::new(
            "--from",
            "another kind of export than a phone gives through --adb",
            "`pm-list`, or no --from beside --adb",
        ));
    }
    let (place, bytes) = if arguments.adb {
        ("adb".to_owned(), adb::packages()?)
    } else if arguments.file == Path::new("-") {
        let mut bytes = Vec::new();
        let mut input = io::stdin().lock();
        if input.is_terminal() {
            let texts = language::texts(arguments.speech.language());
            page::say(texts.note.stdin_prompt);
        }
        input
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::io(Path::new("standard input"), &error))?;
        ("standard input".to_owned(), bytes)
    } else {
        let path: &PathBuf = &arguments.file;
        (
            path.display().to_string(),
            fs::read(path).map_err(|error| Failure::io(path, &error))?,
        )
    };
    let kind = match arguments.from {
        From::Record => Kind::Record,
        From::PmList => Kind::PmList,
        From::AppleMdm => Kind::AppleMdm,
        From::Auto if arguments.adb => Kind::PmList,
        From::Auto => Kind::detect(&bytes).map_err(|error| Failure::export(&place, &error))?,
    };
    let options = Options {
        platform: arguments.platform,
    };
    octroi_exports::read(&bytes, kind, policies, options)
        .map_err(|error| Failure::export(&place, &error))
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

fn say(note: &Note, texts: &Texts) -> String {
    let texts = &texts.note;
    match note {
        Note::PmListFilter => texts.pm_list_filter.to_owned(),
        Note::PmListNotCompleteAndroid => texts.pm_list_not_complete_android.to_owned(),
        Note::PmListErrorLine { line } => texts
            .pm_list_error_line
            .replace("{line}", &line.to_string()),
        Note::PmListOtherUser { user } => texts
            .pm_list_other_user
            .replace("{user}", &user.to_string()),
        Note::AppleFilter => texts.apple_filter.to_owned(),
        Note::AppleAssumedIos => texts.apple_assumed_ios.to_owned(),
        Note::AppleError { status } => texts.apple_error.replace("{status}", status),
        Note::AppleEntriesWithoutIdentifier { count } => texts
            .apple_entries_without_identifier
            .replace("{count}", &count.to_string()),
        Note::AppleInstalling { count } => texts
            .apple_installing
            .replace("{count}", &count.to_string()),
    }
}
