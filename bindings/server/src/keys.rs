//! Whose statements count.

use std::sync::Arc;

use octroi_core::Instant;
use octroi_evidence::{KeyResolver as _, SecurityLevel, Thumbprint};
use uniffi::UnexpectedUniFFICallbackError;

use crate::{
    errors::OctroiError,
    ports::{KeyResolver, PortError, public_key},
};

/// How a statement says whose it is; nothing of it is believed yet.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeyHint {
    /// The key in the header: its SubjectPublicKeyInfo in DER.
    pub key: Option<Vec<u8>>,
    /// The chain of certificates in the header, in DER, that of the key first.
    pub chain: Vec<Vec<u8>>,
}

impl KeyHint {
    pub(crate) fn of(hint: &octroi_evidence::KeyHint<'_>) -> Self {
        Self {
            key: hint.key.map(|key| key.to_spki()),
            chain: hint.chain.to_vec(),
        }
    }

    /// What is no key here was none in the header.
    fn asked<T>(&self, ask: impl FnOnce(&octroi_evidence::KeyHint<'_>) -> T) -> T {
        let key = self.key.as_deref().and_then(|key| public_key(key).ok());
        ask(&octroi_evidence::KeyHint {
            key,
            chain: &self.chain,
        })
    }
}

/// A key that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KnownKey {
    /// The key: its SubjectPublicKeyInfo in DER, as Java's `PublicKey.getEncoded` gives it, or its uncompressed point of 65 bytes.
    pub key: Vec<u8>,
    /// What the maker of its device vouches for, if it was attested. Who gives one has checked who says so.
    #[uniffi(default = None)]
    pub attestation: Option<Attestation>,
}

impl KnownKey {
    pub(crate) fn checked(self) -> Result<octroi_evidence::KnownKey, OctroiError> {
        Ok(octroi_evidence::KnownKey {
            key: public_key(&self.key)?,
            attestation: self.attestation,
        })
    }
}

impl From<octroi_evidence::KnownKey> for KnownKey {
    fn from(known: octroi_evidence::KnownKey) -> Self {
        Self {
            key: known.key.to_spki(),
            attestation: known.attestation,
        }
    }
}

type Attestation = octroi_evidence::Attestation;

/// What the maker of a device vouches for, of one key.
#[uniffi::remote(Record)]
pub struct Attestation {
    /// Where the key is kept, and what says so: the weaker of the two.
    pub level: SecurityLevel,
    /// What whoever had the key made gave along: the nonce, if it was made for a statement.
    pub challenge: Vec<u8>,
    /// Whether the hardware made the key. One that was brought in is known outside of it.
    pub generated: bool,
}

/// Where keys are kept, the weakest place first.
#[uniffi::remote(Enum)]
pub enum SecurityLevel {
    /// In Android itself: whoever takes over the system has the keys.
    Software,
    /// In a part of the processor that Android does not reach.
    TrustedEnvironment,
    /// In a chip of its own.
    Strongbox,
}

/// Why a resolver gives no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum KeyFault {
    /// Nobody answers for the key: the statement is refused, as `unknown_key`.
    #[error("{reason}")]
    Unknown {
        /// Why, in English.
        reason: String,
    },
    /// It could not tell. The statement is not refused for that, it is not judged (`OctroiError.Port`).
    #[error("the server's own code failed: {reason}")]
    Failed {
        /// What it said.
        reason: String,
    },
}

impl From<octroi_evidence::KeyFault> for KeyFault {
    fn from(fault: octroi_evidence::KeyFault) -> Self {
        Self::Unknown {
            reason: fault.to_string(),
        }
    }
}

impl From<UnexpectedUniFFICallbackError> for KeyFault {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        let PortError::Failed { reason } = error.into();
        Self::Failed { reason }
    }
}

/// Keys that were enrolled, by their thumbprints: when a phone is handed out, or when its holder signs in for the first time.
#[derive(uniffi::Object)]
pub struct Enrolled(octroi_evidence::Enrolled);

#[uniffi::export]
impl Enrolled {
    /// None but these.
    ///
    /// Errors: `Value` for what is no thumbprint.
    #[uniffi::constructor]
    pub fn new(keys: Vec<Thumbprint>) -> Result<Arc<Self>, OctroiError> {
        Ok(Arc::new(Self(octroi_evidence::Enrolled::new(keys))))
    }
}

#[uniffi::export]
impl KeyResolver for Enrolled {
    fn resolve(&self, hint: KeyHint, at: Instant) -> Result<KnownKey, KeyFault> {
        Ok(hint.asked(|hint| self.0.resolve(hint, at))?.into())
    }
}

/// Keys whose certificates lead to a pinned root.
#[derive(uniffi::Object)]
pub struct Chains(octroi_evidence::Chains);

#[uniffi::export]
impl Chains {
    /// No roots but these: certificates in DER, as Java's `Certificate.getEncoded` gives them.
    ///
    /// Errors: `Value` for what is no certificate.
    #[uniffi::constructor]
    pub fn new(roots: Vec<Vec<u8>>) -> Result<Arc<Self>, OctroiError> {
        let chains = octroi_evidence::Chains::new(roots.iter().map(Vec::as_slice));
        let chains = chains.map_err(|fault| OctroiError::Value {
            place: "Chains".to_owned(),
            found: fault.to_string(),
            expected: "X.509 certificates in DER".to_owned(),
        })?;
        Ok(Arc::new(Self(chains)))
    }
}

#[uniffi::export]
impl KeyResolver for Chains {
    fn resolve(&self, hint: KeyHint, at: Instant) -> Result<KnownKey, KeyFault> {
        Ok(hint.asked(|hint| self.0.resolve(hint, at))?.into())
    }
}

/// The thumbprint by which a key is enrolled.
///
/// Errors: `Value` for what is no public key on P-256: its SubjectPublicKeyInfo in DER, or its uncompressed point.
#[uniffi::export]
pub fn thumbprint(key: Vec<u8>) -> Result<Thumbprint, OctroiError> {
    Ok(public_key(&key)?.thumbprint())
}
