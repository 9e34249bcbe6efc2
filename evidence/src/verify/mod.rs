//! What a server does with a token: it checks it, and judges anew what the token states.

mod appraise;
mod appraised;
mod attestation;
mod chain;
mod keys;
mod refusal;
mod replay;
mod results;
mod token;

use octroi_core::{Instant, PolicyRef};
use p256::ecdsa::{Signature, signature::Verifier as _};

pub use appraise::{Appraisal, Mismatch, Requirements, appraise};
pub use appraised::Appraised;
pub use attestation::{Attestation, SecurityLevel};
pub use chain::Chains;
pub use keys::{Enrolled, KeyFault, KeyHint, KeyResolver, KnownKey};
pub use refusal::Refusal;
pub use replay::{OneTime, Replay, Seen};
pub use results::{ComplianceChange, Tier};

use crate::{
    key::Thumbprint,
    statement::{PROFILE, TYPE, Verdict},
};
use token::{Header, Parts, Payload};

/// What a server sent the phone, and compares now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// The nonce: never given out twice, and not to be guessed.
    pub nonce: &'a str,
    /// Whom the statement has to be for: this server.
    pub audience: &'a str,
}

/// What a server bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that a token may have; a longer one is not looked at.
    pub bytes: usize,
    /// For how many seconds after it was issued a token counts.
    pub age: u32,
    /// By how many seconds the phone's clock may be off.
    pub clock_skew: u32,
}

impl Default for Limits {
    /// 64 KiB, five minutes, one minute.
    fn default() -> Self {
        Self {
            bytes: 64 * 1024,
            age: 300,
            clock_skew: 60,
        }
    }
}

/// Checks tokens.
#[derive(Clone, Copy)]
pub struct Verifier<'a> {
    /// Whose statements count.
    pub keys: &'a dyn KeyResolver,
    /// What was answered already.
    pub replay: &'a dyn Replay,
    /// What is borne.
    pub limits: Limits,
}

/// What a phone states: it was that key, it answered that nonce, it is not old. Not that what it states is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The key that signed it.
    pub key: Thumbprint,
    /// Where the key is kept, if the maker of the device vouches for it, and for that it was made for this nonce.
    pub attested: Option<SecurityLevel>,
    /// The nonce that it answers.
    pub nonce: String,
    /// When it was issued, by the phone's clock.
    pub issued_at: Instant,
    /// The program that made it, and its version.
    pub software: (String, String),
    /// The policies of the phone.
    pub policies: Vec<PolicyRef>,
    /// The phone's own verdict; [`appraise`] compares it, and believes nothing of it.
    pub verdict: Verdict,
    /// The record, as JSON: it is read under the server's policies.
    pub record: String,
}

impl Verifier<'_> {
    /// Checks a token, in this order: its size and form, the algorithm, the key, the signature, then its claims, with the nonce what was
    /// attested of the key, and last whether its nonce was answered before, so that nobody uses up a nonce who could not answer it.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn verify(
        &self,
        token: &str,
        challenge: &Challenge<'_>,
        now: Instant,
    ) -> Result<Evidence, Refusal> {
        if token.len() > self.limits.bytes {
            return Err(Refusal::TooLarge {
                bytes: token.len(),
                most: self.limits.bytes,
            });
        }
        let parts = Parts::split(token)?;
        let header = Header::read(&parts.header)?;
        if header.is_critical {
            return Err(Refusal::CriticalHeader);
        }
        if header.alg != "ES256" {
            return Err(Refusal::WrongAlgorithm { found: header.alg });
        }
        if header.typ.as_deref() != Some(TYPE) {
            return Err(Refusal::WrongType { found: header.typ });
        }
        let KnownKey { key, attestation } = self.keys.resolve(&header.hint(), now)?;
        let signature = Signature::from_slice(&parts.signature);
        signature
            .and_then(|signature| key.verifying().verify(parts.signed, &signature))
            .map_err(|_| Refusal::BadSignature)?;

        let payload = Payload::read(&parts.payload)?;
        if payload.eat_profile != PROFILE {
            return Err(Refusal::WrongProfile {
                found: payload.eat_profile,
            });
        }
        if payload.eat_nonce != challenge.nonce {
            return Err(Refusal::WrongNonce);
        }
        if let Some(attestation) = &attestation {
            attestation.check(challenge.nonce)?;
        }
        if payload.aud != challenge.audience {
            return Err(Refusal::WrongAudience {
                found: payload.aud,
                expected: challenge.audience.to_owned(),
            });
        }
        let until = self.check_times(&payload, now)?;
        match self.replay.first_use(&payload.eat_nonce, until, now) {
            Seen::First => {
                let attested = attestation.map(|attestation| attestation.level);
                Ok(payload.evidence(key.thumbprint(), attested))
            }
            Seen::Again => Err(Refusal::Replayed),
            Seen::Full => Err(Refusal::ReplayStoreFull),
        }
    }

    /// Until when the token counts, if it does now.
    fn check_times(&self, payload: &Payload<'_>, now: Instant) -> Result<Instant, Refusal> {
        let at = |seconds| Instant::from_unix_seconds(seconds);
        let (issued, skew) = (payload.iat, i64::from(self.limits.clock_skew));
        if at(issued.saturating_sub(skew)) > now {
            return Err(Refusal::FromTheFuture {
                issued_at: at(issued),
            });
        }
        if let Some(expired) = payload.exp
            && at(expired.saturating_add(skew)) <= now
        {
            return Err(Refusal::Expired { at: at(expired) });
        }
        let until = issued.saturating_add(self.limits.age.into());
        let until = at(until.saturating_add(skew));
        if until <= now {
            return Err(Refusal::TooOld {
                issued_at: at(issued),
            });
        }
        Ok(until)
    }
}
