//! What a phone states.

use octroi_core::{
    Assessment, Decision, Deployment, Instant, NetworkZone, NonEmpty, Policies, PolicyRef, Record,
    Status, assess,
};
use serde::{Deserialize, Serialize};

use crate::compact::Claims;

/// The profile of the token (RFC 9711, section 6): which claims it has, and what they mean.
pub const PROFILE: &str = "tag:octroi.be,2026:evidence/1";

/// The type in the header: no token of another kind can pass for a statement (RFC 8725, section 3.11). An attestation result is of
/// the same kind; its profile and its claims tell it apart.
pub(crate) const TYPE: &str = "eat+jwt";

/// What a server asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    nonce: String,
    audience: NonEmpty,
    lifetime: Option<u32>,
    device_id: bool,
}

/// Why a request is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// RFC 9711 sets the bounds.
    #[error("found a nonce of {length} bytes, expected 8 to 88")]
    Nonce {
        /// Its length.
        length: usize,
    },
    /// Nobody is addressed.
    #[error("found no audience, expected whom the statement is for")]
    Audience,
}

impl Request {
    /// A statement for that audience, which answers to that nonce.
    ///
    /// # Errors
    ///
    /// If the nonce has fewer than 8 bytes or more than 88, or the audience is empty.
    pub fn new(
        nonce: impl Into<String>,
        audience: impl Into<String>,
    ) -> Result<Self, RequestError> {
        let nonce = nonce.into();
        let length = nonce.len();
        if !(8..=88).contains(&length) {
            return Err(RequestError::Nonce { length });
        }
        Ok(Self {
            nonce,
            audience: NonEmpty::new(audience.into()).ok_or(RequestError::Audience)?,
            lifetime: None,
            device_id: false,
        })
    }

    /// For so many seconds only; whoever checks sets a limit too.
    #[must_use]
    pub fn with_lifetime(mut self, seconds: u32) -> Self {
        self.lifetime = Some(seconds);
        self
    }

    /// With the record's `device.id`: only where the administration asks for it.
    #[must_use]
    pub fn with_device_id(mut self) -> Self {
        self.device_id = true;
        self
    }
}

/// What the phone states of the record at that instant: what of it the policies ask about, and the verdict that follows.
pub fn statement(
    request: &Request,
    policies: &Policies,
    record: &Record<'_>,
    deployment: &Deployment,
    at: Instant,
) -> Claims {
    let mut reduced = record.reduced(policies);
    if request.device_id {
        reduced.device.id.clone_from(&record.device.id);
    }
    let assessment = assess(policies, &reduced, deployment, at);
    let issued = at.unix_seconds();
    let claims = Statement {
        eat_profile: PROFILE,
        eat_nonce: &request.nonce,
        aud: request.audience.as_str(),
        iat: issued,
        exp: request
            .lifetime
            .map(|seconds| issued.saturating_add(seconds.into())),
        swname: "octroi",
        swversion: env!("CARGO_PKG_VERSION"),
        octroi: Octroi {
            policies: policies
                .iter()
                .map(|policy| PolicyRef {
                    id: policy.id().clone(),
                    version: policy.document().version,
                })
                .collect(),
            record: &reduced,
            verdict: Verdict::of(&assessment),
        },
    };
    Claims::new(TYPE, &claims)
}

/// A verdict in four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

impl Verdict {
    /// The verdict of all policies together.
    pub fn of(assessment: &Assessment) -> Self {
        Self {
            decision: assessment.access.decision,
            zone: assessment.access.zone,
            certain: assessment.access.certain,
            status: assessment.status,
        }
    }
}

#[derive(Serialize)]
struct Statement<'a> {
    eat_profile: &'static str,
    eat_nonce: &'a str,
    aud: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    swname: &'static str,
    swversion: &'static str,
    octroi: Octroi<'a>,
}

#[derive(Serialize)]
struct Octroi<'a> {
    policies: Vec<PolicyRef>,
    record: &'a Record<'a>,
    verdict: Verdict,
}
