//! What can be wrong with what is handed in, and with what a phone sent.

use octroi_core::{AppId, PoliciesError, PolicyId, ReadError, visible};
use octroi_evidence::Refusal;

use crate::ports::PortError;

/// Why octroi refused what it was given. Nothing was decided then.
///
/// The variants are stable: a later version may add some, and renames none. The description is in English, for a developer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum OctroiError {
    /// A statement does not count.
    #[error("{reason}")]
    Refused {
        /// Why, as a code: one of `Refusals`, or what a later version adds.
        code: String,
        /// Why, in English.
        reason: String,
    },
    /// The server's own code failed: the resolver of keys, the memory of nonces, or the signer. Nothing is said of the phone.
    #[error("the server's own code failed: {reason}")]
    Port {
        /// What it said, or what is wrong with what it gave.
        reason: String,
    },
    /// A JSON document is not its form to the letter.
    #[error(
        "line {line}, column {column}: {}found {found}, expected {expected}",
        before(place)
    )]
    Document {
        /// The line, from 1.
        line: u64,
        /// The column in bytes, from 1.
        column: u64,
        /// The place in the document, such as `device.ownership` or `observations[0].apps[3].id`; empty at the top.
        place: String,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// A value is none of its kind: an app id with a space, a certificate that is none.
    #[error("`{place}`: found {found}, expected {expected}")]
    Value {
        /// The kind of the value, by the name of its type: `AppId`.
        place: String,
        /// The value.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// The deployment names no policy.
    #[error("no policy is given")]
    NoPolicy,
    /// A policy is given twice.
    #[error("the policy `{id}` is given twice")]
    PolicyTwice {
        /// The policy that is given twice.
        id: PolicyId,
    },
    /// The deployment names a policy that is not available.
    #[error("the policy `{id}` is not among those available: {available}")]
    PolicyNotAvailable {
        /// The policy that the deployment names.
        id: PolicyId,
        /// The policies that are available, as a list for people.
        available: String,
    },
    /// The deployment's day of notification names a policy that is not among its policies.
    #[error("`notified_on` names the policy `{id}`, which is not among those given: {given}")]
    NotifiedUnknown {
        /// The policy that it names.
        id: PolicyId,
        /// The policies that are given, as a list for people.
        given: String,
    },
    /// No policy and no catalogue knows the app that something was said of.
    #[error("the app `{app}` is not known, expected {known}")]
    UnknownApp {
        /// The app.
        app: AppId,
        /// Those that are known, as a list for people.
        known: String,
    },
}

impl OctroiError {
    /// The value, or why the text is none.
    pub(crate) fn checked<T>(
        value: Option<T>,
        place: &str,
        found: &str,
        expected: &str,
    ) -> Result<T, Self> {
        value.ok_or_else(|| Self::Value {
            place: place.to_owned(),
            found: match found {
                "" => "an empty text".to_owned(),
                found => format!("`{}`", visible(found)),
            },
            expected: expected.to_owned(),
        })
    }
}

fn before(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!("`{place}`: "),
    }
}

impl From<Refusal> for OctroiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            code: refusal.code().to_owned(),
            reason: refusal.to_string(),
        }
    }
}

impl From<PortError> for OctroiError {
    fn from(error: PortError) -> Self {
        let PortError::Failed { reason } = error;
        Self::Port { reason }
    }
}

impl From<ReadError> for OctroiError {
    fn from(error: ReadError) -> Self {
        let number = |number| u64::try_from(number).unwrap_or(u64::MAX);
        Self::Document {
            line: number(error.line),
            column: number(error.column),
            place: error.path.to_string(),
            found: error.found,
            expected: error.expected,
        }
    }
}

impl From<PoliciesError> for OctroiError {
    fn from(error: PoliciesError) -> Self {
        match error {
            PoliciesError::Empty => Self::NoPolicy,
            PoliciesError::Twice { id } => Self::PolicyTwice { id },
            PoliciesError::NotAvailable { id, available } => {
                Self::PolicyNotAvailable { id, available }
            }
            PoliciesError::NotifiedUnknown { id, given } => Self::NotifiedUnknown { id, given },
        }
    }
}
