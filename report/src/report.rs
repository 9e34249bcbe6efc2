//! The whole fleet.

use octroi_core::{Deployment, Instant, Language, Policies};

use crate::{
    counts::Counts,
    kinds::Kinds,
    listed::{self, Device, Listed},
    page,
    pseudonyms::Pseudonyms,
    rows::{Rows, UnreadLines},
};

/// The verdicts on a fleet. Its size is bounded, however many devices there are.
#[derive(Debug)]
pub struct Report<'a> {
    pub(crate) policies: &'a Policies,
    pub(crate) deployment: &'a Deployment,
    pub(crate) at: Instant,
    pub(crate) is_pseudonymous: bool,
    pub(crate) counts: Counts,
    pub(crate) kinds: Kinds,
    pub(crate) listed: Listed,
    pub(crate) unread: UnreadLines,
    /// Files that could not be read to their end.
    pub(crate) broken_off: u64,
}

impl<'a> Report<'a> {
    /// Of no device yet. The policies, the deployment and the instant are those of the assessments, and the pseudonyms those of the rows.
    pub fn new(
        policies: &'a Policies,
        deployment: &'a Deployment,
        at: Instant,
        pseudonyms: Option<&Pseudonyms>,
    ) -> Self {
        Self {
            policies,
            deployment,
            at,
            is_pseudonymous: pseudonyms.is_some(),
            counts: Counts::default(),
            kinds: Kinds::default(),
            listed: Listed::default(),
            unread: UnreadLines::default(),
            broken_off: 0,
        }
    }

    /// Adds the next part of the fleet.
    pub fn merge(&mut self, rows: Rows) {
        self.unread.merge(&rows.unread);
        let mut kinds = Vec::with_capacity(rows.said.len());
        for said in &rows.said {
            self.counts.add(said);
            let kind = self.kinds.of(said, self.policies, self.deployment);
            kinds.push((kind, listed::rank(said)));
        }
        for row in rows.rows {
            if let Some((kind, rank)) = kinds.get(row.said) {
                let device = Device {
                    line: row.line,
                    name: row.name,
                    kind: *kind,
                    until: row.until,
                };
                self.listed.add(*rank, device);
            }
        }
    }

    /// Says that so many files could not be read to their end.
    pub fn broken_off(&mut self, files: u64) {
        self.broken_off += files;
    }

    /// The page, in all languages, with this one shown where a browser asks for none of them. It has 10,000,000 bytes at most.
    pub fn page(&self, language: Language) -> String {
        page::page(self, language)
    }
}
