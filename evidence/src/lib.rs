//! A statement of a phone that a server can check: an Entity Attestation Token (RFC 9711) as a JWT, signed with ES256.
//!
//! The phone's half writes and signs: [`statement`] takes what was observed, leaves out what no policy asks about, and
//! [`Claims::sign`] asks a [`Signer`] for a signature, or [`Claims::unsigned`] gives the bytes to whoever signs elsewhere. The
//! server's half, behind the feature `verify`, checks a token against a key, a nonce and the time, computes the assessment
//! again with policies of its own, and says what came of it in words that gateways know. `docs/evidence.md` goes through it
//! claim by claim, and says what it does not prove.
//!
//! There is no clock, no randomness, no file and no network in here: all of them are given.
//!
//! ```
//! use octroi_core::{Deployment, Instant, Platform, Policies, Record, embedded};
//! use octroi_evidence::{Request, SoftwareKey, statement};
//!
//! let policies = Policies::new(embedded()?.to_vec())?;
//! let record = Record::new(Platform::Android);
//! let at = Instant::parse("2023-04-04T00:00:00+02:00").ok_or("not an instant")?;
//! let request = Request::new("the server's nonce", "https://gateway.example")?;
//!
//! let claims = statement(&request, &policies, &record, &Deployment::default(), at);
//! let key = SoftwareKey::from_secret(&[7; 32]).ok_or("no key")?;
//! let token = claims.sign(&key)?;
//! assert_eq!(token.split('.').count(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod compact;
mod key;
mod signature;
mod signer;
mod statement;
#[cfg(feature = "verify")]
mod verify;

pub use compact::{Claims, SignError, Unsigned};
pub use key::{Identity, PublicKey, Thumbprint};
pub use signature::{SIGNATURE_LENGTH, SignatureError, normalized};
pub use signer::{Signer, SoftwareKey};
pub use statement::{PROFILE, Request, RequestError, Verdict, statement};
#[cfg(feature = "verify")]
pub use verify::{
    Appraisal, Appraised, Attestation, Chains, Challenge, ComplianceChange, Enrolled, Evidence,
    KeyFault, KeyHint, KeyResolver, KnownKey, Limits, Mismatch, OneTime, Refusal, Replay,
    Requirements, SecurityLevel, Seen, Tier, Verifier, appraise,
};
