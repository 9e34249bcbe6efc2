//! Why there is no update.

use octroi_core::Instant;
use octroi_store::StoreError;
use sigstore_tuf::Error as TufError;

/// Why a repository is not believed, or not heard. The last good policies stay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// A file could not be fetched.
    #[error("cannot fetch `{path}`: {reason}")]
    Fetch {
        /// The file.
        path: String,
        /// What the host says.
        reason: String,
    },
    /// A file that must be there is not.
    #[error("{reason}")]
    NotThere {
        /// What is missing.
        reason: String,
    },
    /// A file is larger than one of its kind may be, or than what was signed says.
    #[error("`{path}` has more than {most} bytes")]
    TooLarge {
        /// The file.
        path: String,
        /// The most that was allowed, in bytes.
        most: u64,
    },
    /// Too few of those who must sign did.
    #[error("`{role}` has {found} good signatures, expected {threshold}")]
    Signatures {
        /// What was signed.
        role: String,
        /// How many are good.
        found: usize,
        /// How many it takes.
        threshold: usize,
    },
    /// It is older than what was believed before.
    #[error("`{role}` has version {found}, expected at least {known}: it was rolled back")]
    Rollback {
        /// What is older.
        role: String,
        /// The version of what was believed before.
        known: u64,
        /// The version that was offered.
        found: u64,
    },
    /// It is past the day up to which it was signed.
    #[error("`{role}` expired at {at}")]
    Expired {
        /// What expired.
        role: String,
        /// When.
        at: Instant,
    },
    /// It is not what those who signed said it would be.
    #[error("{reason}")]
    Mismatch {
        /// What is otherwise.
        reason: String,
    },
    /// It is no metadata of a repository.
    #[error("{reason}")]
    Malformed {
        /// What is wrong.
        reason: String,
    },
    /// A key or a way of signing that is not supported: Ed25519 and ECDSA over P-256 are.
    #[error("{reason}")]
    Unsupported {
        /// What is not.
        reason: String,
    },
}

impl UpdateError {
    /// The same in every version and every language.
    pub fn code(&self) -> &'static str {
        match self {
            UpdateError::Fetch { .. } => "fetch_failed",
            UpdateError::NotThere { .. } => "not_there",
            UpdateError::TooLarge { .. } => "too_large",
            UpdateError::Signatures { .. } => "signatures",
            UpdateError::Rollback { .. } => "rollback",
            UpdateError::Expired { .. } => "expired",
            UpdateError::Mismatch { .. } => "mismatch",
            UpdateError::Malformed { .. } => "malformed",
            UpdateError::Unsupported { .. } => "unsupported",
        }
    }

    /// What the library says, as one of ours.
    pub(crate) fn of(error: TufError) -> Self {
        let reason = error.to_string();
        match error {
            TufError::ThresholdNotMet {
                role,
                found,
                threshold,
            } => Self::Signatures {
                role,
                found,
                threshold,
            },
            TufError::Rollback { role, trusted, new } => Self::Rollback {
                role,
                known: trusted,
                found: new,
            },
            TufError::BadRootVersion { trusted, new } => Self::Rollback {
                role: "root".to_owned(),
                known: trusted.saturating_add(1),
                found: new,
            },
            TufError::Expired { role, expires } => Self::Expired {
                role,
                at: Instant::from_unix_seconds(expires.as_second()),
            },
            TufError::IntegrityMismatch(_) => Self::Mismatch { reason },
            TufError::Transport { message, .. } => Self::NotThere { reason: message },
            TufError::UnsupportedScheme { .. } | TufError::UnusableKey { .. } => {
                Self::Unsupported { reason }
            }
            _ => Self::Malformed { reason },
        }
    }
}

/// Why a refresh brought nothing. What held before holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdatesError {
    /// The root of trust that the app brings is none.
    #[error("the root of trust is none: {0}")]
    Root(UpdateError),
    /// What was kept can be neither read nor replaced.
    #[error("the updates: {0}")]
    Store(#[from] StoreError),
    /// The repository is not believed, or not heard.
    #[error(transparent)]
    Update(#[from] UpdateError),
}
