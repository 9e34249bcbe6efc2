//! Apple's InstalledApplicationList.

use std::collections::BTreeMap;

use octroi_core::{Label, Platform, Scope, Seen, SeenApp, Source};

use crate::{
    apple_device,
    error::{ExportError, Place, excerpt, plain},
    kind::Kind,
    list::AppList,
    note::Note,
    part::{Claim, Part},
    property_list::{self, Value},
    seen,
};

/// Reads a list of apps (bare, in a dictionary, or in a device's answer to the command), what a device says of itself, or both.
pub(crate) fn read(bytes: &[u8]) -> Result<Part, ExportError> {
    let mut part = Part::new(Claim::one_of(
        &[Platform::Ios, Platform::Macos],
        Some(Platform::Ios),
        "`ios` or `macos`, the platforms of Apple's list",
    ));
    part.notes.push(Note::AppleAssumedIos);
    let mut apps = AppList::default();
    let mut asked = Asked::default();
    let entries = match property_list::read(bytes)? {
        Value::Array(entries) => Some(List { path: "", entries }),
        Value::Dictionary(mut answer) => {
            part.subject = subject(&answer);
            let about = answer.remove(apple_device::ABOUT);
            if OF_USER_ENROLLMENT
                .iter()
                .any(|key| answer.contains_key(*key))
            {
                part.sees = Scope::Profile;
            }
            asked = Asked::of(&answer)?;
            let list = List::of_answer(answer, about.is_some(), &mut apps, &mut part.notes)?;
            if let Some(about) = about {
                apple_device::look(about, &mut part)?;
            }
            list
        }
        other => {
            return Err(ExportError::new(
                Place::Whole,
                other.name(),
                "an array of apps, or a dictionary with `InstalledApplicationList`",
            ));
        }
    };
    let Some(entries) = entries else {
        part.notes.push(Note::NoList);
        return Ok(part);
    };
    entries.look(&mut apps, &mut part.notes)?;
    if asked.some_apps {
        apps.leave_open();
        part.notes.push(Note::AppleSomeApps);
    }
    if apps.is_complete() && !apps.is_empty() && asked.scope == Scope::Device {
        part.notes.insert(0, Note::AppleFilter);
    }
    apps.observed(&mut part, Source::Mdm, asked.scope, None);
    Ok(part)
}

/// What the management calls the device.
fn subject(answer: &BTreeMap<String, Value>) -> Option<(Kind, String)> {
    let name = ["UDID", "EnrollmentID"]
        .iter()
        .find_map(|key| answer.get(*key))?;
    match name {
        Value::String(name) => Some((Kind::AppleMdm, name.trim().to_owned())),
        _ => None,
    }
}

const LIST: &str = "InstalledApplicationList";
const STATUS: &str = "Status";
/// Where a request stands, and what it can ask for.
const COMMAND: &str = "Command";
const MANAGED_ONLY: &str = "ManagedAppsOnly";
const IDENTIFIERS: &str = "Identifiers";
const ACKNOWLEDGED: &str = "Acknowledged";
/// What stands in the answers of a User Enrollment, which shows managed apps only, and in no other.
const OF_USER_ENROLLMENT: [&str; 2] = ["EnrollmentID", "EnrollmentUserID"];

/// What was asked for. An answer does not repeat the request; some managements keep both together.
#[derive(Default)]
struct Asked {
    /// Of managed apps alone it is a part of the device.
    scope: Scope,
    /// Whether only some apps were asked for, by their identifiers.
    some_apps: bool,
}

impl Asked {
    fn of(answer: &BTreeMap<String, Value>) -> Result<Self, ExportError> {
        let mut asked = Self::default();
        let command = match answer.get(COMMAND) {
            Some(Value::Dictionary(command)) => Some((format!("{COMMAND}."), command)),
            _ => None,
        };
        for (path, request) in [(String::new(), answer)].into_iter().chain(command) {
            let wrong = |key: &str, found: &Value, expected: &str| {
                ExportError::new(Place::Path(format!("{path}{key}")), found.name(), expected)
            };
            match request.get(MANAGED_ONLY) {
                None | Some(Value::Boolean(false)) => {}
                Some(Value::Boolean(true)) => asked.scope = Scope::Profile,
                Some(other) => return Err(wrong(MANAGED_ONLY, other, "a boolean")),
            }
            match request.get(IDENTIFIERS) {
                None => {}
                Some(Value::Array(identifiers)) => asked.some_apps |= !identifiers.is_empty(),
                Some(other) => return Err(wrong(IDENTIFIERS, other, "an array of identifiers")),
            }
        }
        Ok(asked)
    }
}

struct List {
    /// Where it stands.
    path: &'static str,
    entries: Vec<Value>,
}

impl List {
    /// Takes the list out of an answer, and notes whether the device gave it. Where the list is optional, there may be none.
    fn of_answer(
        mut answer: BTreeMap<String, Value>,
        optional: bool,
        apps: &mut AppList,
        notes: &mut Vec<Note>,
    ) -> Result<Option<Self>, ExportError> {
        let list = answer.remove(LIST);
        let refused = match answer.get(STATUS) {
            None => false,
            Some(Value::String(status)) if status == ACKNOWLEDGED => false,
            Some(Value::String(status)) => {
                notes.push(Note::AppleError {
                    status: plain(status),
                });
                apps.leave_open();
                true
            }
            Some(other) => {
                return Err(ExportError::new(
                    Place::Path(STATUS.to_owned()),
                    other.name(),
                    "a string",
                ));
            }
        };
        let entries = match list {
            Some(Value::Array(entries)) => entries,
            None if optional => return Ok(None),
            None if refused => Vec::new(),
            Some(other) => {
                return Err(ExportError::new(
                    Place::Path(LIST.to_owned()),
                    other.name(),
                    "an array of apps",
                ));
            }
            None => {
                return Err(ExportError::new(
                    Place::Path(LIST.to_owned()),
                    keys(&answer),
                    "an array of apps",
                ));
            }
        };
        Ok(Some(Self {
            path: LIST,
            entries,
        }))
    }

    /// Looks at every entry.
    fn look(self, apps: &mut AppList, notes: &mut Vec<Note>) -> Result<(), ExportError> {
        let mut installing = 0;
        for (number, entry) in self.entries.into_iter().enumerate() {
            match AppEntry::read(entry).map_err(|fault| fault.at(self.path, number))? {
                AppEntry::Installing => installing += 1,
                AppEntry::Installed(app) => apps.add(app),
            }
        }
        if installing > 0 {
            notes.push(Note::AppleInstalling { count: installing });
        }
        Ok(())
    }
}

/// The keys of what is something else, to recognise it by.
fn keys(found: &BTreeMap<String, Value>) -> String {
    const SHOWN: usize = 8;
    if found.is_empty() {
        return "an empty dictionary".to_owned();
    }
    let shown: Vec<String> = found.keys().take(SHOWN).map(|key| excerpt(key)).collect();
    let more = if found.len() > SHOWN { ", …" } else { "" };
    format!("a dictionary with {}{more}", shown.join(", "))
}

/// What Apple documents of every app that is listed (`InstalledApplicationListItem`): an entry of such a list has one of them.
const OF_AN_APP: [&str; 7] = [
    "Identifier",
    "Name",
    "Version",
    "ShortVersion",
    "BundleSize",
    "DynamicSize",
    "Installing",
];

enum AppEntry {
    /// Nothing if it has neither an identifier nor a name.
    Installed(Option<SeenApp<'static>>),
    Installing,
}

impl AppEntry {
    fn read(entry: Value) -> Result<Self, Fault> {
        let mut entry = match entry {
            Value::Dictionary(entry) => entry,
            other => return Err(Fault::new(None, &other, "a dictionary")),
        };
        // A list of something else is no list of apps that nobody can name.
        if !entry.is_empty() && !OF_AN_APP.iter().any(|key| entry.contains_key(*key)) {
            return Err(Fault {
                key: None,
                found: keys(&entry),
                expected: "an app with `Identifier`, in the answer of one device",
            });
        }
        match entry.get("Installing") {
            None | Some(Value::Boolean(false)) => {}
            Some(Value::Boolean(true)) => return Ok(AppEntry::Installing),
            Some(other) => return Err(Fault::new(Some("Installing"), other, "a boolean")),
        }
        let id = text(&mut entry, "Identifier")?;
        let name = text(&mut entry, "Name")?;
        let seen = match (id, name) {
            (Some(id), name) => seen::by_id(id.as_str(), name, Vec::new()),
            (None, name) => name.map(Seen::Name),
        };
        let Some(seen) = seen else {
            return Ok(AppEntry::Installed(None));
        };
        let short_version = text(&mut entry, "ShortVersion")?;
        let version = text(&mut entry, "Version")?;
        Ok(AppEntry::Installed(Some(SeenApp {
            seen,
            first_installed: None,
            version: short_version.or(version),
        })))
    }
}

/// A text of an entry, without the space around it: an identifier has none, and a tool that indents XML adds some.
fn text(
    entry: &mut BTreeMap<String, Value>,
    key: &'static str,
) -> Result<Option<Label<'static>>, Fault> {
    match entry.remove(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Label::new(text.trim().to_owned())),
        Some(other) => Err(Fault::new(Some(key), &other, "a string")),
    }
}

/// What is wrong with an entry.
struct Fault {
    key: Option<&'static str>,
    found: String,
    expected: &'static str,
}

impl Fault {
    fn new(key: Option<&'static str>, found: &Value, expected: &'static str) -> Self {
        Self {
            key,
            found: found.name().to_owned(),
            expected,
        }
    }

    fn at(self, list: &str, number: usize) -> ExportError {
        let mut path = format!("{list}[{number}]");
        if let Some(key) = self.key {
            path.push('.');
            path.push_str(key);
        }
        ExportError::new(Place::Path(path), self.found, self.expected)
    }
}
