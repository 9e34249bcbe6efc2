//! What the server gives to octroi: whose statements count, a memory of nonces, and a key that signs results.

use octroi_core::Instant;
use octroi_evidence::{PublicKey, Thumbprint};
use uniffi::UnexpectedUniFFICallbackError;

use crate::{
    errors::OctroiError,
    keys::{KeyFault, KeyHint, KnownKey},
};

// What was seen of an app is `Seen` already.
pub(crate) type NonceUse = octroi_evidence::Seen;

/// Says which key has to have signed a statement: one that somebody answers for. `Enrolled` and `Chains` are two; a table of the
/// server's is another. Called from the thread that verifies.
#[uniffi::export(rust, foreign)]
pub trait KeyResolver: Send + Sync {
    /// The key that answers to the hint at that instant. It throws `KeyFault.Unknown` if nobody answers for it; what else it throws is no refusal,
    /// but a failure of the server's (`OctroiError.Port`).
    fn resolve(&self, hint: KeyHint, at: Instant) -> Result<KnownKey, KeyFault>;
}

/// Remembers the nonces that were answered: a table of the server's, shared by all that check statements. `OneTime` does it in the
/// memory of one process. Called from the thread that verifies.
#[uniffi::export(rust, foreign)]
pub trait Replay: Send + Sync {
    /// Takes down that a nonce was answered now, in one step with the look whether it was before. From `until` on its statement does
    /// not count any more, and it may be forgotten. What it throws is a failure of the server's (`OctroiError.Port`), and the statement does not count.
    fn first_use(&self, nonce: String, until: Instant, now: Instant)
    -> Result<NonceUse, PortError>;
}

/// Holds the server's private key on P-256 and signs results with it: a key store, a module. Called from the thread that asks.
#[uniffi::export(foreign)]
pub trait ResultSigner: Send + Sync {
    /// How a result says whose it is. Asked before each signature.
    fn identity(&self) -> Result<Identity, PortError>;

    /// The ECDSA signature with SHA-256 of these bytes, in DER or as 64 raw bytes.
    fn sign(&self, bytes: Vec<u8>) -> Result<Vec<u8>, PortError>;
}

/// How a result says whose it is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Identity {
    /// By the key itself: its SubjectPublicKeyInfo in DER or its uncompressed point.
    Key {
        /// The public key on P-256.
        key: Vec<u8>,
    },
    /// By a chain of certificates in DER, that of the key first; whoever checks knows the root.
    Chain {
        /// Each in DER.
        certificates: Vec<Vec<u8>>,
    },
    /// By the key's thumbprint (`kid`); whoever checks has the key, as gateways have a server's.
    Thumbprint {
        /// The thumbprint of the key.
        thumbprint: Thumbprint,
    },
}

impl Identity {
    pub(crate) fn checked(self) -> Result<octroi_evidence::Identity, OctroiError> {
        Ok(match self {
            Self::Key { key } => octroi_evidence::Identity::Key(public_key(&key)?),
            Self::Chain { certificates } => octroi_evidence::Identity::Chain(certificates),
            Self::Thumbprint { thumbprint } => octroi_evidence::Identity::Thumbprint(thumbprint),
        })
    }
}

/// Whether a nonce was answered before.
#[uniffi::remote(Enum)]
pub enum NonceUse {
    /// It was not, and is remembered now.
    First,
    /// It was.
    Again,
    /// It was not, and cannot be remembered.
    Full,
}

/// The server's own code failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum PortError {
    /// It threw.
    #[error("the server's own code failed: {reason}")]
    Failed {
        /// What it said.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for PortError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: error.reason,
        }
    }
}

/// The key that the bytes are, in Java's form or as a point.
pub(crate) fn public_key(key: &[u8]) -> Result<PublicKey, OctroiError> {
    let read = PublicKey::from_spki(key).or_else(|| PublicKey::from_sec1(key));
    read.ok_or_else(|| OctroiError::Value {
        place: "PublicKey".to_owned(),
        found: format!("{} bytes", key.len()),
        expected: "a public key on P-256, as its SubjectPublicKeyInfo or its uncompressed point"
            .to_owned(),
    })
}

uniffi::custom_type!(
    /// The SHA-256 thumbprint of a key (RFC 7638), in base64url: 43 characters. Anything else is refused.
    Thumbprint, String, {
        remote,
        lower: |thumbprint| thumbprint.to_string(),
        try_lift: |text| Ok(OctroiError::checked(
            Thumbprint::parse(&text), "Thumbprint", &text, "the SHA-256 thumbprint of a key: 43 characters of base64url",
        )?),
    }
);
