//! Why a statement does not count.

use octroi_core::{Instant, PolicyId, ReadError};

use super::{appraise::Mismatch, keys::KeyFault};

/// Why a statement does not count: each reason by itself, with a code that stays.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// It was not looked at.
    #[error("found {bytes} bytes, expected at most {most}")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The most that is borne.
        most: usize,
    },
    /// It is no JSON Web Signature in its compact form.
    #[error("found no three parts in base64url, expected a signed JWT in its compact form")]
    NotCompact,
    /// Its JSON nests deeper than any statement.
    #[error("found JSON that nests deeper than {most}, expected the form of a statement")]
    TooDeep {
        /// The most that is borne.
        most: usize,
    },
    /// One key stands twice in an object, so that readers could differ on what it says.
    #[error("{0}")]
    DuplicateMember(ReadError),
    /// The header has not the form.
    #[error("header: {0}")]
    MalformedHeader(ReadError),
    /// The header says that it has to be understood in a way of its own.
    #[error("found the header parameter `crit`, expected none that must be understood")]
    CriticalHeader,
    /// It is not signed as statements are.
    #[error("found the algorithm `{found}`, expected `ES256`")]
    WrongAlgorithm {
        /// What the header says.
        found: String,
    },
    /// It is another kind of token.
    #[error("found the type `{}`, expected `eat+jwt`", .found.as_deref().unwrap_or("none"))]
    WrongType {
        /// What the header says.
        found: Option<String>,
    },
    /// Nobody answers for the key.
    #[error("the key is not known: {0}")]
    UnknownKey(#[from] KeyFault),
    /// The key did not sign this.
    #[error("the signature is not the key's, or something was changed after it was signed")]
    BadSignature,
    /// The claims have not the form.
    #[error("claims: {0}")]
    MalformedClaims(ReadError),
    /// It is a token of another profile.
    #[error("found the profile `{found}`, expected `{}`", crate::PROFILE)]
    WrongProfile {
        /// What it says.
        found: String,
    },
    /// It answers another nonce.
    #[error("found the answer to another nonce")]
    WrongNonce,
    /// The key was made for another nonce than this one, or for none.
    #[error("found a key that was attested for another challenge, expected the nonce")]
    WrongAttestationChallenge,
    /// Whoever takes over the device's system has the key.
    #[error("found a key that is attested to be kept in software, expected hardware")]
    SoftwareKey,
    /// The key was not made where it is kept, so that others may have it.
    #[error(
        "found a key that the hardware does not attest to have made, expected one that it made"
    )]
    ImportedKey,
    /// It was made for somebody else.
    #[error("found the audience `{found}`, expected `{expected}`")]
    WrongAudience {
        /// Whom it was made for.
        found: String,
        /// Whom it has to be for.
        expected: String,
    },
    /// It was issued later than now.
    #[error("issued at {issued_at}, later than now")]
    FromTheFuture {
        /// When it was issued.
        issued_at: Instant,
    },
    /// Its own time is up.
    #[error("expired at {at}")]
    Expired {
        /// When it expired.
        at: Instant,
    },
    /// It is older than the server bears.
    #[error("issued at {issued_at}, too long ago")]
    TooOld {
        /// When it was issued.
        issued_at: Instant,
    },
    /// Its nonce was answered before.
    #[error("the nonce was answered before")]
    Replayed,
    /// There is no room to remember another nonce, so no answer can be told from its repetition.
    #[error("there is no room to remember the nonce")]
    ReplayStoreFull,
    /// The record in it cannot be read under the server's policies.
    #[error("record: {0}")]
    MalformedRecord(ReadError),
    /// The phone decides under an older policy than the server asks for, or not under that policy.
    #[error(
        "found {} of the policy `{policy}`, expected {minimum} or later",
        .found.map_or("no version".to_owned(), |version| format!("version {version}"))
    )]
    PolicyTooOld {
        /// The policy.
        policy: PolicyId,
        /// The phone's version.
        found: Option<u32>,
        /// The least that is asked for.
        minimum: u32,
    },
    /// The phone's own verdict does not follow from its facts.
    #[error("the phone's verdict does not follow from its facts")]
    VerdictMismatch(Box<Mismatch>),
}

impl Refusal {
    /// The reason as a code: never renamed, never used for something else.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::TooLarge { .. } => "too_large",
            Refusal::NotCompact => "not_compact",
            Refusal::TooDeep { .. } => "too_deep",
            Refusal::DuplicateMember(_) => "duplicate_member",
            Refusal::MalformedHeader(_) => "malformed_header",
            Refusal::CriticalHeader => "critical_header",
            Refusal::WrongAlgorithm { .. } => "wrong_algorithm",
            Refusal::WrongType { .. } => "wrong_type",
            Refusal::UnknownKey(_) => "unknown_key",
            Refusal::BadSignature => "bad_signature",
            Refusal::MalformedClaims(_) => "malformed_claims",
            Refusal::WrongProfile { .. } => "wrong_profile",
            Refusal::WrongNonce => "wrong_nonce",
            Refusal::WrongAttestationChallenge => "wrong_attestation_challenge",
            Refusal::SoftwareKey => "software_key",
            Refusal::ImportedKey => "imported_key",
            Refusal::WrongAudience { .. } => "wrong_audience",
            Refusal::FromTheFuture { .. } => "from_the_future",
            Refusal::Expired { .. } => "expired",
            Refusal::TooOld { .. } => "too_old",
            Refusal::Replayed => "replayed",
            Refusal::ReplayStoreFull => "replay_store_full",
            Refusal::MalformedRecord(_) => "malformed_record",
            Refusal::PolicyTooOld { .. } => "policy_too_old",
            Refusal::VerdictMismatch(_) => "verdict_mismatch",
        }
    }
}
