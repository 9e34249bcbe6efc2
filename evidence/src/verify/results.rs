//! What came of it, for those who know no octroi.

use std::collections::BTreeMap;

use octroi_core::{Decision, Instant, NonEmpty, Status};
use serde::Serialize;

use super::appraise::Appraisal;
use crate::{compact::Claims, statement::Verdict};

/// The profile of an attestation result (draft-ietf-rats-ear).
const EAR_PROFILE: &str = "tag:github.com,2023:veraison/ear";

/// The event (OpenID Continuous Access Evaluation Profile 1.0).
const COMPLIANCE_CHANGE: &str =
    "https://schemas.openid.net/secevent/caep/event-type/device-compliance-change";

/// How far a device is to be trusted, in the words of attestation results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Nothing is said.
    None,
    /// Well.
    Affirming,
    /// Well for now.
    Warning,
    /// Not.
    Contraindicated,
}

impl Tier {
    /// The tier of a status.
    pub const fn of(status: Status) -> Self {
        match status {
            Status::Compliant => Tier::Affirming,
            Status::InGracePeriod => Tier::Warning,
            Status::Noncompliant => Tier::Contraindicated,
            Status::Unknown | Status::NotApplicable => Tier::None,
        }
    }

    const fn claim(self) -> i8 {
        match self {
            Tier::None => 0,
            Tier::Affirming => 2,
            Tier::Warning => 32,
            Tier::Contraindicated => 96,
        }
    }
}

impl Appraisal {
    /// The attestation result, as an EAR, to be signed by the server: valid for so many seconds, and no longer than the
    /// assessment. It speaks of how the device is set up; and, where the maker of the device vouches for the key in its hardware, of that
    /// it is such a device. Which programs run was not attested.
    pub fn ear(&self, issuer: &NonEmpty, now: Instant, lifetime: u32) -> Claims {
        let assessment = &self.assessment;
        let tier = Tier::of(assessment.status);
        let issued = now.unix_seconds();
        let until = assessment.valid_until.map(Instant::unix_seconds);
        let lasts = issued.saturating_add(lifetime.into());
        let policies = assessment.assessments.iter().map(|own| &own.policy);
        let policies: Vec<_> = policies
            .map(|policy| format!("{}@{}", policy.id, policy.version))
            .collect();
        let mut vector = BTreeMap::from([("configuration", tier.claim())]);
        if self.attested.is_some() {
            vector.insert("instance-identity", Tier::Affirming.claim());
        }
        let appraisal = EarAppraisal {
            status: tier,
            vector,
            policies: policies.join(" "),
            octroi: Verdict::of(assessment),
        };
        let ear = Ear {
            eat_profile: EAR_PROFILE,
            iss: issuer,
            sub: self.key.to_string(),
            iat: issued,
            exp: until.map_or(lasts, |until| until.min(lasts)),
            eat_nonce: &self.nonce,
            verifier: VerifierId {
                developer: "octroi",
                build: concat!("octroi-evidence ", env!("CARGO_PKG_VERSION")),
            },
            submods: BTreeMap::from([("octroi", appraisal)]),
        };
        Claims::new("eat+jwt", &ear)
    }
}

#[derive(Serialize)]
struct Ear<'a> {
    eat_profile: &'static str,
    iss: &'a NonEmpty,
    sub: String,
    iat: i64,
    exp: i64,
    eat_nonce: &'a str,
    #[serde(rename = "ear.verifier-id")]
    verifier: VerifierId,
    submods: BTreeMap<&'static str, EarAppraisal>,
}

#[derive(Serialize)]
struct VerifierId {
    developer: &'static str,
    build: &'static str,
}

#[derive(Serialize)]
struct EarAppraisal {
    #[serde(rename = "ear.status")]
    status: Tier,
    #[serde(rename = "ear.trustworthiness-vector")]
    vector: BTreeMap<&'static str, i8>,
    #[serde(rename = "ear.appraisal-policy-id")]
    policies: String,
    octroi: Verdict,
}

/// A device's verdict changed: what an identity provider is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplianceChange {
    /// The server.
    pub issuer: NonEmpty,
    /// The identity provider.
    pub audience: NonEmpty,
    /// The event's own id: never used twice.
    pub id: NonEmpty,
    /// The device, by the name that both know it by.
    pub device: NonEmpty,
    /// What it was told before.
    pub before: Decision,
}

impl ComplianceChange {
    /// The event, as a security event token (RFC 8417), to be signed by the server: any permit is `compliant`, for there is no third.
    pub fn event(&self, appraisal: &Appraisal, now: Instant) -> Claims {
        let assessment = &appraisal.assessment;
        let verdict = Verdict::of(assessment);
        let reason = format!("octroi: {}", word(verdict.status));
        let change = Change {
            previous_status: compliance(self.before),
            current_status: compliance(verdict.decision),
            initiating_entity: "policy",
            reason_admin: BTreeMap::from([("en", reason)]),
            event_timestamp: assessment.assessed_at.unix_seconds(),
        };
        let event = Event {
            iss: &self.issuer,
            aud: &self.audience,
            jti: &self.id,
            iat: now.unix_seconds(),
            sub_id: BTreeMap::from([("format", "opaque"), ("id", self.device.as_str())]),
            events: BTreeMap::from([(COMPLIANCE_CHANGE, change)]),
        };
        Claims::new("secevent+jwt", &event)
    }
}

const fn compliance(decision: Decision) -> &'static str {
    match decision {
        Decision::Permit => "compliant",
        Decision::Deny => "not-compliant",
    }
}

const fn word(status: Status) -> &'static str {
    match status {
        Status::Compliant => "compliant",
        Status::InGracePeriod => "in_grace_period",
        Status::Noncompliant => "noncompliant",
        Status::Unknown => "unknown",
        Status::NotApplicable => "not_applicable",
    }
}

#[derive(Serialize)]
struct Event<'a> {
    iss: &'a NonEmpty,
    aud: &'a NonEmpty,
    jti: &'a NonEmpty,
    iat: i64,
    sub_id: BTreeMap<&'static str, &'a str>,
    events: BTreeMap<&'static str, Change>,
}

#[derive(Serialize)]
struct Change {
    previous_status: &'static str,
    current_status: &'static str,
    initiating_entity: &'static str,
    reason_admin: BTreeMap<&'static str, String>,
    event_timestamp: i64,
}
