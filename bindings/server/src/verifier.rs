//! Checking statements.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use octroi_core::{Decision, Instant, NetworkZone, PolicyRef, Status};
use octroi_evidence::{SecurityLevel, Thumbprint, Verdict};

use crate::{
    errors::OctroiError,
    keys::{KeyFault, KeyHint, KnownKey},
    ports::{KeyResolver, NonceUse, PortError, Replay},
    time::Age,
};

/// What the server sent the phone, and compares now.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Challenge {
    /// The nonce: never given out twice, and not to be guessed.
    pub nonce: String,
    /// Whom the statement has to be for: this server.
    pub audience: String,
}

/// What the server bears. `defaultLimits()` are 64 KiB, five minutes and one minute.
#[derive(uniffi::Record)]
pub struct Limits {
    /// The most bytes that a statement may have; a longer one is not looked at.
    pub bytes: u64,
    /// For how long after it was issued a statement counts, in whole seconds.
    pub age: Age,
    /// By how much the phone's clock may be off, in whole seconds.
    pub clock_skew: Age,
}

/// 64 KiB, five minutes, one minute.
#[uniffi::export]
pub fn default_limits() -> Limits {
    let limits = octroi_evidence::Limits::default();
    Limits {
        bytes: u64::try_from(limits.bytes).unwrap_or(u64::MAX),
        age: seconds(limits.age),
        clock_skew: seconds(limits.clock_skew),
    }
}

fn seconds(seconds: u32) -> Age {
    Age(Duration::from_secs(seconds.into()))
}

/// Whole seconds; what is longer than a century is one.
pub(crate) fn whole(age: &Age) -> u32 {
    u32::try_from(age.0.as_secs()).unwrap_or(u32::MAX)
}

/// A verdict in four words.
#[uniffi::remote(Record)]
pub struct Verdict {
    /// Whether the device may reach the administration's internal networks and systems.
    pub decision: Decision,
    /// Which network it belongs on.
    pub zone: NetworkZone,
    /// Whether the decision is the same however the unknown facts turn out.
    pub certain: bool,
    /// The verdict in one word.
    pub status: Status,
}

/// What a phone states: it was that key, it answered that nonce, it is not old. Not that what it states is so: `appraise` it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Evidence {
    /// The key that signed it.
    pub key: Thumbprint,
    /// Where the key is kept, if the maker of the device vouches for it, and for that it was made for this nonce.
    pub attested: Option<SecurityLevel>,
    /// The nonce that it answers.
    pub nonce: String,
    /// When it was issued, by the phone's clock.
    pub issued_at: Instant,
    /// The program that made it.
    pub software: String,
    /// The version of the program.
    pub software_version: String,
    /// The policies of the phone.
    pub policies: Vec<PolicyRef>,
    /// The phone's own verdict; `appraise` compares it, and believes nothing of it.
    pub verdict: Verdict,
    /// The record, as JSON: it is read under the server's policies.
    pub record: String,
}

impl From<octroi_evidence::Evidence> for Evidence {
    fn from(evidence: octroi_evidence::Evidence) -> Self {
        let (software, software_version) = evidence.software;
        Self {
            key: evidence.key,
            attested: evidence.attested,
            nonce: evidence.nonce,
            issued_at: evidence.issued_at,
            software,
            software_version,
            policies: evidence.policies,
            verdict: evidence.verdict,
            record: evidence.record,
        }
    }
}

impl From<Evidence> for octroi_evidence::Evidence {
    fn from(evidence: Evidence) -> Self {
        Self {
            key: evidence.key,
            attested: evidence.attested,
            nonce: evidence.nonce,
            issued_at: evidence.issued_at,
            software: (evidence.software, evidence.software_version),
            policies: evidence.policies,
            verdict: evidence.verdict,
            record: evidence.record,
        }
    }
}

/// Checks statements. Any thread may use it, several at once.
#[derive(uniffi::Object)]
pub struct Verifier {
    keys: Arc<dyn KeyResolver>,
    replay: Arc<dyn Replay>,
    limits: octroi_evidence::Limits,
}

#[uniffi::export]
impl Verifier {
    /// Checks them by whose statements count, what was answered already, and what is borne.
    #[uniffi::constructor]
    pub fn new(
        keys: Arc<dyn KeyResolver>,
        replay: Arc<dyn Replay>,
        limits: Limits,
    ) -> Result<Arc<Self>, OctroiError> {
        let limits = octroi_evidence::Limits {
            bytes: usize::try_from(limits.bytes).unwrap_or(usize::MAX),
            age: whole(&limits.age),
            clock_skew: whole(&limits.clock_skew),
        };
        Ok(Arc::new(Self {
            keys,
            replay,
            limits,
        }))
    }

    /// Checks a statement, in this order: its size and form, the algorithm, the key, the signature, then its claims, with the nonce
    /// what was attested of the key, and last whether its nonce was answered before, so that nobody uses up a nonce who could not answer it.
    ///
    /// Errors: `Refused`, for the first thing that is wrong; `Port` if the resolver or the memory of nonces failed.
    pub fn verify(
        &self,
        token: String,
        challenge: Challenge,
        now: Instant,
    ) -> Result<Evidence, OctroiError> {
        let failure = Failure::default();
        let (keys, replay) = (Asked(&*self.keys, &failure), Asked(&*self.replay, &failure));
        let verifier = octroi_evidence::Verifier {
            keys: &keys,
            replay: &replay,
            limits: self.limits,
        };
        let challenge = octroi_evidence::Challenge {
            nonce: &challenge.nonce,
            audience: &challenge.audience,
        };
        let verified = verifier.verify(&token, &challenge, now);
        match failure.into_inner() {
            Some(said) => Err(said),
            None => Ok(verified?.into()),
        }
    }
}

/// What the server's own code said in place of an answer that Rust knows.
#[derive(Default)]
struct Failure(Mutex<Option<OctroiError>>);

impl Failure {
    fn keep(&self, error: OctroiError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    fn into_inner(self) -> Option<OctroiError> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A port of the server's, for one statement.
struct Asked<'a, T: ?Sized>(&'a T, &'a Failure);

impl octroi_evidence::KeyResolver for Asked<'_, dyn KeyResolver> {
    fn resolve(
        &self,
        hint: &octroi_evidence::KeyHint<'_>,
        at: Instant,
    ) -> Result<octroi_evidence::KnownKey, octroi_evidence::KeyFault> {
        let found = self.0.resolve(KeyHint::of(hint), at);
        let found = found.map_err(OctroiError::from);
        found.and_then(KnownKey::checked).map_err(|error| {
            self.1.keep(error);
            // Nobody hears of this one: what was kept is said.
            octroi_evidence::KeyFault::NoKey
        })
    }
}

impl octroi_evidence::Replay for Asked<'_, dyn Replay> {
    fn first_use(&self, nonce: &str, until: Instant, now: Instant) -> NonceUse {
        let seen = self.0.first_use(nonce.to_owned(), until, now);
        seen.unwrap_or_else(|error: PortError| {
            self.1.keep(error.into());
            NonceUse::Full
        })
    }
}

impl From<KeyFault> for OctroiError {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Unknown { reason } => Self::Refused {
                code: octroi_evidence::Refusal::UnknownKey(octroi_evidence::KeyFault::NoKey)
                    .code()
                    .to_owned(),
                reason: format!("the key is not known: {reason}"),
            },
            KeyFault::Failed { reason } => Self::Port { reason },
        }
    }
}

/// Remembers nonces in the memory of one process, so many at most; what is full refuses, and forgets nothing before its time.
#[derive(uniffi::Object)]
pub struct OneTime(octroi_evidence::OneTime);

#[uniffi::export]
impl OneTime {
    /// Room for so many nonces.
    #[uniffi::constructor]
    pub fn new(most: u32) -> Arc<Self> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Arc::new(Self(octroi_evidence::OneTime::new(most)))
    }
}

#[uniffi::export]
impl Replay for OneTime {
    fn first_use(
        &self,
        nonce: String,
        until: Instant,
        now: Instant,
    ) -> Result<NonceUse, PortError> {
        use octroi_evidence::Replay as _;
        Ok(self.0.first_use(&nonce, until, now))
    }
}
