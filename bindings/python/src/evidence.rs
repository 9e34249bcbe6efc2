//! What a server does with a statement of a phone.

use octroi_core::PolicyId;
use octroi_evidence::{
    Appraised, Chains, Challenge, Enrolled, KeyResolver, Limits, OneTime, Refusal, Requirements,
    Thumbprint, Verifier, appraise,
};
use pyo3::prelude::*;

use crate::{
    errors::Fault,
    rules::{Deployment, Policies, instant},
};

/// Checks a token and judges anew what it states: the result as JSON.
#[pyfunction]
#[pyo3(signature = (token, nonce, audience, keys, roots, policies, deployment, at, max_age, clock_skew, minimum_versions, refuse_mismatch))]
#[expect(
    clippy::too_many_arguments,
    reason = "the package gives them their names"
)]
pub(crate) fn verify_evidence(
    python: Python<'_>,
    token: &str,
    nonce: &str,
    audience: &str,
    keys: Vec<String>,
    roots: Vec<Vec<u8>>,
    policies: &Policies,
    deployment: &Deployment,
    at: &str,
    max_age: u32,
    clock_skew: u32,
    minimum_versions: Vec<(String, u32)>,
    refuse_mismatch: bool,
) -> PyResult<String> {
    let now = instant(python, "at", at)?;
    let keys: Box<dyn KeyResolver + Sync> = match roots.as_slice() {
        [] => Box::new(Enrolled::new(thumbprints(python, &keys)?)),
        roots => {
            let chains = Chains::new(roots.iter().map(Vec::as_slice));
            let wrong = |fault: octroi_evidence::KeyFault| {
                Fault::new("roots", fault.to_string(), "X.509 certificates in DER").raised(python)
            };
            Box::new(chains.map_err(wrong)?)
        }
    };
    let requirements = Requirements {
        minimum_versions: minimum_versions
            .into_iter()
            .map(|(id, version)| {
                let policy = PolicyId::new(id.as_str());
                let wrong = || Fault::new("minimum_versions", format!("`{id}`"), "a policy's id");
                Ok((policy.ok_or_else(|| wrong().raised(python))?, version))
            })
            .collect::<PyResult<_>>()?,
        refuse_mismatch,
    };
    let checked = python.detach(|| {
        let verifier = Verifier {
            keys: &*keys,
            // Whoever gives the nonces out takes each back once.
            replay: &OneTime::new(1),
            limits: Limits {
                age: max_age,
                clock_skew,
                ..Limits::default()
            },
        };
        let evidence = verifier.verify(token, &Challenge { nonce, audience }, now)?;
        let (policies, deployment) = (&policies.selected, &deployment.read);
        let appraisal = appraise(&evidence, policies, deployment, &requirements, now)?;
        // Every key is a string and nothing is written to but memory: nothing can fail.
        Ok(serde_json::to_string(&Appraised::new(&evidence, &appraisal)).unwrap_or_default())
    });
    checked.map_err(|refusal: Refusal| refused(python, &refusal))
}

fn thumbprints(python: Python<'_>, keys: &[String]) -> PyResult<Vec<Thumbprint>> {
    let thumbprint = |key: &String| {
        let expected = "a key's thumbprint (RFC 7638): 43 characters of base64url";
        let read = Thumbprint::parse(key);
        read.ok_or_else(|| Fault::new("keys", format!("`{key}`"), expected).raised(python))
    };
    keys.iter().map(thumbprint).collect()
}

fn refused(python: Python<'_>, refusal: &Refusal) -> PyErr {
    let module = python.import("octroi._error");
    let raised = module
        .and_then(|module| module.getattr("EvidenceRefused"))
        .and_then(|class| class.call1((refusal.code(), refusal.to_string())));
    raised.map_or_else(|error| error, PyErr::from_value)
}
