//! Statements for a server, and who signs them.

use octroi_evidence::{Claims, PublicKey, RequestError, SignError};

use crate::{
    errors::OctroiError,
    ports::{EvidenceSigner, PortError},
};

/// How a statement says whose it is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Identity {
    /// By the key itself; the server knows its thumbprint (RFC 7638), because the key was enrolled.
    Key {
        /// The public key on P-256: its SubjectPublicKeyInfo in DER, as Java's `PublicKey.getEncoded` gives it, or the uncompressed
        /// point of 65 bytes, as Apple's Security framework gives it.
        key: Vec<u8>,
    },
    /// By a chain of certificates, that of the key first; the server knows the root. Android Keystore's attestation is one.
    Chain {
        /// Each in DER.
        certificates: Vec<Vec<u8>>,
    },
}

impl Identity {
    fn checked(self) -> Result<octroi_evidence::Identity, OctroiError> {
        match self {
            Self::Chain { certificates } => Ok(octroi_evidence::Identity::Chain(certificates)),
            Self::Key { key } => {
                let read = PublicKey::from_spki(&key).or_else(|| PublicKey::from_sec1(&key));
                let key = read.ok_or_else(|| OctroiError::Signer {
                    reason: format!(
                        "found a key of {} bytes, expected one on P-256, as its SubjectPublicKeyInfo or its uncompressed point",
                        key.len()
                    ),
                })?;
                Ok(octroi_evidence::Identity::Key(key))
            }
        }
    }
}

/// Has the claims signed. The signer may take its time, so nobody waits for it but who asked.
pub(crate) fn signed(claims: &Claims, signer: &dyn EvidenceSigner) -> Result<String, OctroiError> {
    let identity = signer.identity().map_err(failed)?.checked()?;
    let unsigned = claims.unsigned(&identity);
    let signature = signer.sign(unsigned.bytes().to_vec()).map_err(failed)?;
    let token = unsigned.with_signature(&signature);
    token.map_err(|error| OctroiError::Signer {
        reason: SignError::<PortError>::Signature(error).to_string(),
    })
}

fn failed(error: PortError) -> OctroiError {
    let PortError::Failed { reason } = error;
    OctroiError::Signer { reason }
}

impl From<RequestError> for OctroiError {
    fn from(error: RequestError) -> Self {
        let (place, found, expected) = match error {
            RequestError::Nonce { length } => {
                ("nonce", format!("{length} bytes"), "8 to 88 (RFC 9711)")
            }
            RequestError::Audience => (
                "audience",
                "an empty text".to_owned(),
                "whom the statement is for",
            ),
        };
        Self::Value {
            place: place.to_owned(),
            found,
            expected: expected.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use octroi_evidence::SoftwareKey;

    use super::*;

    /// A server that enrolled a phone's key knows it again, whichever system wrote it down.
    #[test]
    fn a_key_is_the_same_in_the_form_of_java_and_of_apple() {
        let point = SoftwareKey::from_secret(&[7; 32])
            .unwrap()
            .public()
            .to_sec1();
        // RFC 5480: a public key on the curve P-256, whose point follows.
        let algorithm = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
        let spki = [&algorithm[..], &point].concat();
        let read = |key: &[u8]| Identity::Key { key: key.to_vec() }.checked();
        assert_eq!(read(&point).unwrap(), read(&spki).unwrap());
        assert!(matches!(read(&point[1..]), Err(OctroiError::Signer { .. })));
    }
}
