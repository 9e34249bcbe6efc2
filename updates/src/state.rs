//! What is kept of updates, as JSON.

use octroi_core::{Instant, PolicyId, PolicyRef, from_json};
use octroi_store::Form;
use serde::{Deserialize, Serialize};

use crate::repository::Metadata;

/// The state, as it stands in its folder.
pub(crate) const FORM: Form = Form {
    name: "updates",
    format: 1,
};

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    /// The latest time at which the repository was believed.
    pub(crate) latest: Option<Instant>,
    /// Until when the roles at the top are signed.
    pub(crate) expires: Option<Instant>,
    /// The versions of the root and of the list of all that is there: a new root may begin the list anew.
    pub(crate) at: (u64, u64),
    /// What was asked for then, by its path without a version.
    pub(crate) asked: Vec<String>,
    /// The policies that came, in place of those that ship.
    pub(crate) policies: Vec<Kept>,
    /// The newest versions that are signed in a form which this version does not know.
    pub(crate) newer: Vec<PolicyRef>,
    /// Policies of which nothing could be learnt last.
    pub(crate) unheard: Vec<Unheard>,
    /// What a device management sets.
    pub(crate) deployment: Option<Deployed>,
    /// What was kept before was lost, and nothing came in its place yet.
    pub(crate) lost: bool,
    /// What was verified.
    pub(crate) metadata: Metadata,
}

/// A policy that came, and was verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// Which.
    pub(crate) policy: PolicyRef,
    /// Until when those who sign it did.
    pub(crate) expires: Instant,
    /// The document.
    pub(crate) text: String,
}

/// A policy of which nothing could be learnt: a newer version may be withheld.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unheard {
    /// Which.
    pub(crate) id: PolicyId,
    /// Until when those at the top were signed as it was last heard of, or as it was first asked for: who withholds a file has no
    /// longer than who withholds all.
    pub(crate) expires: Instant,
}

/// A deployment that came, and was verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deployed {
    /// The name under which it was asked for.
    pub(crate) name: PolicyId,
    /// The document.
    pub(crate) text: String,
}

impl State {
    pub(crate) fn from_json(json: &[u8]) -> Option<Self> {
        from_json(json).ok()
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        // Every key is a string and nothing is written to but memory: this cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What came of a policy.
    pub(crate) fn kept(&self, id: &PolicyId) -> Option<&Kept> {
        self.policies.iter().find(|kept| kept.policy.id == *id)
    }

    /// Puts a policy into the place of another version.
    pub(crate) fn keep(&mut self, kept: Kept) {
        self.policies
            .retain(|known| known.policy.id != kept.policy.id);
        self.policies.push(kept);
    }

    /// Both, with the later of each document: what another process kept meanwhile is not lost.
    pub(crate) fn with(mut self, other: State) -> Self {
        let is_older = self.at < other.at;
        for kept in other.policies {
            match self.kept(&kept.policy.id) {
                Some(known) if known.policy.version >= kept.policy.version => {}
                _ => self.keep(kept),
            }
        }
        if is_older {
            self.at = other.at;
            self.expires = other.expires;
            self.asked = other.asked;
            self.newer = other.newer;
            self.unheard = other.unheard;
            self.deployment = other.deployment;
            self.metadata = other.metadata;
        }
        self.latest = self.latest.max(other.latest);
        self.lost &= other.lost;
        self
    }
}
