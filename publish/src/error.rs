//! Why something is not published.

use std::{io, path::PathBuf};

use octroi_core::{PolicyRef, ReadError};
use octroi_updates::{Refusal, UpdateError};

/// Why something is not published. The folder is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// A file can be neither read nor written.
    #[error("{error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Something stands where something new should.
    #[error("something that is there already")]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// There is no repository.
    #[error("no repository")]
    NoRepository {
        /// Where.
        path: PathBuf,
    },
    /// Another command is at work on the repository.
    #[error("another command that is at work on it")]
    Busy {
        /// The repository.
        path: PathBuf,
    },
    /// A file is no metadata of a repository, or not what it should be.
    #[error("{reason}")]
    Metadata {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file holds no key that can be used.
    #[error("{reason}")]
    Key {
        /// What is wrong.
        reason: String,
    },
    /// A threshold that its holders can never reach, or none at all.
    #[error("a threshold of {threshold} for `{role}`, which has {holders} holders")]
    Threshold {
        /// The role.
        role: String,
        /// How many must sign.
        threshold: u64,
        /// How many can.
        holders: usize,
    },
    /// A name that no role can have.
    #[error("the role `{role}`")]
    RoleName {
        /// The name.
        role: String,
    },
    /// No role of this name signs documents.
    #[error("the role `{role}`")]
    NoRole {
        /// The name.
        role: String,
        /// Those there are.
        known: String,
    },
    /// No role may sign what stands there.
    #[error("`{path}`, which no role may sign")]
    NobodySigns {
        /// Where it would stand.
        path: String,
    },
    /// Two roles for the same documents: phones would ask the first only.
    #[error("`{path}`, which the role `{role}` signs")]
    Taken {
        /// The path.
        path: String,
        /// Who signs it.
        role: String,
    },
    /// A policy is none.
    #[error("{0}")]
    Policy(ReadError),
    /// A policy that phones would refuse.
    #[error("version {} of `{}`: {refusal}", .policy.version, .policy.id)]
    Refused {
        /// The policy.
        policy: PolicyRef,
        /// Why.
        refusal: Refusal,
    },
    /// A version that phones have already, or have passed.
    #[error("version {} of `{}`", .policy.version, .policy.id)]
    NotHigher {
        /// The policy.
        policy: PolicyRef,
        /// The highest version that ships or was added.
        known: u32,
    },
    /// A signature that counts for nothing: of somebody who holds no key of the role, or of something else.
    #[error("a signature of `{role}` that does not count, by the key {key}")]
    Signature {
        /// What was signed.
        role: String,
        /// The id of the key.
        key: String,
    },
    /// A key that holds no role: whatever it signs counts for nothing.
    #[error("the key {key}, which holds no role")]
    HoldsNothing {
        /// The id of the key.
        key: String,
    },
    /// What was signed elsewhere is not what waits here.
    #[error("something else than what waits in `pending/`")]
    SignedSomethingElse {
        /// The file.
        path: PathBuf,
    },
    /// None of the keys signs what has to be signed now.
    #[error("no key of the role `{role}`")]
    NoKeyOf {
        /// The role.
        role: &'static str,
    },
    /// What is there cannot be published before somebody signs.
    #[error("too few signatures: {waiting}")]
    Waits {
        /// What waits, and for whom.
        waiting: String,
    },
    /// A phone would not believe what would be published.
    #[error("a repository that a phone does not believe: {0}")]
    Unbelievable(UpdateError),
    /// A phone would not take a document that would be published.
    #[error("a document of `{role}` that a phone does not take: {reason}")]
    Untaken {
        /// The role that signs it.
        role: String,
        /// The document.
        path: String,
        /// Why.
        reason: String,
    },
}

impl PublishError {
    /// What something is wrong with, for who has no better name for it.
    pub fn place(&self) -> String {
        match self {
            Self::File { path, .. }
            | Self::Exists { path }
            | Self::NoRepository { path }
            | Self::Busy { path }
            | Self::Metadata { path, .. }
            | Self::SignedSomethingElse { path } => path.display().to_string(),
            Self::Untaken { path, .. } => path.clone(),
            Self::Key { .. } => "the key".to_owned(),
            Self::Policy(_) | Self::Refused { .. } | Self::NotHigher { .. } => {
                "the policy".to_owned()
            }
            Self::Threshold { .. } => "the threshold".to_owned(),
            Self::NoKeyOf { .. } => "--key".to_owned(),
            _ => "the repository".to_owned(),
        }
    }

    /// What would be right.
    pub fn expected(&self) -> String {
        match self {
            Self::File { .. } => "a file that can be read and written".to_owned(),
            Self::Exists { .. } => "a name that is free".to_owned(),
            Self::NoRepository { .. } => "a folder that `octroi repo init` made".to_owned(),
            Self::Busy { .. } => "one command at a time".to_owned(),
            Self::Metadata { .. } => "metadata of The Update Framework".to_owned(),
            Self::Key { .. } => "an Ed25519 key in PEM, as `octroi repo key` writes it".to_owned(),
            Self::Threshold { .. } => "at least 1, and no more than there are holders".to_owned(),
            Self::RoleName { .. } => {
                "a name of a-z, 0-9 and -, that none of the four roles at the top has".to_owned()
            }
            Self::NoRole { known, .. } => format!("one of {known}"),
            Self::NobodySigns { .. } => {
                "a path that `octroi repo delegate` gave to a role".to_owned()
            }
            Self::Taken { .. } => "documents that no other role signs".to_owned(),
            Self::Policy(error) => error.expected.clone(),
            Self::Refused { .. } | Self::Untaken { .. } => {
                "what a phone takes: well-formed, with scenarios that turn out as expected"
                    .to_owned()
            }
            Self::NotHigher { known, .. } => format!("a version higher than {known}"),
            Self::Signature { .. } => "signatures of those who hold the role".to_owned(),
            Self::HoldsNothing { .. } => "a key that somebody gave a role to".to_owned(),
            Self::SignedSomethingElse { .. } => {
                "the file from `pending/`, with more signatures".to_owned()
            }
            Self::NoKeyOf { .. } => {
                "the keys that sign the roles snapshot and timestamp".to_owned()
            }
            Self::Waits { .. } => "as many signatures as the thresholds ask for".to_owned(),
            Self::Unbelievable(_) => {
                "one that is signed by whom its root names, and has not expired".to_owned()
            }
        }
    }
}
