//! A statement that counts and its appraisal, as JSON.

use octroi_core::{Assessment, Instant, PolicyRef};
use serde::Serialize;

use super::{Appraisal, Evidence, Mismatch, SecurityLevel};
use crate::statement::Verdict;

/// What was stated and what was found, as one JSON object (`octroi schema appraisal`).
#[derive(Clone, Debug, Serialize)]
pub struct Appraised<'a> {
    key: String,
    attested: Option<SecurityLevel>,
    issued_at: Instant,
    software: Software<'a>,
    policies: &'a [PolicyRef],
    stated: Verdict,
    follows: Option<Verdict>,
    assessment: &'a Assessment,
}

#[derive(Clone, Debug, Serialize)]
struct Software<'a> {
    name: &'a str,
    version: &'a str,
}

impl<'a> Appraised<'a> {
    /// Of a statement and its own appraisal.
    pub fn new(evidence: &'a Evidence, appraisal: &'a Appraisal) -> Self {
        let (name, version) = &evidence.software;
        Self {
            key: evidence.key.to_string(),
            attested: evidence.attested,
            issued_at: evidence.issued_at,
            software: Software { name, version },
            policies: &evidence.policies,
            stated: evidence.verdict,
            follows: appraisal.mismatch.map(|Mismatch { follows, .. }| follows),
            assessment: &appraisal.assessment,
        }
    }
}
