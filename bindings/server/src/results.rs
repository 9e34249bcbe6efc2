//! What came of it, for those who know no octroi.

use std::sync::Arc;

use octroi_core::{Decision, Instant, NonEmpty};
use octroi_evidence::Claims;

use crate::{
    appraisal::Appraisal, errors::OctroiError, ports::ResultSigner, time::Age, verifier::whole,
};

/// The attestation result (EAR) of an appraisal, signed by the server, for gateways: valid for so long, in whole seconds, and no longer
/// than the assessment. It speaks of how the device is set up; and, where the maker of the device vouches for the key in its hardware, of that it
/// is such a device.
///
/// Errors: `Port` if the signer failed; `Value` for an empty issuer.
#[uniffi::export]
pub fn ear(
    appraisal: Appraisal,
    issuer: NonEmpty,
    now: Instant,
    lifetime: Age,
    signer: Arc<dyn ResultSigner>,
) -> Result<String, OctroiError> {
    let appraisal = octroi_evidence::Appraisal::from(appraisal);
    signed(&appraisal.ear(&issuer, now, whole(&lifetime)), &*signer)
}

/// A device's verdict changed: what an identity provider is told.
#[uniffi::remote(Record)]
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

type ComplianceChange = octroi_evidence::ComplianceChange;

/// The event (CAEP `device-compliance-change`) as a security event token (RFC 8417), signed by the server: any permit is
/// `compliant`, for there is no third.
///
/// Errors: `Port` if the signer failed; `Value` for an empty text.
#[uniffi::export]
pub fn event(
    change: ComplianceChange,
    appraisal: Appraisal,
    now: Instant,
    signer: Arc<dyn ResultSigner>,
) -> Result<String, OctroiError> {
    signed(&change.event(&appraisal.into(), now), &*signer)
}

fn signed(claims: &Claims, signer: &dyn ResultSigner) -> Result<String, OctroiError> {
    let unsigned = claims.unsigned(&signer.identity()?.checked()?);
    let signature = signer.sign(unsigned.bytes().to_vec())?;
    let token = unsigned.with_signature(&signature);
    token.map_err(|error| OctroiError::Port {
        reason: error.to_string(),
    })
}
