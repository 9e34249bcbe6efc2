//! Who signs.

use core::{convert::Infallible, fmt};

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde::{Deserialize, Serialize};

use crate::key::{Identity, PublicKey};

/// Holds a private key and signs with it: Android Keystore, the Secure Enclave, a server's HSM.
pub trait Signer {
    /// Why it could not sign.
    type Error;

    /// How the token says whose it is.
    fn identity(&self) -> Identity;

    /// The ECDSA signature with SHA-256 of these bytes, in DER or raw.
    ///
    /// # Errors
    ///
    /// If the key is gone or may not be used.
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Self::Error>;
}

/// A key in memory, for tests and servers: whoever reads it can sign.
#[derive(Clone)]
pub struct SoftwareKey(SigningKey);

impl SoftwareKey {
    /// The key of 32 random bytes; none if they are zero or beyond the curve's order, which no random bytes are.
    pub fn from_secret(secret: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(secret).ok().map(Self)
    }

    /// Reads a JSON Web Key of the curve P-256 with its secret `d`; none if it is something else, or its halves do not belong together.
    pub fn from_jwk(json: &[u8]) -> Option<Self> {
        let jwk: PrivateJwk = octroi_core::from_json(json).ok()?;
        let secret = Base64UrlUnpadded::decode_vec(&jwk.d).ok()?;
        let key = Self::from_secret(&secret.try_into().ok()?)?;
        let is_p256 = jwk.kty == "EC" && jwk.crv == "P-256";
        let public = PublicKey::from_coordinates(&jwk.x, &jwk.y)?;
        (is_p256 && public == key.public()).then_some(key)
    }

    /// The JSON Web Key, with its secret.
    pub fn to_jwk(&self) -> String {
        let (x, y) = self.public().coordinates();
        let jwk = PrivateJwk {
            kty: "EC".to_owned(),
            crv: "P-256".to_owned(),
            x,
            y,
            d: Base64UrlUnpadded::encode_string(&self.0.to_bytes()),
        };
        // An object of strings is written to memory: nothing can fail.
        serde_json::to_string(&jwk).unwrap_or_default()
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey::from(*self.0.verifying_key())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PrivateJwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    d: String,
}

impl Signer for SoftwareKey {
    type Error = Infallible;

    fn identity(&self) -> Identity {
        Identity::Key(self.public())
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Infallible> {
        let signature: Signature = self.0.sign(bytes);
        Ok(signature.to_bytes().to_vec())
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftwareKey({})", self.public().thumbprint())
    }
}
