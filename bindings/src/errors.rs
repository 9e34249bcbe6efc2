//! What can be wrong with what is handed in.

use octroi_core::{AppId, PoliciesError, PolicyId, ReadError, visible};
use octroi_gate::{GateError, RefreshError};
use octroi_updates::UpdatesError;

/// Why octroi refused what it was given. Nothing was decided then.
///
/// The variants are stable: a later version may add some, and renames none. The description is in English, for a developer;
/// what people read comes from `explain`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum OctroiError {
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
    /// A value is none of its kind: an app id with a space, a duration of half an hour.
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
    /// A key of the managed configuration that there is not, or that has a value that it may not have. Nothing is decided under
    /// such a configuration.
    #[error(
        "the managed configuration's `{}`: found {found}, expected {expected}",
        visible(key)
    )]
    Configuration {
        /// The key, as the management knows it.
        key: String,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// No policy and no catalogue knows the app that something was said of.
    #[error("the app `{app}` is not known, expected {known}")]
    UnknownApp {
        /// The app.
        app: AppId,
        /// Those that are known, as a list for people.
        known: String,
    },
    /// The clock that the app gave did not tell the time.
    #[error("the clock failed: {reason}")]
    Clock {
        /// What the app said.
        reason: String,
    },
    /// A repository of policies is not believed, or not heard. What held before holds.
    #[error("the repository: {reason}")]
    Repository {
        /// `fetch_failed`, `not_there`, `too_large`, `signatures`, `rollback`, `expired`, `mismatch`, `malformed`, `unsupported`, or what a
        /// later version adds.
        code: String,
        /// Why, for a developer.
        reason: String,
    },
    /// The signer that the app gave could not sign.
    #[error("the signer failed: {reason}")]
    Signer {
        /// What the app said, or what is wrong with what it gave.
        reason: String,
    },
    /// A newer version wrote the gate's state. It stays as it is.
    #[error("the state has format {found}, expected at most {known}: a newer version wrote it")]
    StateNewer {
        /// The format of the state.
        found: u32,
        /// The newest format that this version reads.
        known: u32,
    },
    /// The gate's state can be neither read nor kept.
    #[error("cannot {action} the state in `{directory}`: {reason}")]
    State {
        /// What was tried: `create`, `lock`, `read` or `write`.
        action: String,
        /// In which folder.
        directory: String,
        /// What the system said.
        reason: String,
    },
}

impl From<GateError> for OctroiError {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Clock(error) => Self::Clock {
                reason: error.reason,
            },
            GateError::Embedded(error) => error.into(),
            GateError::Policies(error) => error.into(),
            GateError::Managed(error) => Self::Configuration {
                key: error.key,
                found: error.found,
                expected: error.expected,
            },
            GateError::UnknownApp { app, known } => Self::UnknownApp { app, known },
            GateError::StateNewer { found, known } => Self::StateNewer { found, known },
            GateError::State {
                action,
                directory,
                reason,
            } => Self::State {
                action: action.to_owned(),
                directory,
                reason,
            },
        }
    }
}

impl From<RefreshError> for OctroiError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Gate(error) => error.into(),
            RefreshError::Updates(error) => {
                let reason = error.to_string();
                match error {
                    UpdatesError::Store(error) => GateError::from(error).into(),
                    UpdatesError::Root(error) | UpdatesError::Update(error) => Self::Repository {
                        code: error.code().to_owned(),
                        reason,
                    },
                }
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use octroi_core::Deployment;
    use octroi_gate::Managed;

    use super::*;

    /// A developer who compares logs of a phone and of the command finds the same words.
    #[test]
    fn an_error_says_the_same_as_in_core() {
        for json in [&br#"{ "zones": { "service": "" } }"#[..], b"[]", b"{"] {
            let error = Deployment::from_json(json).unwrap_err();
            assert_eq!(
                OctroiError::from(error.clone()).to_string(),
                error.to_string()
            );
        }
        let managed = BTreeMap::from([("octroi.zo\u{200b}ne".to_owned(), "x".to_owned())]);
        let app = AppId::new("tictoc").unwrap();
        for error in [
            GateError::Managed(Managed::read(&managed).unwrap_err()),
            GateError::UnknownApp {
                app,
                known: "an app".to_owned(),
            },
            GateError::StateNewer { found: 2, known: 1 },
            GateError::State {
                action: "read",
                directory: "/octroi".to_owned(),
                reason: "no".to_owned(),
            },
        ] {
            assert_eq!(
                OctroiError::from(error.clone()).to_string(),
                error.to_string()
            );
        }
        for error in [
            PoliciesError::Empty,
            PoliciesError::Twice {
                id: PolicyId::new("a").unwrap(),
            },
        ] {
            assert_eq!(
                OctroiError::from(error.clone()).to_string(),
                error.to_string()
            );
        }
    }
}
