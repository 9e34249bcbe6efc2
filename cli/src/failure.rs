//! Why the command could not do what it was asked: one mould for all errors.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use octroi_core::{PoliciesError, ReadError, visible};
use octroi_exports::{ExportError, Place as Exported};

/// How a list of devices, as managements give it, becomes what `octroi fleet` reads.
pub(crate) const LINES_OF_A_LIST: &str = "`jq -c '.devices[]' FILE` makes such lines of a list of Android Management (`.value[]` of Intune, `.hosts[]` of Fleet, `.[]` of a bare list)";

/// Why the command could not do what it was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nobody reads what is printed any more.
    ClosedPipe,
    /// Where, what was found, what was expected, and what to do.
    Wrong {
        place: Place,
        path: String,
        found: String,
        expected: String,
        help: Option<String>,
    },
}

/// Where something is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// An argument, a stream, a file as a whole.
    Named(String),
    /// What somebody wrote in a document.
    Written(Box<Spot>),
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) file: PathBuf,
    /// The line and the column in characters, from 1; none if it is the whole.
    pub(crate) at: Option<(usize, usize)>,
    /// What stands in that line.
    pub(crate) line: String,
}

impl Spot {
    pub(crate) fn whole(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            at: None,
            line: String::new(),
        }
    }

    /// A place by its line and its column in characters.
    pub(crate) fn at(file: &Path, text: &str, line: usize, column: usize) -> Self {
        let there = text.lines().nth(line.saturating_sub(1));
        Self {
            at: Some((line, column)),
            line: there.unwrap_or_default().to_owned(),
            ..Self::whole(file)
        }
    }

    /// A place by how far it is from the start, in bytes.
    pub(crate) fn at_offset(file: &Path, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count())
            + 1;
        Self::at(file, text, line, column)
    }

    /// A place by its line and its column in bytes.
    pub(crate) fn at_byte(file: &Path, text: &[u8], line: usize, column: usize) -> Self {
        let mut lines = text.split(|byte| *byte == b'\n');
        let there = lines.nth(line.saturating_sub(1)).unwrap_or_default();
        let before = there.get(..column.saturating_sub(1)).unwrap_or(there);
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        Self {
            at: Some((line, column)),
            line: String::from_utf8_lossy(there).into_owned(),
            ..Self::whole(file)
        }
    }
}

impl Failure {
    pub(crate) fn new(
        place: impl fmt::Display,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        let (place, path) = (Place::Named(place.to_string()), String::new());
        Self::Wrong {
            place,
            path,
            found: found.into(),
            expected: expected.into(),
            help: None,
        }
    }

    pub(crate) fn read(place: impl fmt::Display, error: &ReadError) -> Self {
        Self::document(Place::Named(place.to_string()), error)
    }

    pub(crate) fn written(
        spot: Spot,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Wrong {
            place: Place::Written(Box::new(spot)),
            path: String::new(),
            found: found.into(),
            expected: expected.into(),
            help: None,
        }
    }

    pub(crate) fn document(place: Place, error: &ReadError) -> Self {
        let path = error.path.to_string();
        let (found, expected) = (error.found.clone(), error.expected.clone());
        Self::Wrong {
            place,
            path,
            found,
            expected,
            help: None,
        }
    }

    /// Policies that do not go together, chosen by a deployment or on the command line.
    pub(crate) fn policies(place: &str, error: &PoliciesError) -> Self {
        let shipped = "`octroi policy list` lists those that ship with octroi; give any other with --policy FILE";
        match error {
            PoliciesError::Empty => Self::new(place, "no policy", "at least one"),
            PoliciesError::Twice { id } => Self::new(
                place,
                format!("the policy `{id}` twice"),
                "each policy once",
            ),
            PoliciesError::NotAvailable { id, available } => Self::new(
                place,
                format!("the policy `{id}`"),
                format!("one of {available}"),
            )
            .help(shipped),
            PoliciesError::NotifiedUnknown { id, given } => {
                let found = format!("a day of notification for `{id}`");
                Self::new(place, found, format!("days for {given} only"))
            }
        }
    }

    /// Columns are told in characters, as an editor and every other error counts them.
    pub(crate) fn export(file: &str, export: &[u8], error: &ExportError) -> Self {
        let place = match &error.place {
            Exported::Whole | Exported::Devices => file.to_owned(),
            Exported::Platform => "--platform".to_owned(),
            Exported::Text { line, column } | Exported::Json { line, column, .. } => {
                let text = export.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(export);
                let is_utf_16 = text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF");
                // The bytes of UTF-16 are not those that were counted.
                let text = if is_utf_16 { &[] } else { text };
                let spot = Spot::at_byte(Path::new(file), text, *line, *column);
                match spot.line.is_empty() {
                    true => format!("{file}:{line}:{column}"),
                    false => spot.to_string(),
                }
            }
            Exported::Path(path) => format!("{file}: `{path}`"),
            Exported::Offset(offset) => format!("{file}: byte {offset}"),
        };
        let path = match &error.place {
            Exported::Json { path, .. } => path.clone(),
            _ => String::new(),
        };
        let is_many = match &error.place {
            Exported::Devices => true,
            Exported::Text { .. } => error.found.starts_with("`["),
            Exported::Json { .. } => error.expected == "nothing after the document",
            _ => false,
        };
        let help = is_many.then(|| {
            format!("`octroi fleet` takes many devices, one on each line; {LINES_OF_A_LIST}")
        });
        Self::Wrong {
            place: Place::Named(place),
            path,
            found: error.found.clone(),
            expected: error.expected.clone(),
            help,
        }
    }

    /// What only the build for repositories can do.
    #[cfg(not(feature = "publish"))]
    pub(crate) fn not_built_in(what: &str) -> Self {
        Self::new(
            what,
            "an `octroi` that publishes nothing",
            "one built with `cargo install --path cli --features publish --profile dist`",
        )
    }

    /// What only the build for columns can do.
    pub(crate) fn no_parquet(what: impl fmt::Display) -> Self {
        Self::new(
            what,
            "an `octroi` that knows no Parquet",
            "one built with `cargo install --path cli --features parquet --profile dist`",
        )
    }

    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        let expected = match error.kind() {
            io::ErrorKind::NotFound => "the name of a file that is there",
            io::ErrorKind::PermissionDenied => "a file that may be read",
            _ => "a file that can be read",
        };
        Self::new(path.display(), error.to_string(), expected)
    }

    #[must_use]
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        if let Self::Wrong { help, .. } = &mut self {
            *help = Some(text.into());
        }
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Wrong {
            place,
            path,
            found,
            expected,
            help,
        } = self
        else {
            return f.write_str("nobody reads the output");
        };
        f.write_str(&visible(&place.to_string()))?;
        if !path.is_empty() {
            write!(f, ": `{}`", visible(path))?;
        }
        write!(
            f,
            "\n  found:    {}\n  expected: {}",
            visible(found),
            visible(expected)
        )?;
        match help {
            Some(help) => write!(f, "\n  help:     {}", visible(help)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Written(spot) => spot.fmt(f),
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.at {
            Some((line, column)) => write!(f, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::new("standard output", error.to_string(), "a place to write to"),
        }
    }
}
