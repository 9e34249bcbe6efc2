//! What `ideviceinstaller` lists, in its older and its newer form.

use octroi_core::{Label, Platform, Scope, SeenApp, Source};

use crate::{
    error::{ExportError, Place, excerpt},
    list::AppList,
    note::Note,
    part::{Claim, Part},
    property_list::{self, Value},
    seen,
    text::decode,
};

/// Reads a list of apps.
pub(crate) fn read(bytes: &[u8]) -> Result<Part, ExportError> {
    let text = decode(bytes)?;
    if is_known_xml(&text) {
        return read_xml(bytes);
    }
    read_lines(&text)
}

fn read_lines(text: &str) -> Result<Part, ExportError> {
    let mut list = List::default();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        // Each line is ended: where the end is missing, the rest of a name may be missing too.
        let whole = line.ends_with('\n');
        if !list.line(line.trim_end_matches(['\r', '\n'])) || !whole {
            list.apps.error_line(number);
        }
    }
    if list.form.is_none() && !text.lines().any(is_error) {
        let first = text.lines().find(|line| !line.trim().is_empty());
        let expected = "`Total: … apps`, or the names of columns with `CFBundleIdentifier`";
        return Err(ExportError::new(
            Place::Whole,
            excerpt(first.unwrap_or_default()),
            expected,
        ));
    }
    if let Some(Form::Columns(columns)) = &list.form
        && columns.iter().filter(|column| *column == ID).count() > 1
    {
        // Which of them is the one?
        let found = format!("the column `{ID}` twice");
        return Err(ExportError::new(Place::Whole, found, "each column once"));
    }
    Ok(list.part())
}

/// Reads what `--xml` prints.
fn read_xml(bytes: &[u8]) -> Result<Part, ExportError> {
    const EXPECTED: &str = "an array of apps with `CFBundleIdentifier`, as `--xml` prints it";
    let Value::Array(entries) = property_list::read(bytes)? else {
        return Err(ExportError::new(Place::Whole, "no array", EXPECTED));
    };
    let mut list = List::default();
    for (number, entry) in entries.into_iter().enumerate() {
        let text = |key: &str| match &entry {
            Value::Dictionary(entry) => match entry.get(key) {
                Some(Value::String(text)) => Some(text.trim()),
                _ => None,
            },
            _ => None,
        };
        let version = text(SHORT_VERSION).or_else(|| text(VERSION));
        let app = text(ID).and_then(|id| app(id, text(NAME), version));
        if app.is_none() {
            let place = Place::Path(format!("[{number}].{ID}"));
            return Err(ExportError::new(place, "no identifier", EXPECTED));
        }
        list.apps.add(app);
    }
    Ok(list.part())
}

/// Whether a property list is of this program: no list of Apple's device management has such a key.
pub(crate) fn is_known_xml(text: &str) -> bool {
    text.contains("<key>CFBundleIdentifier</key>")
}

/// Whether only such a list, or a failed attempt at one, has such a line.
pub(crate) fn is_known_line(line: &str) -> bool {
    Form::read(line.trim()).is_some() || is_error(line)
}

const ID: &str = "CFBundleIdentifier";
const NAME: &str = "CFBundleDisplayName";
const SHORT_VERSION: &str = "CFBundleShortVersionString";
const VERSION: &str = "CFBundleVersion";

/// How Apple's own apps are named.
const OF_THE_SYSTEM: &str = "com.apple.";

/// How it begins an error message.
const ERRORS: [&str; 5] = [
    "ERROR: ",
    "No device found",
    "Could not start com.apple.",
    "Could not connect to ",
    "NOTE: timeout waiting",
];

fn is_error(line: &str) -> bool {
    ERRORS
        .iter()
        .any(|error| line.trim_start().starts_with(error))
}

enum Form {
    /// `Total: 12 apps`, then `com.example.bank - Bank 1.2` on each line.
    Total(usize),
    /// The names of columns, then values in that order, quoted but for the identifier.
    Columns(Vec<String>),
}

impl Form {
    fn read(line: &str) -> Option<Self> {
        if let Some(count) = line
            .strip_prefix("Total: ")
            .and_then(|rest| rest.strip_suffix(" apps"))
        {
            // Archived apps have a total of their own, and are none on the device.
            return count.parse().ok().map(Form::Total);
        }
        let columns: Vec<String> = line.split(", ").map(str::to_owned).collect();
        columns
            .iter()
            .any(|column| column == ID)
            .then_some(Form::Columns(columns))
    }
}

#[derive(Default)]
struct List {
    form: Option<Form>,
    apps: AppList,
    entries: usize,
}

impl List {
    /// Reads a line; false if something in it cannot be read.
    fn line(&mut self, line: &str) -> bool {
        if line.trim().is_empty() {
            return true;
        }
        if is_error(line) {
            return false;
        }
        let (app, clear) = match &self.form {
            None => {
                self.form = Form::read(line.trim());
                return self.form.is_some();
            }
            Some(Form::Total(_)) => (of_total(line.trim()), true),
            Some(Form::Columns(columns)) => match of_columns(line, columns) {
                Some(app) => (Some(app), true),
                None => (of_first_column(line, columns), false),
            },
        };
        let Some(app) = app else {
            return false;
        };
        self.entries += 1;
        self.apps.add(Some(app));
        clear
    }

    fn part(mut self) -> Part {
        let mut part = Part::new(Claim::says(
            Platform::Ios,
            "the platform of ideviceinstaller",
        ));
        let counted = match self.form {
            Some(Form::Total(total)) => total == self.entries,
            _ => true,
        };
        // `--system` lists Apple's own apps alone. A phone on which a person installed none but those is like it.
        let installed = |id: &str| !id.starts_with(OF_THE_SYSTEM);
        if !counted || !self.apps.is_empty() && !self.apps.ids().any(installed) {
            self.apps.leave_open();
            part.notes.push(Note::IdeviceinstallerNotWhole);
        } else if self.apps.is_complete() && !self.apps.is_empty() {
            part.notes.push(Note::IdeviceinstallerFilter);
        }
        self.apps
            .observed(&mut part, Source::Platform, Scope::Device, None);
        part
    }
}

/// `com.example.bank - Bank 1.2`: where the name ends and the version begins cannot be seen, and neither decides anything.
fn of_total(line: &str) -> Option<SeenApp<'static>> {
    let (id, rest) = line.split_once(" - ")?;
    let (name, version) = match rest.rsplit_once(' ') {
        Some((name, version)) if version.starts_with(|first: char| first.is_ascii_digit()) => {
            (name, Some(version))
        }
        _ => (rest, None),
    };
    app(id, Some(name), version)
}

fn of_columns(line: &str, columns: &[String]) -> Option<SeenApp<'static>> {
    let values = values(line)?;
    if values.len() != columns.len() {
        return None;
    }
    let value = |wanted: &str| {
        let mut named = columns.iter().zip(&values);
        named
            .find(|(column, _)| *column == wanted)
            .map(|(_, value)| value.as_str())
    };
    let version = value(SHORT_VERSION).or_else(|| value(VERSION));
    app(value(ID)?, value(NAME), version)
}

/// The app alone, of a line whose other columns cannot be read: a quote within a name is not always escaped. Where nothing
/// follows, the identifier itself may be cut.
fn of_first_column(line: &str, columns: &[String]) -> Option<SeenApp<'static>> {
    let is_first = columns.first().is_some_and(|column| column == ID);
    let (id, _) = line.split_once(", ").filter(|_| is_first)?;
    app(id, None, None)
}

fn app(id: &str, name: Option<&str>, version: Option<&str>) -> Option<SeenApp<'static>> {
    if !seen::is_identifier(id) {
        return None;
    }
    let seen = seen::by_id(
        id,
        name.and_then(|name| Label::new(name.to_owned())),
        Vec::new(),
    )?;
    Some(seen::app(seen, version))
}

/// The values of a line, without their quotes.
fn values(line: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut rest = line;
    loop {
        let value;
        (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(", ").unwrap_or(rest.len());
                let (value, rest) = rest.split_at_checked(end)?;
                (value.to_owned(), rest)
            }
        };
        values.push(value);
        if rest.is_empty() {
            return Some(values);
        }
        rest = rest.strip_prefix(", ")?;
    }
}

/// What stands before the closing quote, and what follows it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            _ => value.push(character),
        }
    }
    None
}
