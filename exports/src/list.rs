//! The list of apps of an export, while it is read: the one place that decides whether it is complete.

use octroi_core::{Instant, Observation, Scope, Seen, SeenApp, Source};

use crate::{note::Note, part::Part};

/// Only so many lines and users are named: the first one decides.
pub(crate) const NAMED: usize = 10;

/// The package that is the system itself, on every Android phone.
pub(crate) const ANDROID: &str = "android";

/// Apps that were seen, and what keeps the list from being complete.
#[derive(Default)]
pub(crate) struct AppList {
    apps: Vec<SeenApp<'static>>,
    open: bool,
    /// The first of them, by number.
    error_lines: Vec<usize>,
    without_identifier: usize,
    unknown: usize,
    not_installed: usize,
}

impl AppList {
    /// Adds an app. One that nobody can name can be any, so that the list is not complete.
    pub(crate) fn add(&mut self, app: Option<SeenApp<'static>>) {
        match app.as_ref().map(|app| &app.seen) {
            Some(Seen::Id { .. }) => {}
            Some(_) => self.without_identifier += 1,
            None => {
                self.unknown += 1;
                self.open = true;
            }
        }
        self.apps.extend(app);
    }

    /// Counts an entry that says of itself that it is not installed.
    pub(crate) fn not_installed(&mut self) {
        self.not_installed += 1;
    }

    /// Apps may be missing.
    pub(crate) fn leave_open(&mut self) {
        self.open = true;
    }

    /// A line, counted from 1, is no whole entry: an app may be missing at that place.
    pub(crate) fn error_line(&mut self, line: usize) {
        self.open = true;
        if self.error_lines.len() < NAMED {
            self.error_lines.push(line);
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        !self.open
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.apps.is_empty()
    }

    /// Whether the package `android` is among the apps.
    pub(crate) fn has_android(&self) -> bool {
        self.ids().any(|id| id == ANDROID)
    }

    /// The identifiers of the apps.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.apps.iter().filter_map(|app| match &app.seen {
            Seen::Id { id, .. } => Some(id.as_str()),
            _ => None,
        })
    }

    /// Ends the list: this part saw it, so far and at that time.
    pub(crate) fn observed(
        self,
        part: &mut Part,
        source: Source,
        scope: Scope,
        taken_at: Option<Instant>,
    ) {
        let counted = |count, note: fn(usize) -> Note| (count > 0).then(|| note(count));
        if (source, scope) == (Source::Mdm, Scope::Profile) {
            part.notes.push(Note::ManagedOnly);
        }
        if self.apps.is_empty() && self.is_complete() {
            part.notes.push(Note::ListEmpty);
        }
        let error_lines = self.error_lines.into_iter();
        part.notes
            .extend(error_lines.map(|line| Note::ErrorLine { line }));
        part.notes.extend(counted(self.without_identifier, |count| {
            Note::EntriesWithoutIdentifier { count }
        }));
        part.notes
            .extend(counted(self.unknown, |count| Note::EntriesUnknown {
                count,
            }));
        part.notes
            .extend(counted(self.not_installed, |count| Note::NotInstalled {
                count,
            }));
        part.said.observations.push(Observation {
            source: Some(source),
            taken_at,
            scope,
            complete: !self.open,
            apps: self.apps,
            ..Observation::default()
        });
    }
}
