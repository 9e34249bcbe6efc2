//! Judging anew what a phone states.

use octroi_core::{Assessment, Deployment, Instant, Policies, PolicyId, Record, assess};

use super::{Evidence, SecurityLevel, refusal::Refusal, token::unless_twice};
use crate::{key::Thumbprint, statement::Verdict};

/// What a server asks of a statement beyond its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The least version of a policy that the phone has to know. None: whatever it knows, the server judges by its own.
    pub minimum_versions: Vec<(PolicyId, u32)>,
    /// Refuses a statement whose verdict does not follow from its facts. Otherwise the difference is told: it follows where
    /// the phone had another policy, or another deployment, as well as where it lies.
    pub refuse_mismatch: bool,
}

/// A verdict that does not follow from the facts that came with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What the phone says.
    pub stated: Verdict,
    /// What follows from its facts, under the server's policies, at the instant of the statement.
    pub follows: Verdict,
}

/// What the server found.
#[derive(Clone, Debug, PartialEq)]
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

/// Assesses the facts of a statement under the server's policies. The phone's verdict changes nothing of it.
///
/// # Errors
///
/// If the facts cannot be read, or the statement is not what the server asks for.
pub fn appraise(
    evidence: &Evidence,
    policies: &Policies,
    deployment: &Deployment,
    requirements: &Requirements,
    now: Instant,
) -> Result<Appraisal, Refusal> {
    for (policy, minimum) in &requirements.minimum_versions {
        let known = evidence.policies.iter().filter(|known| known.id == *policy);
        // Of one that is listed twice, under whichever was decided.
        let found = known.map(|known| known.version).min();
        if found.is_none_or(|found| found < *minimum) {
            return Err(Refusal::PolicyTooOld {
                policy: policy.clone(),
                found,
                minimum: *minimum,
            });
        }
    }
    let mut record = Record::from_json(evidence.record.as_bytes(), policies)
        .map_err(|error| unless_twice(error, Refusal::MalformedRecord))?;
    if !knows_all(evidence, policies) {
        // The phone left out of its lists what none of its policies names: they are complete for those only.
        for observation in &mut record.observations {
            observation.complete = false;
        }
    }
    let at = |instant| assess(policies, &record, deployment, instant);
    let follows = Verdict::of(&at(evidence.issued_at));
    let stated = evidence.verdict;
    let mismatch = (stated != follows).then_some(Mismatch { stated, follows });
    if let Some(mismatch) = mismatch.filter(|_| requirements.refuse_mismatch) {
        return Err(Refusal::VerdictMismatch(Box::new(mismatch)));
    }
    Ok(Appraisal {
        key: evidence.key,
        attested: evidence.attested,
        nonce: evidence.nonce.clone(),
        // A phone's clock may be ahead: what it saw a moment ago is not from the future.
        assessment: at(now.max(evidence.issued_at)),
        mismatch,
    })
}

/// Whether the phone has every policy of the server, in the same version.
fn knows_all(evidence: &Evidence, policies: &Policies) -> bool {
    policies.iter().all(|policy| {
        let version = policy.document().version;
        let mut known = evidence.policies.iter();
        known.any(|known| known.id == *policy.id() && known.version == version)
    })
}
