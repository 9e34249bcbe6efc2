use core::fmt;

use octroi_core::{Platform, ReadError, visible};

use crate::one_kind::mixed_with_record;

/// Why an export could not be read: where, what was found, what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: found {found}, expected {expected}")]
pub struct ExportError {
    /// Where.
    pub place: Place,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

/// A place in an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The export as a whole.
    Whole,
    /// The devices that it lists.
    Devices,
    /// What the user told beside it: the platform.
    Platform,
    /// A place in a text.
    Text {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// A place in a JSON document.
    Json {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// The path, such as `device.ownership`; empty at the top.
        path: String,
    },
    /// A value in a property list, such as `InstalledApplicationList[3].Identifier`.
    Path(String),
    /// A number of bytes from the start of a binary file.
    Offset(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Whole => f.write_str("the whole export"),
            Place::Devices => f.write_str("the list of devices"),
            Place::Platform => f.write_str("the platform told"),
            Place::Text { line, column } => write!(f, "line {line}, column {column}"),
            Place::Json { line, column, path } if path.is_empty() => {
                write!(f, "line {line}, column {column}")
            }
            Place::Json { line, column, path } => {
                write!(f, "line {line}, column {column}: `{path}`")
            }
            Place::Path(path) => write!(f, "`{path}`"),
            Place::Offset(offset) => write!(f, "byte {offset}"),
        }
    }
}

impl From<ReadError> for ExportError {
    fn from(error: ReadError) -> Self {
        Self {
            place: Place::Json {
                line: error.line,
                column: error.column,
                path: error.path.to_string(),
            },
            found: error.found,
            expected: error.expected,
        }
    }
}

impl ExportError {
    /// Why octroi's own record could not be read: if keys of another export stand beside its own, that is why.
    pub fn of_record(record: &str, error: ReadError) -> Self {
        mixed_with_record(record).unwrap_or(error).into()
    }

    pub(crate) fn new(place: Place, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            place,
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The user told a platform that this export cannot come from.
    pub(crate) fn contradiction(told: Platform, expected: impl Into<String>) -> Self {
        Self::new(Place::Platform, format!("`{}`", told.as_str()), expected)
    }
}

impl Place {
    /// The place of an offset in a text.
    pub(crate) fn in_text(text: &[u8], offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        Place::Text {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: before.len() - line_start + 1,
        }
    }
}

/// What somebody else wrote, quoted in an error message.
pub(crate) fn excerpt(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// What somebody else wrote, short enough and plain enough for one line on a terminal.
pub(crate) fn plain(text: &str) -> String {
    const LENGTH: usize = 60;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let text = lines.join(" ");
    let text = text.trim();
    let (shown, more) = match text.char_indices().nth(LENGTH) {
        Some((end, _)) => (text.get(..end).unwrap_or(text), "…"),
        None => (text, ""),
    };
    visible(shown).into_owned() + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_fits_a_line_and_carries_no_escape_sequence_to_a_terminal() {
        assert_eq!(excerpt(" a\tb\u{1b}[31m "), "`a\\u{9}b\\u{1b}[31m`");
        assert_eq!(excerpt("{\r\n  \"a\": 1\n}\r\n"), "`{ \"a\": 1 }`");
        assert_eq!(excerpt("tik\u{200b}tok"), "`tik\\u{200b}tok`");
        assert_eq!(excerpt(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }

    #[test]
    fn a_place_in_a_text_counts_from_one() {
        let at = |offset| match Place::in_text(b"ab\ncd", offset) {
            Place::Text { line, column } => (line, column),
            _ => (0, 0),
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 3));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(99), (2, 3));
    }
}
