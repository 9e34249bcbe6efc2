//! What a run counts, and how it is told.

use std::{fmt, time::Duration};

use octroi_core::{Decision, Status};
use octroi_exports::LineErrorCode;
use serde::{Deserialize, Serialize};

use super::{before::Before, change::Change, form::word, question::Answer};

/// How many lines came out how.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    verdicts: Vec<(Decision, Status, u64)>,
    errors: Vec<(LineErrorCode, u64)>,
    /// What changed for how many, where that was asked.
    changes: Vec<(Change, u64)>,
    /// The number of the last line that was counted.
    pub(super) last: u64,
    /// Whether a line looks like a part of a document that has not one device on each line.
    is_other_layout: bool,
}

impl Tally {
    pub(super) fn add(&mut self, record: u64, answer: &Answer) {
        match &answer.judged {
            Ok(assessment) => self.verdict(assessment.access.decision, assessment.status, 1),
            Err(error) => {
                self.error(error.code, 1);
                self.is_other_layout |= error.is_other_layout;
            }
        }
        if let Some(change) = answer.change {
            self.change(change, 1);
        }
        self.last = record;
    }

    pub(super) fn merge(&mut self, other: &Tally) {
        for (decision, status, count) in &other.verdicts {
            self.verdict(*decision, *status, *count);
        }
        for (code, count) in &other.errors {
            self.error(*code, *count);
        }
        for (change, count) in &other.changes {
            self.change(*change, *count);
        }
        if other.lines() > 0 {
            self.last = other.last;
        }
        self.is_other_layout |= other.is_other_layout;
    }

    pub(super) fn errors(&self) -> u64 {
        self.errors.iter().map(|(_, count)| count).sum()
    }

    pub(super) fn lines(&self) -> u64 {
        let verdicts: u64 = self.verdicts.iter().map(|(_, _, count)| count).sum();
        verdicts + self.errors()
    }

    /// Whether the whole looks like a document that has not one device on each line. A line of such a one may still be read here and
    /// there, as the last of a list, which no comma follows.
    pub(super) fn is_another_layout(&self) -> bool {
        let lines = self.lines();
        self.is_other_layout && lines - self.errors() <= (lines / 4).max(1)
    }

    /// The summary, for standard error.
    pub(super) fn summary(&self, time: Duration) -> String {
        let (lines, errors) = (self.lines(), self.errors());
        let mut text = format!(
            "{lines} {} in {:.2} s: {} assessed, {errors} not\n",
            if lines == 1 { "record" } else { "records" },
            time.as_secs_f64(),
            lines - errors,
        );
        for decision in [Decision::Permit, Decision::Deny] {
            let of = STATUSES.map(|status| (word(&status), self.count(decision, status)));
            text.push_str(&line(&word(&decision), &of));
        }
        let of = LineErrorCode::ALL.map(|code| {
            let count = self.errors.iter().filter(|(known, _)| *known == code);
            (word(&code), count.map(|(_, count)| count).sum())
        });
        text.push_str(&line("error", &of));
        text
    }

    /// What changed since an earlier output. Whether devices are gone is known only of a run to the end of all inputs.
    pub(super) fn since(&self, before: &Before, is_whole: bool) -> String {
        let mut text = format!(
            "  changed, of {} devices before: {}\n",
            before.devices(),
            self.changed()
        );
        let of = Change::ALL.map(|change| (word(&change), self.of(change)));
        for (change, count) in of.iter().filter(|(_, count)| *count > 0) {
            text.push_str(&format!("    {count} {change}\n"));
        }
        if is_whole {
            text.push_str(&format!("  gone, so not printed: {}\n", before.gone()));
        } else {
            text.push_str("  gone: not counted, as not all was read\n");
        }
        for (count, what) in [
            (
                before.nameless,
                "earlier lines without a device_id, which nothing was compared with",
            ),
            (
                before.contradicted,
                "device_ids of which earlier lines contradict each other",
            ),
            (
                before.repeated(),
                "lines of a device_id that another line has, too; each was compared",
            ),
        ] {
            if count > 0 {
                text.push_str(&format!("  {count} {what}\n"));
            }
        }
        if before.unread > 0 {
            text.push_str(&format!(
                "  {} inputs of the earlier output could not be read to their ends: devices of theirs may count as new\n",
                before.unread
            ));
        }
        text
    }

    /// What other rules would change.
    pub(super) fn simulated(&self) -> String {
        let mut text = "under the new rules, compared with the old ones:\n".to_owned();
        for (change, what) in [
            (Change::NewlyDenied, "would lose access"),
            (Change::NewlyPermitted, "would gain access"),
            (
                Change::NewlyDue,
                "would have a new duty, or one that is due earlier",
            ),
            (
                Change::OtherwiseChanged,
                "would stand otherwise, with the same access",
            ),
            (Change::NewlyUnreadable, "could no longer be read"),
            (Change::NewlyAssessed, "could be read for the first time"),
        ] {
            let count = self.of(change);
            let is_access = matches!(change, Change::NewlyDenied | Change::NewlyPermitted);
            if count > 0 || is_access {
                text.push_str(&format!("  {count} {what}\n"));
            }
        }
        let unreadable = self
            .errors()
            .saturating_sub(self.of(Change::NewlyUnreadable));
        if unreadable > 0 {
            text.push_str(&format!("  {unreadable} could be read under neither\n"));
        }
        let others = self.changed() + unreadable;
        let same = self.lines().saturating_sub(others);
        text.push_str(&format!("  {same} would notice nothing\n"));
        text
    }

    fn changed(&self) -> u64 {
        self.changes.iter().map(|(_, count)| count).sum()
    }

    fn of(&self, change: Change) -> u64 {
        let counted = self.changes.iter().filter(|(known, _)| *known == change);
        counted.map(|(_, count)| count).sum()
    }

    fn change(&mut self, change: Change, more: u64) {
        match self.changes.iter_mut().find(|(known, _)| *known == change) {
            Some((_, count)) => *count += more,
            None => self.changes.push((change, more)),
        }
    }

    fn count(&self, decision: Decision, status: Status) -> u64 {
        let matching = self.verdicts.iter();
        matching
            .filter(|(known, with, _)| (*known, *with) == (decision, status))
            .map(|(_, _, count)| count)
            .sum()
    }

    fn verdict(&mut self, decision: Decision, status: Status, more: u64) {
        let mut verdicts = self.verdicts.iter_mut();
        match verdicts.find(|(known, with, _)| (*known, *with) == (decision, status)) {
            Some((_, _, count)) => *count += more,
            None => self.verdicts.push((decision, status, more)),
        }
    }

    fn error(&mut self, code: LineErrorCode, more: u64) {
        match self.errors.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += more,
            None => self.errors.push((code, more)),
        }
    }
}

const STATUSES: [Status; 5] = [
    Status::Compliant,
    Status::InGracePeriod,
    Status::Noncompliant,
    Status::Unknown,
    Status::NotApplicable,
];

/// A count and what it is made of; nothing where there is nothing to count.
fn line(name: &str, of: &[(impl fmt::Display, u64)]) -> String {
    let counted = of.iter().filter(|(_, count)| *count > 0);
    let parts: Vec<_> = counted
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let total: u64 = of.iter().map(|(_, count)| count).sum();
    if total == 0 {
        String::new()
    } else {
        format!("  {name}: {total} ({})\n", parts.join(", "))
    }
}
