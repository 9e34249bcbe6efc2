//! What `adb shell pm list packages` prints.

use std::collections::BTreeSet;

use octroi_core::{Label, Observation, Platform, Scope, Seen, SeenApp, Source};

use crate::{
    error::{ExportError, Place, excerpt},
    note::Note,
    part::{Claim, Part},
    seen,
};

/// Reads a list of packages.
pub(crate) fn read(text: &str) -> Result<Part, ExportError> {
    let list = List::read(text)?;
    let android = list.apps.iter().any(|app| is_android(&app.seen));
    let complete = android && list.error_lines.is_empty();
    let mut part = Part::new(Claim::one_of(
        &[Platform::Android, Platform::Chromeos],
        Some(Platform::Android),
        "`android` or `chromeos`, the platforms of a list of packages",
    ));
    part.notes = list.notes(android, complete);
    Ok(part.observed(Observation {
        source: Some(Source::Platform),
        scope: if list.other_users.is_empty() {
            Scope::Device
        } else {
            Scope::Profile
        },
        complete,
        apps: list.apps,
        ..Observation::default()
    }))
}

/// Whether only a list of packages, or a failed attempt at one, has such a line.
pub(crate) fn is_known_line(line: &str) -> bool {
    matches!(Line::read(line), Line::Package(_) | Line::Error)
        || line.starts_with(PACKAGE)
        || is_noise(line.trim())
}

const PACKAGE: &str = "package:";

/// A user's first uid is its number times this (`UserHandle.PER_USER_RANGE`).
const UIDS_OF_A_USER: u32 = 100_000;

/// Only so many error lines, and so many users, are named: the first one decides.
pub(crate) const NAMED: usize = 10;

/// What adb says before it works.
const NOISE: [&str; 2] = ["* daemon not running", "* daemon started successfully"];

/// How pm, the shell on the phone and adb begin an error message.
const ERRORS: [&str; 16] = [
    "Error:",
    "Error ",
    "error:",
    "Failure ",
    "Exception occurred",
    "Security exception:",
    "java.lang.",
    "android.os.",
    "cmd: ",
    "adb: ",
    "adb.exe: ",
    "adb server ",
    "Can't find service",
    "Unknown option:",
    "/system/bin/sh: ",
    "sh: ",
];

#[derive(Default)]
struct List {
    apps: Vec<SeenApp<'static>>,
    other_users: BTreeSet<u32>,
    /// The first of them, by number.
    error_lines: Vec<usize>,
}

impl List {
    fn read(text: &str) -> Result<Self, ExportError> {
        let mut list = List::default();
        let mut known = false;
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            // pm ends every line: where the end is missing, the rest of the name may be missing too.
            let whole = line.ends_with('\n');
            let clear = match Line::read(line) {
                Line::Noise => true,
                Line::Package(package) => {
                    known = true;
                    list.other_users.extend(package.other_users);
                    list.apps.push(package.app);
                    package.clear && whole
                }
                Line::Error => {
                    known = true;
                    false
                }
                Line::Unknown => false,
            };
            if !clear && list.error_lines.len() < NAMED {
                list.error_lines.push(number);
            }
        }
        if known {
            return Ok(list);
        }
        let first = text.lines().find(|line| !line.trim().is_empty());
        Err(ExportError::new(
            Place::Whole,
            format!(
                "no package and no error message, but {}",
                excerpt(first.unwrap_or_default())
            ),
            "lines that begin with `package:`",
        ))
    }

    fn notes(&self, android: bool, complete: bool) -> Vec<Note> {
        let mut notes = Vec::new();
        if complete {
            notes.push(Note::PmListFilter);
        }
        if !android && !self.apps.is_empty() {
            notes.push(Note::PmListNotCompleteAndroid);
        }
        let error_lines = self.error_lines.iter();
        notes.extend(error_lines.map(|line| Note::PmListErrorLine { line: *line }));
        let other_users = self.other_users.iter().take(NAMED);
        notes.extend(other_users.map(|user| Note::PmListOtherUser { user: *user }));
        notes
    }
}

enum Line {
    /// Nothing, or what adb says before it works.
    Noise,
    Package(Package),
    Error,
    Unknown,
}

struct Package {
    app: SeenApp<'static>,
    /// Users that have it, other than the first.
    other_users: Vec<u32>,
    /// Whether everything on its line was understood.
    clear: bool,
}

impl Line {
    fn read(line: &str) -> Self {
        let line = line.trim();
        if line.is_empty() || is_noise(line) {
            Line::Noise
        } else if let Some(rest) = line.strip_prefix(PACKAGE) {
            Package::read(rest).map_or(Line::Unknown, Line::Package)
        } else if is_error(line) {
            Line::Error
        } else {
            Line::Unknown
        }
    }
}

impl Package {
    /// Reads what follows `package:`: the path and `=` (with `-f`), the name, and fields in any order.
    fn read(mut rest: &str) -> Option<Self> {
        let mut version = None;
        let mut other_users = Vec::new();
        let mut clear = true;
        while let Some((before, field)) = rest.rsplit_once(char::is_whitespace) {
            match Field::read(field) {
                Some(Field::Uids(uids)) => {
                    for uid in uids.split(',') {
                        match uid.parse::<u32>().map(|uid| uid / UIDS_OF_A_USER) {
                            Ok(0) => {}
                            Ok(user) => other_users.push(user),
                            Err(_) => clear = false,
                        }
                    }
                }
                Some(Field::VersionCode(code)) => version = Label::new(code.to_owned()),
                Some(Field::Ignored) => {}
                None => break,
            }
            rest = before.trim_end();
        }
        if rest.contains(char::is_whitespace) {
            // A field that we do not know, or space in a path: the package is there, but what is it called?
            clear = false;
            rest = rest.rsplit_once(".apk=").map_or(rest, |(_, after)| after);
            rest = rest.split_whitespace().next()?;
        }
        let name = rest.rsplit_once('=').map_or(rest, |(_, name)| name);
        if !seen::is_identifier(name) {
            return None;
        }
        Some(Self {
            app: SeenApp {
                seen: seen::by_id(name, None, Vec::new())?,
                first_installed: None,
                version,
            },
            other_users,
            clear,
        })
    }
}

/// A field after the name.
enum Field<'a> {
    Uids(&'a str),
    VersionCode(&'a str),
    /// It says nothing of where an app is: who installed it, whether it was stopped.
    Ignored,
}

impl<'a> Field<'a> {
    fn read(field: &'a str) -> Option<Self> {
        let (key, value) = field.split_once([':', '='])?;
        let is_value = |byte: u8| byte.is_ascii_alphanumeric() || b"_.,-".contains(&byte);
        if !value.bytes().all(is_value) {
            return None;
        }
        match (key, field.as_bytes().get(key.len())?) {
            ("uid", b':') => Some(Field::Uids(value)),
            ("versionCode", b':') => Some(Field::VersionCode(value)),
            ("installer" | "stopped", b'=') => Some(Field::Ignored),
            _ => None,
        }
    }
}

/// Whether the line begins as pm, the shell on the phone and adb begin an error message.
pub(crate) fn is_error(line: &str) -> bool {
    ERRORS.iter().any(|error| line.starts_with(error))
}

fn is_noise(line: &str) -> bool {
    NOISE.iter().any(|noise| line.starts_with(noise))
}

/// Whether it is the package `android`: the system itself, which is on every phone.
pub(crate) fn is_android(seen: &Seen<'_>) -> bool {
    matches!(seen, Seen::Id { id, .. } if id.as_str() == "android")
}
