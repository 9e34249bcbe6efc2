//! Keys by chains of certificates, made by OpenSSL (`tests/evidence/generate.sh`).

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use octroi_evidence::{Chains, Identity, Refusal, Request, SoftwareKey, statement};
use serde_json::json;

use crate::bench::{AUDIENCE, As, Bench, NONCE, RECORD, at, sign};

pub(crate) fn der(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.der"))).unwrap()
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("evidence")
}

fn secret(name: &str) -> SoftwareKey {
    let secrets = fs::read_to_string(folder().join("secrets.txt")).unwrap();
    let mut lines = secrets.lines().filter_map(|line| line.split_once(' '));
    let (_, hex) = lines.find(|(other, _)| *other == name).unwrap();
    let bytes: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    SoftwareKey::from_secret(&bytes.try_into().unwrap()).unwrap()
}

/// A statement of the first one's key, with this chain.
pub(crate) fn token(bench: &Bench, chain: &[&str]) -> String {
    let x5c = chain.iter().map(|name| Base64::encode_string(&der(name)));
    let header = json!({ "alg": "ES256", "typ": "eat+jwt", "x5c": x5c.collect::<Vec<_>>() });
    let claims = bench.claims().to_string();
    sign(&header.to_string(), &claims, &secret(chain[0]))
}

/// What comes of a statement of the first one's key, whose chain is these, where these roots are pinned.
fn judged(bench: &Bench, chain: &[&str], roots: &[&str]) -> Result<(), String> {
    let (phone, token) = (secret(chain[0]), token(bench, chain));
    let roots: Vec<_> = roots.iter().map(|name| der(name)).collect();
    let chains = Chains::new(roots.iter().map(Vec::as_slice)).unwrap();
    match bench.verify_with(&chains, &token) {
        Ok(evidence) => {
            assert_eq!(evidence.key, phone.public().thumbprint());
            Ok(())
        }
        Err(refusal @ Refusal::UnknownKey(_)) => {
            assert_eq!(refusal.code(), "unknown_key");
            Err(refusal.to_string())
        }
        Err(refusal) => Err(format!("not for its key: {refusal}")),
    }
}

/// Chains by the names of their certificates, the roots that are pinned, and what is wrong.
type Row = (
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

pub(crate) const TABLE: &[Row] = &[
    (&["phone", "authority"], &["root"], ""),
    (&["phone", "authority", "root"], &["root"], ""),
    (&["phone", "authority"], &["other-root", "root"], ""),
    // What an RSA key signed at its top is trusted by pinning what is below.
    (&["phone"], &["authority"], ""),
    // And a keystore hands out the chain to its very top.
    (&["phone", "authority", "root"], &["authority"], ""),
    (
        &["phone", "second-authority", "authority", "root"],
        &["authority"],
        "certificate 3 of the chain may not issue",
    ),
    (&["phone", "authority"], &[], "no root that is pinned"),
    (
        &["phone", "authority"],
        &["other-root"],
        "no root that is pinned",
    ),
    (
        &["phone", "authority", "root"],
        &["other-root"],
        "no root that is pinned",
    ),
    (&["phone"], &["root"], "no root that is pinned"),
    (&["phone", "root"], &["root"], "no root that is pinned"),
    (
        &["phone", "second-authority", "authority"],
        &["root"],
        "certificate 3 of the chain may not issue",
    ),
    (
        &["below-phone", "phone", "authority"],
        &["root"],
        "certificate 2 of the chain may not issue",
    ),
    (
        &["too-deep", "second-authority", "authority"],
        &["root"],
        "certificate 3 of the chain may not issue",
    ),
    (
        &["expired", "authority"],
        &["root"],
        "certificate 1 of the chain is not valid",
    ),
    (
        &["critical", "authority"],
        &["root"],
        "certificate 1 of the chain has a critical extension",
    ),
    (
        &["signs-certificates", "authority"],
        &["root"],
        "the header has no key on P-256",
    ),
    (&["phone"; 9], &["root"], "found a chain of 9 certificates"),
];

#[test]
fn a_chain_leads_to_a_pinned_root_or_nowhere() {
    for (chain, roots, fault) in TABLE {
        let judged = judged(&Bench::new(), chain, roots);
        match judged {
            Ok(()) => assert_eq!(*fault, "", "{chain:?}"),
            Err(found) => assert!(
                !fault.is_empty() && found.contains(fault),
                "{chain:?}: {found}"
            ),
        }
    }
}

/// A certificate holds from its first second to its last.
#[test]
fn a_chain_holds_while_its_certificates_do() {
    for (now, holds) in [
        ("2019-12-31T23:59:59Z", false),
        ("2020-01-01T00:00:00Z", true),
        ("2021-01-01T00:00:00Z", true),
        ("2021-01-01T00:00:01Z", false),
    ] {
        let mut bench = Bench::new();
        bench.now = at(now);
        let judged = judged(&bench, &["expired", "authority"], &["root"]);
        assert_eq!(judged.is_ok(), holds, "{now}: {judged:?}");
    }
}

/// A bit turned in a certificate of a chain breaks it, wherever it is.
#[test]
fn no_bit_of_a_chain_can_be_turned() {
    let bench = Bench::new();
    let phone = secret("phone");
    let request = Request::new(NONCE, AUDIENCE).unwrap();
    let record = bench.record(RECORD);
    let claims = statement(
        &request,
        &bench.policies,
        &record,
        &bench.deployment,
        bench.now,
    );
    let root = der("root");
    let chains = Chains::new([root.as_slice()]).unwrap();
    let whole = [der("phone"), der("authority")];
    for (certificate, bytes) in whole.iter().enumerate() {
        for at in (0..bytes.len()).step_by(7) {
            let mut chain = whole.to_vec();
            chain[certificate][at] ^= 1;
            let token = claims.sign(&As(Identity::Chain(chain), &phone)).unwrap();
            assert!(
                bench.verify_with(&chains, &token).is_err(),
                "{certificate}: {at}"
            );
        }
    }
}
