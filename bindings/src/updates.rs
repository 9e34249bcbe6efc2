//! What a refresh brought.

use std::sync::Arc;

use octroi_core::PolicyRef;
use octroi_updates::TransportError;

use crate::ports::{PortError, Transport};

/// What happened to a document of a repository that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Change {
    /// A policy replaces an older version, or is new.
    Replaced {
        /// The policy.
        policy: PolicyRef,
    },
    /// A policy has a form that only a newer version of octroi knows. What it would replace goes on.
    NeedsNewerApp {
        /// The policy.
        policy: PolicyRef,
    },
    /// A policy replaces none: it was signed, and is not right.
    Refused {
        /// The policy.
        policy: PolicyRef,
        /// `form`, `out_of_place`, `no_scenarios`, `scenario`, or what a later version adds.
        code: String,
        /// Why, in English.
        reason: String,
    },
    /// Of a document nothing could be learnt. What was there stays, and the next refresh asks again.
    NotHeard {
        /// What was asked for.
        path: String,
        /// One of those of `OctroiError.Repository`.
        code: String,
        /// Why, in English.
        reason: String,
    },
    /// What the device management sets is another.
    Deployed,
    /// The device management sets nothing any more, or another name was asked for.
    Withdrawn,
    /// What the device management sets is no deployment. What it set before stays.
    DeploymentRefused {
        /// Why, in English.
        reason: String,
    },
}

impl Change {
    pub(crate) fn of(change: octroi_updates::Change) -> Self {
        use octroi_updates::Change as Their;
        match change {
            Their::Replaced(policy) => Self::Replaced { policy },
            Their::NeedsNewerApp(policy) => Self::NeedsNewerApp { policy },
            Their::Refused { policy, refusal } => Self::Refused {
                policy,
                code: refusal.code().to_owned(),
                reason: refusal.to_string(),
            },
            Their::NotHeard { path, error } => Self::NotHeard {
                path,
                code: error.code().to_owned(),
                reason: error.to_string(),
            },
            Their::Deployed => Self::Deployed,
            Their::Withdrawn => Self::Withdrawn,
            Their::DeploymentRefused(error) => Self::DeploymentRefused {
                reason: error.to_string(),
            },
        }
    }
}

/// The app's transport, as a refresh knows transports.
pub(crate) struct AppTransport(pub(crate) Arc<dyn Transport>);

impl octroi_updates::Transport for AppTransport {
    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError> {
        self.0.fetch(path.to_owned(), most).map_err(|error| {
            let PortError::Failed { reason } = error;
            TransportError { reason }
        })
    }
}
