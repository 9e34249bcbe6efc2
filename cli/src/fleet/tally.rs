//! What a run counts, and how it is told.

use std::{fmt, time::Duration};

use octroi_core::{Assessment, Decision, Status};
use octroi_exports::{LineError, LineErrorCode};

use super::form::word;

/// How many lines came out how.
#[derive(Default)]
pub(super) struct Tally {
    verdicts: Vec<(Decision, Status, u64)>,
    errors: Vec<(LineErrorCode, u64)>,
    /// The number of the last line that was counted.
    pub(super) last: u64,
    /// Whether a line looks like a part of a document that has not one device on each line.
    pub(super) is_other_layout: bool,
}

impl Tally {
    pub(super) fn add(&mut self, record: u64, outcome: &Result<Assessment, LineError>) {
        match outcome {
            Ok(assessment) => self.verdict(assessment.access.decision, assessment.status, 1),
            Err(error) => {
                self.error(error.code, 1);
                self.is_other_layout |= error.is_other_layout;
            }
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
        self.last = self.last.max(other.last);
        self.is_other_layout |= other.is_other_layout;
    }

    pub(super) fn errors(&self) -> u64 {
        self.errors.iter().map(|(_, count)| count).sum()
    }

    pub(super) fn lines(&self) -> u64 {
        let verdicts: u64 = self.verdicts.iter().map(|(_, _, count)| count).sum();
        verdicts + self.errors()
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
