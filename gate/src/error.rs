//! Why the gate cannot do what it is asked for.

use octroi_core::{AppId, Policies, PoliciesError, ReadError};
use octroi_store::StoreError;
use octroi_updates::UpdatesError;

use crate::{clock::ClockError, managed::ManagedError};

/// Why the gate cannot do what it is asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GateError {
    /// The app's clock failed.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The policies that this version carries cannot be read.
    #[error("the policies of this version cannot be read: {0}")]
    Embedded(ReadError),
    /// The deployment names policies that do not go together.
    #[error(transparent)]
    Policies(#[from] PoliciesError),
    /// A managed configuration says what it may not.
    #[error(transparent)]
    Managed(#[from] ManagedError),
    /// No policy and no catalogue knows the app.
    #[error("the app `{app}` is not known, expected {known}")]
    UnknownApp {
        /// The app.
        app: AppId,
        /// Those that are known, as a list for people.
        known: String,
    },
    /// The state was written by a newer version. It stays as it is.
    #[error("the state has format {found}, expected at most {known}: a newer version wrote it")]
    StateNewer {
        /// The format of the state.
        found: u32,
        /// The newest format that this version reads.
        known: u32,
    },
    /// The state can be neither read nor kept.
    #[error("cannot {action} the state in `{directory}`: {reason}")]
    State {
        /// What was tried.
        action: &'static str,
        /// Where.
        directory: String,
        /// What the system said.
        reason: String,
    },
}

/// Why a refresh brought nothing. What held before holds.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RefreshError {
    /// The gate cannot do it.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// The repository is not believed or not heard, or its news cannot be kept.
    #[error(transparent)]
    Updates(#[from] UpdatesError),
}

impl From<StoreError> for GateError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Newer { found, known } => Self::StateNewer { found, known },
            StoreError::Io {
                action,
                directory,
                reason,
            } => Self::State {
                action,
                directory,
                reason,
            },
        }
    }
}

impl GateError {
    pub(crate) fn unknown_app(app: &AppId, policies: &Policies) -> Self {
        Self::UnknownApp {
            app: app.clone(),
            known: policies.known_apps(),
        }
    }
}
