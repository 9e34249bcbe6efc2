//! Keys for which the maker of a phone vouches, in certificates made by OpenSSL as Android writes them.

use octroi_core::NonEmpty;
use octroi_evidence::{Appraisal, Chains, Refusal, SecurityLevel, appraise};
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::chains::{der, token};

/// A chain by the names of its certificates; the code of the refusal and what it says, or where the key is kept.
pub(crate) type Row = (
    &'static [&'static str],
    Result<Option<SecurityLevel>, (&'static str, &'static str)>,
);

pub(crate) const ROOT: &str = "root";

pub(crate) const TABLE: &[Row] = &[
    (&["phone", "authority"], Ok(None)),
    (
        &["attested", "authority"],
        Ok(Some(SecurityLevel::TrustedEnvironment)),
    ),
    (
        &["attested-for-another", "authority"],
        Err(("wrong_attestation_challenge", "expected the nonce")),
    ),
    (
        &["attested-in-software", "authority"],
        Err(("software_key", "expected hardware")),
    ),
    (
        &["attested-imported", "authority"],
        Err(("imported_key", "expected one that it made")),
    ),
    (
        &["attested-badly", "authority"],
        Err((
            "unknown_key",
            "the attestation in certificate 1 of the chain cannot be read",
        )),
    ),
    // Whoever holds a key that may attest makes up what stands below it: a chip that there is not.
    (
        &["made-up", "attests"],
        Err(("unknown_key", "certificate 2 of the chain attests a key")),
    ),
];

fn judged(bench: &Bench, chain: &[&str]) -> Result<Appraisal, Refusal> {
    let root = der(ROOT);
    let chains = Chains::new([root.as_slice()]).unwrap();
    let evidence = bench.verify_with(&chains, &token(bench, chain))?;
    appraise(
        &evidence,
        &bench.policies,
        &bench.deployment,
        &bench.requirements,
        bench.now,
    )
}

#[test]
fn an_attestation_counts_for_this_nonce_and_this_key_in_hardware() {
    for (chain, expected) in TABLE {
        let judged = judged(&Bench::new(), chain);
        match (judged, expected) {
            (Ok(appraisal), Ok(level)) => assert_eq!(appraisal.attested, *level, "{chain:?}"),
            (Err(refusal), Err((code, said))) => {
                assert_eq!(refusal.code(), *code, "{chain:?}");
                assert!(refusal.to_string().contains(said), "{chain:?}: {refusal}");
            }
            (judged, _) => panic!("{chain:?}: {judged:?}"),
        }
    }
}

/// A gateway hears that it is a phone of a known make only where somebody vouched for that, and never which programs run on it.
#[test]
fn a_result_affirms_the_instance_only_where_it_was_attested() {
    for (chain, affirmed) in [("phone", Value::Null), ("attested", json!(2))] {
        let bench = Bench::new();
        let appraisal = judged(&bench, &[chain, "authority"]).unwrap();
        let issuer = NonEmpty::new("https://verifier.example").unwrap();
        let ear = appraisal.ear(&issuer, bench.now, 300);
        let ear: Value = serde_json::from_str(ear.as_json()).unwrap();
        let vector = &ear["submods"]["octroi"]["ear.trustworthiness-vector"];
        assert_eq!(vector["instance-identity"], affirmed, "{chain}");
        assert_eq!(vector["executables"], Value::Null);
        assert_eq!(vector["configuration"], 32);
    }
}
