//! What `adb shell pm list packages` prints.

use std::collections::BTreeSet;

use octroi_core::{Label, Platform, Scope, SeenApp, Source};

use crate::{
    error::{ExportError, Place, excerpt},
    list::{ANDROID, AppList, NAMED},
    note::Note,
    part::{Claim, Part},
    seen,
};

/// Reads a list of packages.
pub(crate) fn read(text: &str) -> Result<Part, ExportError> {
    let List { mut apps, users } = List::read(text)?;
    let mut part = Part::new(Claim::one_of(
        &[Platform::Android, Platform::Chromeos],
        Some(Platform::Android),
        "`android` or `chromeos`, the platforms of a list of packages",
    ));
    if !apps.has_android() {
        apps.leave_open();
        if !apps.is_empty() {
            part.notes.push(Note::PmListNotCompleteAndroid);
        }
    } else if apps.is_complete() && may_be_filtered(&apps) {
        apps.leave_open();
        part.notes.push(Note::PmListNameFilter);
    }
    let scope = users.scope();
    if apps.is_complete() && scope == Scope::Device {
        part.notes.push(if users.named {
            Note::PmListFilter
        } else {
            Note::PmListOneUserAssumed
        });
    }
    let others = users.others.into_iter().take(NAMED);
    part.notes
        .extend(others.map(|user| Note::PmListOtherUser { user }));
    apps.observed(&mut part, Source::Platform, scope, None);
    Ok(part)
}

/// Whether `pm list packages FILTER` can have listed just these and `android`: a filter is a part of every name that it lets
/// through. One of two letters or more would be a part of all of them that `android` has as well.
fn may_be_filtered(apps: &AppList) -> bool {
    let mut filters = ANDROID.as_bytes().windows(2);
    filters.any(|filter| {
        let has = |id: &str| id.as_bytes().windows(2).any(|part| part == filter);
        apps.ids().all(has)
    })
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

/// How `pm list users` begins the line of a user, which says `UserInfo{10:Work profile:1030} running`.
const USER: &str = "UserInfo{";

/// What adb says before it works, and the title of the users.
const NOISE: [&str; 3] = [
    "* daemon not running",
    "* daemon started successfully",
    "Users:",
];

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
    apps: AppList,
    users: Users,
}

/// The users that the list tells of.
#[derive(Default)]
struct Users {
    /// Whether it names them all, as `pm list users` does.
    named: bool,
    /// Those other than the first.
    others: BTreeSet<u32>,
}

impl Users {
    /// A list that tells of no other user is taken for that of a phone with one, and the assumption is said.
    fn scope(&self) -> Scope {
        if self.others.is_empty() {
            Scope::Device
        } else {
            Scope::Profile
        }
    }
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
                Line::User(user) => {
                    list.users.named = true;
                    list.users.others.extend((user > 0).then_some(user));
                    true
                }
                Line::Package(package) => {
                    known = true;
                    list.users.others.extend(package.other_users);
                    list.apps.add(Some(package.app));
                    package.clear && whole
                }
                Line::Error => {
                    known = true;
                    false
                }
                Line::Unknown => false,
            };
            if !clear {
                list.apps.error_line(number);
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
}

enum Line {
    /// Nothing, or what adb says before it works.
    Noise,
    /// A user of the phone, by number.
    User(u32),
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
        } else if let Some(user) = line.strip_prefix(USER) {
            let number = user.split_once(':').map(|(number, _)| number.parse());
            number
                .and_then(Result::ok)
                .map_or(Line::Unknown, Line::User)
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
