//! `--report`: the run as a page that people look at.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use octroi_core::Instant;
use octroi_exports::LineErrorCode;
use octroi_report::{Line, Pseudonyms, Report, Rows, Unread};

use super::{
    inputs::Inputs,
    question::{Judged, RuleSet},
};
use crate::{arguments::Reported, failure::Failure, files, language};

/// What the page is made with, on each thread.
#[derive(Default)]
pub(super) struct Naming {
    pseudonyms: Option<Pseudonyms>,
}

/// Where the page will stand. Until it is whole, it is written beside.
pub(super) struct Page {
    path: PathBuf,
    partial: PathBuf,
    file: File,
    pub(super) naming: Naming,
}

impl Page {
    /// Begins the file, so that a run of hours does not end in a folder that cannot be written to.
    pub(super) fn begin(reported: &Reported, inputs: &Inputs) -> Result<Option<Self>, Failure> {
        let Some(path) = &reported.report else {
            return Ok(None);
        };
        let is_read = |input| same_file::is_same_file(path, inputs.path(input)).unwrap_or(false);
        if (0..inputs.len()).any(is_read) {
            let found = "a file that is read as well";
            return Err(Failure::new(path.display(), found, "another output"));
        }
        let pseudonyms = reported.pseudonymise.as_deref().map(key).transpose()?;
        let Some(name) = path.file_name() else {
            return Err(Failure::new(path.display(), "no name of a file", "one"));
        };
        let mut partial = name.to_owned();
        partial.push(".partial");
        let partial = path.with_file_name(partial);
        let file = File::create(&partial).map_err(|error| Failure::io(&partial, &error))?;
        Ok(Some(Self {
            path: path.clone(),
            partial,
            file,
            naming: Naming { pseudonyms },
        }))
    }

    /// Puts the page in its place.
    pub(super) fn finish(mut self, report: &Report<'_>) -> Result<(), Failure> {
        let page = report.page(language::of_the_locale());
        let written = self
            .file
            .write_all(page.as_bytes())
            .and_then(|()| self.file.sync_all());
        written.map_err(|error| Failure::io(&self.partial, &error))?;
        fs::rename(&self.partial, &self.path).map_err(|error| Failure::io(&self.path, &error))
    }
}

/// What is not whole is not left behind.
impl Drop for Page {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.partial);
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
