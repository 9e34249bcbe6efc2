//! Why the command could not do what it was asked: one mould for all errors.

use std::{fmt, io, path::Path};

use octroi_core::ReadError;

/// Where, what was found, what was expected, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    place: String,
    path: String,
    found: String,
    expected: String,
    help: Option<String>,
}

impl Failure {
    pub(crate) fn new(
        place: impl fmt::Display,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        let (place, path) = (place.to_string(), String::new());
        Self {
            place,
            path,
            found: found.into(),
            expected: expected.into(),
            help: None,
        }
    }

    pub(crate) fn read(place: impl fmt::Display, error: &ReadError) -> Self {
        Self {
            path: error.path.to_string(),
            ..Self::new(place, &error.found, &error.expected)
        }
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
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if !self.path.is_empty() {
            write!(f, ": `{}`", self.path)?;
        }
        write!(
            f,
            "\n  found:    {}\n  expected: {}",
            self.found, self.expected
        )?;
        match &self.help {
            Some(help) => write!(f, "\n  help:     {help}"),
            None => Ok(()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new("standard output", error.to_string(), "a place to write to")
    }
}
