//! Keys as a token names them.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::VerifyingKey;
use serde::{Serialize, Serializer, ser::SerializeMap};
use sha2::{Digest, Sha256};

/// What a SubjectPublicKeyInfo of a P-256 key that is not compressed begins with (RFC 5480).
const SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A public key on the curve P-256: a point that lies on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key of an uncompressed point, as Apple's Security framework gives it: 65 bytes that begin with 4.
    pub fn from_sec1(point: &[u8]) -> Option<Self> {
        let uncompressed = point.len() == 65 && point.first() == Some(&4);
        let key = uncompressed.then(|| VerifyingKey::from_sec1_bytes(point).ok());
        key.flatten().map(Self)
    }

    /// The key of a SubjectPublicKeyInfo in DER, as Java's `PublicKey.getEncoded` gives it.
    pub fn from_spki(der: &[u8]) -> Option<Self> {
        Self::from_sec1(der.strip_prefix(&SPKI[..])?)
    }

    /// The key whose coordinates are these, in base64url without padding.
    pub fn from_coordinates(x: &str, y: &str) -> Option<Self> {
        let mut point = vec![4];
        for coordinate in [x, y] {
            let bytes = Base64UrlUnpadded::decode_vec(coordinate).ok()?;
            if bytes.len() != 32 {
                return None;
            }
            point.extend(bytes);
        }
        Self::from_sec1(&point)
    }

    /// The uncompressed point: 65 bytes that begin with 4.
    pub fn to_sec1(&self) -> Vec<u8> {
        self.0.to_sec1_point(false).as_bytes().to_vec()
    }

    /// Its SubjectPublicKeyInfo in DER, as Java's `X509EncodedKeySpec` reads it.
    #[cfg(feature = "verify")]
    pub fn to_spki(&self) -> Vec<u8> {
        [&SPKI[..], &self.to_sec1()].concat()
    }

    /// The JSON Web Key.
    pub fn to_jwk(&self) -> String {
        // An object of four strings is written to memory: nothing can fail.
        serde_json::to_string(&Jwk(*self)).unwrap_or_default()
    }

    /// The key's thumbprint.
    pub fn thumbprint(&self) -> Thumbprint {
        // The members that RFC 7638 asks for, in their order, without spaces: as they are written.
        Thumbprint(Sha256::digest(self.to_jwk()).into())
    }

    pub(crate) fn coordinates(&self) -> (String, String) {
        let point = self.to_sec1();
        let coordinate = |range| {
            let bytes = point.get::<core::ops::Range<usize>>(range);
            Base64UrlUnpadded::encode_string(bytes.unwrap_or_default())
        };
        (coordinate(1..33), coordinate(33..65))
    }

    #[cfg(feature = "verify")]
    pub(crate) fn verifying(&self) -> &VerifyingKey {
        &self.0
    }
}

impl From<VerifyingKey> for PublicKey {
    fn from(key: VerifyingKey) -> Self {
        Self(key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint())
    }
}

/// The public key as an object in a header: `crv`, `kty`, `x`, `y`.
pub(crate) struct Jwk(pub(crate) PublicKey);

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (x, y) = self.0.coordinates();
        let mut fields = serializer.serialize_map(Some(4))?;
        fields.serialize_entry("crv", "P-256")?;
        fields.serialize_entry("kty", "EC")?;
        fields.serialize_entry("x", &x)?;
        fields.serialize_entry("y", &y)?;
        fields.end()
    }
}

/// The SHA-256 thumbprint of a key (RFC 7638); shown in base64url, 43 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// The thumbprint that the text shows, if it does.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64UrlUnpadded::encode_string(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}

/// How a token says whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// By the key itself; whoever checks knows its thumbprint.
    Key(PublicKey),
    /// By a chain of certificates in DER, that of the key first; whoever checks knows the root. Android Keystore's attestation is one.
    Chain(Vec<Vec<u8>>),
    /// By the key's thumbprint; whoever checks has the key, as gateways have a server's.
    Thumbprint(Thumbprint),
}
