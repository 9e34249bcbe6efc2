//! Judging anew what a phone states.

use std::sync::Arc;

use octroi_core::{Assessment, Deployment, Instant, PolicyRef};
use octroi_evidence::{Mismatch, SecurityLevel, Thumbprint, Verdict};

use crate::{errors::OctroiError, policies::Policies, verifier::Evidence};

/// What the server asks of a statement beyond its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct Requirements {
    /// The least version of a policy that the phone has to know. None: whatever it knows, the server judges by its own.
    #[uniffi(default)]
    pub minimum_versions: Vec<PolicyRef>,
    /// Refuses a statement whose verdict does not follow from its facts. Otherwise the difference is told: it follows where
    /// the phone had another policy, or another deployment, as well as where it lies.
    #[uniffi(default = false)]
    pub refuse_mismatch: bool,
}

/// A verdict that does not follow from the facts that came with it.
#[uniffi::remote(Record)]
pub struct Mismatch {
    /// What the phone says.
    pub stated: Verdict,
    /// What follows from its facts, under the server's policies, at the instant of the statement.
    pub follows: Verdict,
}

/// What the server found.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Appraisal {
    /// The key that signed the statement.
    pub key: Thumbprint,
    /// Where the key is kept, if the maker of the device vouches for it.
    pub attested: Option<SecurityLevel>,
    /// The nonce that it answers.
    pub nonce: String,
    /// The assessment, by the server's policies, from the phone's facts: now, or when the statement was issued, if the phone's
    /// clock is ahead.
    pub assessment: Assessment,
    /// How the phone's own verdict differs, if it does.
    pub mismatch: Option<Mismatch>,
}

/// Assesses the facts of a statement under the server's policies and deployment. The phone's verdict changes nothing of it.
///
/// Errors: `Refused` if the facts cannot be read, or the statement is not what the server asks for; `Value` for a deployment or
/// requirements that hold a wrong value.
#[uniffi::export]
pub fn appraise(
    evidence: Evidence,
    policies: Arc<Policies>,
    deployment: Deployment,
    requirements: Requirements,
    now: Instant,
) -> Result<Appraisal, OctroiError> {
    let minimum = requirements.minimum_versions.into_iter();
    let requirements = octroi_evidence::Requirements {
        minimum_versions: minimum.map(|one| (one.id, one.version)).collect(),
        refuse_mismatch: requirements.refuse_mismatch,
    };
    let evidence = evidence.into();
    let appraised =
        octroi_evidence::appraise(&evidence, &policies.0, &deployment, &requirements, now)?;
    Ok(appraised.into())
}

impl From<octroi_evidence::Appraisal> for Appraisal {
    fn from(appraisal: octroi_evidence::Appraisal) -> Self {
        Self {
            key: appraisal.key,
            attested: appraisal.attested,
            nonce: appraisal.nonce,
            assessment: appraisal.assessment,
            mismatch: appraisal.mismatch,
        }
    }
}

impl From<Appraisal> for octroi_evidence::Appraisal {
    fn from(appraisal: Appraisal) -> Self {
        Self {
            key: appraisal.key,
            attested: appraisal.attested,
            nonce: appraisal.nonce,
            assessment: appraisal.assessment,
            mismatch: appraisal.mismatch,
        }
    }
}
