//! `--report`: the run as a page that people look at.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use octroi_core::Instant;
use octroi_exports::LineErrorCode;
use octroi_report::{Line, Pseudonyms, Report, Rows, Unread};

use super::{
    inputs::Inputs,
    place::Place,
    question::{Judged, RuleSet},
};
use crate::{arguments::Fleet, failure::Failure, files, language};

/// What the page is made with, on each thread.
#[derive(Default)]
pub(super) struct Naming {
    pseudonyms: Option<Pseudonyms>,
}

/// Where the page will stand. Until it is whole, it is written beside.
pub(super) struct Page {
    place: Place,
    partial: Partial,
    file: File,
    pub(super) naming: Naming,
}

/// The name of what is not whole; none once it is, as somebody else may have that name then.
struct Partial(Option<PathBuf>);

impl Page {
    /// Begins the file, so that a run of hours does not end in a folder that cannot be written to.
    pub(super) fn begin(arguments: &Fleet, inputs: &Inputs) -> Result<Option<Self>, Failure> {
        let Some(path) = &arguments.reported.report else {
            return Ok(None);
        };
        let place = Place::of(path, arguments, inputs)?;
        let pseudonyms = arguments.reported.pseudonymise.as_deref();
        let pseudonyms = pseudonyms.map(key).transpose()?;
        let (partial, file) = place.partial().map_err(|error| place.wrong(&error))?;
        Ok(Some(Self {
            place,
            partial: Partial(Some(partial)),
            file,
            naming: Naming { pseudonyms },
        }))
    }

    /// Puts the page in its place.
    pub(super) fn finish(mut self, report: &Report<'_>) -> Result<(), Failure> {
        let page = report.page(language::of_the_locale());
        let mut finish = || {
            self.file.write_all(page.as_bytes())?;
            self.file.sync_all()?;
            self.partial.put(&self.place)
        };
        finish().map_err(|error| self.place.wrong(&error))
    }
}

impl Partial {
    fn put(&mut self, place: &Place) -> io::Result<()> {
        if let Some(path) = &self.0 {
            place.take(path)?;
        }
        self.0 = None;
        Ok(())
    }
}

/// What is not whole is not left behind.
impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

impl Naming {
    /// A report of no device yet.
    pub(super) fn report<'a>(&self, rules: &'a RuleSet, at: Instant) -> Report<'a> {
        Report::new(
            &rules.policies,
            &rules.deployment,
            at,
            self.pseudonyms.as_ref(),
        )
    }

    /// The rows of a batch.
    pub(super) fn rows(&self) -> Rows {
        Rows::new(self.pseudonyms.as_ref())
    }
}

/// Adds what was found of a line.
pub(super) fn add(rows: &mut Rows, line: Line, judged: &Judged) {
    match judged {
        Ok(assessment) => rows.add(line, assessment),
        Err(error) => {
            let why = match error.code {
                LineErrorCode::Encoding => Unread::Encoding,
                LineErrorCode::Json => Unread::Json,
                LineErrorCode::Record => Unread::Record,
                LineErrorCode::TooLong => Unread::TooLong,
            };
            rows.unread(line, why);
        }
    }
}

fn key(path: &Path) -> Result<Pseudonyms, Failure> {
    let (place, key) = files::whole(path, files::SMALL)?;
    Pseudonyms::new(&key).map_err(|error| {
        Failure::new(
            place,
            format!("a key of {} bytes", error.found),
            "at least 32 bytes, such as `head -c 32 /dev/urandom > KEYFILE` makes",
        )
    })
}
