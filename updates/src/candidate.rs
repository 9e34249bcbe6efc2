//! From a document that was signed to a policy that may replace another: signed is not yet right.

use octroi_core::{LintCode, Policy, PolicyId, PolicyRef, ReadError};
use serde::{Deserialize, de::IgnoredAny};

/// The newest form of a policy that this version knows.
const FORMAT: u64 = 1;

/// Why a policy that was signed replaces none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It is not the form of a policy, or its parts do not fit together.
    #[error("{0}")]
    Form(ReadError),
    /// It is another policy or another version than the one whose place it stands in.
    #[error("found version {} of `{}`", .found.version, .found.id)]
    OutOfPlace {
        /// What it says that it is.
        found: PolicyRef,
    },
    /// Its author wrote down no situation, so nothing shows that it does what was meant.
    #[error("it has no scenarios")]
    NoScenarios,
    /// A situation that its author wrote down does not turn out as expected.
    #[error("the scenario `{situation}` does not turn out as expected: {mismatch}")]
    Scenario {
        /// The situation, in its author's words.
        situation: String,
        /// What is expected and what comes out.
        mismatch: String,
    },
}

impl Refusal {
    /// The same in every version and every language.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Form(_) => "form",
            Refusal::OutOfPlace { .. } => "out_of_place",
            Refusal::NoScenarios => "no_scenarios",
            Refusal::Scenario { .. } => "scenario",
        }
    }
}

/// What a document is.
pub(crate) enum Candidate {
    /// A policy that does what its author expects of it.
    Policy,
    /// A policy in a form that only a newer version knows.
    Newer,
}

/// Reads a policy and tries it.
pub(crate) fn read(text: &str, expected: &PolicyRef) -> Result<Candidate, Refusal> {
    if is_newer(text) {
        return Ok(Candidate::Newer);
    }
    let policy = Policy::from_json(text.as_bytes()).map_err(Refusal::Form)?;
    let found = reference(&policy);
    if found != *expected {
        return Err(Refusal::OutOfPlace { found });
    }
    judge(&policy)?;
    Ok(Candidate::Policy)
}

/// Whether a phone takes a policy in place of another. What lint finds is for its author to look at, and keeps no policy from being
/// used, with one exception: nothing takes the place of a policy that was tried before anybody tried it.
///
/// # Errors
///
/// If it has no scenarios, or one that does not turn out as expected.
pub fn judge(policy: &Policy) -> Result<(), Refusal> {
    for lint in policy.lint(None) {
        if lint.code == LintCode::NoScenarios {
            return Err(Refusal::NoScenarios);
        }
        let PolicyRef { id, version } = reference(policy);
        log::info!("version {version} of {id}: {}", lint.code);
    }
    for scenario in &policy.document().scenarios {
        if let Some(mismatch) = scenario.play(policy).first() {
            return Err(Refusal::Scenario {
                situation: scenario.situation.to_string(),
                mismatch: mismatch.to_string(),
            });
        }
    }
    Ok(())
}

pub(crate) fn reference(policy: &Policy) -> PolicyRef {
    PolicyRef {
        id: policy.id().clone(),
        version: policy.document().version,
    }
}

/// The text of a document.
pub(crate) fn text(bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).or_else(|error| {
        // The reader says where it is none; it takes no such text for a document, whatever is expected of it.
        octroi_core::from_json::<IgnoredAny>(error.as_bytes()).map(|_| String::new())
    })
}

/// Where the document of a version stands in the repository.
pub fn path(id: &PolicyId, version: u32) -> String {
    format!("policies/{id}/{version}.json")
}

/// The version of the policy whose document stands there.
pub fn version(id: &PolicyId, path: &str) -> Option<u32> {
    let path = path.strip_prefix("policies/")?.strip_prefix(id.as_str())?;
    let number = path.strip_prefix('/')?.strip_suffix(".json")?;
    let version: u32 = number.parse().ok()?;
    // One name for each: `+2` and `02` are none.
    (version.to_string() == number).then_some(version)
}

fn is_newer(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Form {
        format: u64,
    }
    serde_json::from_str(text).is_ok_and(|Form { format }| format > FORMAT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_one_place() {
        let id = PolicyId::new("be-brussels-local").unwrap();
        assert_eq!(version(&id, &path(&id, 12)), Some(12));
        for other in [
            "policies/be-brussels-local/+2.json",
            "policies/be-brussels-local/02.json",
            "policies/be-brussels-local/99999999999.json",
            "policies/be-brussels-local/x/2.json",
            "policies/be-brussels-local-2/2.json",
            "policies/be-brussels-local/2.toml",
            "deployments/be-brussels-local/2.json",
        ] {
            assert_eq!(version(&id, other), None, "{other}");
        }
    }
}
