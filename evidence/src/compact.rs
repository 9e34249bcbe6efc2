//! JSON Web Signatures in their compact form (RFC 7515): written here, with one algorithm.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use serde::Serialize;

use crate::{
    key::{Identity, Jwk},
    signature::{SignatureError, normalized},
    signer::Signer,
};

/// What a token will say, before it is known who signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    typ: &'static str,
    json: String,
}

/// Why a token was not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError<E> {
    /// The signer could not.
    #[error("the signer failed: {0}")]
    Signer(E),
    /// What the signer gave is no signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Claims {
    pub(crate) fn new(typ: &'static str, claims: &impl Serialize) -> Self {
        // Keys are strings and nothing is written to but memory: nothing can fail.
        let json = serde_json::to_string(claims).unwrap_or_default();
        Self { typ, json }
    }

    /// The claims as JSON.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The token without its signature, for a key that signs elsewhere.
    pub fn unsigned(&self, identity: &Identity) -> Unsigned {
        let (mut jwk, mut x5c, mut kid) = (None, None, None);
        match identity {
            Identity::Key(key) => jwk = Some(Jwk(*key)),
            Identity::Chain(chain) => {
                let certificates = chain.iter().map(|der| Base64::encode_string(der));
                x5c = Some(certificates.collect());
            }
            Identity::Thumbprint(thumbprint) => kid = Some(thumbprint.to_string()),
        }
        let header = Header {
            alg: "ES256",
            typ: self.typ,
            jwk,
            x5c,
            kid,
        };
        let header = serde_json::to_string(&header).unwrap_or_default();
        let encode = |json: &str| Base64UrlUnpadded::encode_string(json.as_bytes());
        Unsigned(format!("{}.{}", encode(&header), encode(&self.json)))
    }

    /// The token.
    ///
    /// # Errors
    ///
    /// If the signer could not sign, or gave something else than a signature.
    pub fn sign<S: Signer>(&self, signer: &S) -> Result<String, SignError<S::Error>> {
        self.sign_as(&signer.identity(), signer)
    }

    /// The token, which says by `identity` whose it is.
    ///
    /// # Errors
    ///
    /// As [`Claims::sign`].
    pub fn sign_as<S: Signer>(
        &self,
        identity: &Identity,
        signer: &S,
    ) -> Result<String, SignError<S::Error>> {
        let unsigned = self.unsigned(identity);
        let signature = signer.sign(unsigned.bytes()).map_err(SignError::Signer)?;
        Ok(unsigned.with_signature(&signature)?)
    }
}

/// A token that lacks its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned(String);

impl Unsigned {
    /// What is to be signed: with ECDSA on P-256 and SHA-256, which the signer computes.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The token with its signature, given in DER or raw.
    ///
    /// # Errors
    ///
    /// If that is no signature.
    pub fn with_signature(self, signature: &[u8]) -> Result<String, SignatureError> {
        let signature = Base64UrlUnpadded::encode_string(&normalized(signature)?);
        Ok(format!("{}.{signature}", self.0))
    }
}

#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwk: Option<Jwk>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5c: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
}
