//! Whose statements count.

use std::collections::BTreeSet;

use octroi_core::Instant;

use super::attestation::Attestation;
use crate::key::{PublicKey, Thumbprint};

/// How a token says whose it is; nothing of it is believed yet.
#[derive(Clone, Copy, Debug)]
pub struct KeyHint<'a> {
    /// The key in the header.
    pub key: Option<PublicKey>,
    /// The chain of certificates in the header, in DER, that of the key first.
    pub chain: &'a [Vec<u8>],
}

/// A key that somebody answers for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The key.
    pub key: PublicKey,
    /// What the maker of its device vouches for, if it was attested. Who gives one has checked who says so.
    pub attestation: Option<Attestation>,
}

impl From<PublicKey> for KnownKey {
    fn from(key: PublicKey) -> Self {
        Self {
            key,
            attestation: None,
        }
    }
}

/// Says which key has to have signed a token: one that somebody answers for.
pub trait KeyResolver {
    /// The key that answers to the hint at that instant.
    ///
    /// # Errors
    ///
    /// If nobody answers for it.
    fn resolve(&self, hint: &KeyHint<'_>, at: Instant) -> Result<KnownKey, KeyFault>;
}

/// Why nobody answers for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// There is none.
    #[error("the header has no key on P-256")]
    NoKey,
    /// Its thumbprint is not among those that were enrolled.
    #[error("its thumbprint `{thumbprint}` is not enrolled")]
    NotEnrolled {
        /// The key's thumbprint.
        thumbprint: Thumbprint,
    },
    /// There is no chain.
    #[error("the header has no chain of certificates")]
    NoChain,
    /// The chain has more certificates than any has.
    #[error("found a chain of {length} certificates, expected at most {most}")]
    ChainTooLong {
        /// Its length.
        length: usize,
        /// The most that is borne.
        most: usize,
    },
    /// One of the chain is no certificate.
    #[error("certificate {position} of the chain cannot be read")]
    MalformedCertificate {
        /// Its position, from 1.
        position: usize,
    },
    /// One of the chain does not hold at this instant.
    #[error("certificate {position} of the chain is not valid at this time")]
    CertificateNotValid {
        /// Its position, from 1.
        position: usize,
    },
    /// One of the chain issued another and is no authority, or none for chains of this length.
    #[error("certificate {position} of the chain may not issue the one before it")]
    NoAuthority {
        /// Its position, from 1.
        position: usize,
    },
    /// One of the chain asks for something that is not understood here.
    #[error("certificate {position} of the chain has a critical extension that is not known")]
    CriticalExtension {
        /// Its position, from 1.
        position: usize,
    },
    /// One of the chain is signed in a way that is not known here: not by ECDSA on P-256 or P-384 with SHA-256 or SHA-384.
    #[error("certificate {position} of the chain is signed by an algorithm that is not known")]
    UnknownAlgorithm {
        /// Its position, from 1.
        position: usize,
    },
    /// One of the chain was not signed by the one after it.
    #[error("certificate {position} of the chain was not signed by its issuer")]
    CertificateSignature {
        /// Its position, from 1.
        position: usize,
    },
    /// What one of the chain says of its attestation cannot be read.
    #[error("the attestation in certificate {position} of the chain cannot be read")]
    MalformedAttestation {
        /// Its position, from 1.
        position: usize,
    },
    /// Not the key was attested, but one that stands above it: whoever holds that one may have made what is below.
    #[error("certificate {position} of the chain attests a key, and the chain goes on below it")]
    BelowAttested {
        /// The position of the certificate that is attested, from 1.
        position: usize,
    },
    /// The chain ends at no root that is pinned.
    #[error("the chain ends at no root that is pinned")]
    UnknownRoot,
}

/// Keys that were enrolled, by their thumbprints: when a phone is handed out, or when its holder signs in for the first time.
#[derive(Clone, Debug, Default)]
pub struct Enrolled(BTreeSet<Thumbprint>);

impl Enrolled {
    /// None but these.
    pub fn new(keys: impl IntoIterator<Item = Thumbprint>) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl KeyResolver for Enrolled {
    fn resolve(&self, hint: &KeyHint<'_>, _: Instant) -> Result<KnownKey, KeyFault> {
        let key = hint.key.ok_or(KeyFault::NoKey)?;
        let thumbprint = key.thumbprint();
        match self.0.contains(&thumbprint) {
            true => Ok(key.into()),
            false => Err(KeyFault::NotEnrolled { thumbprint }),
        }
    }
}
