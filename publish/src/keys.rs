//! Keys: those that sign, in files, and those by which they are known.

use std::{collections::HashMap, fmt};

use ed25519_dalek::{
    SigningKey, VerifyingKey,
    ed25519::signature::Signer as _,
    pkcs8::{
        DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes,
        spki::der::pem::LineEnding,
    },
};
use pkcs8::{
    EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SecretDocument, der::Decode,
    der::zeroize::Zeroizing,
};
use tough::schema::{
    Role, Signature,
    decoded::{Decoded, Hex},
    key::{Ed25519Key, Ed25519Scheme, Key},
};

use crate::error::PublishError;

/// How PEM begins a private key that is encrypted with a passphrase.
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// Who can sign: an Ed25519 key, in PKCS#8.
pub struct Signer {
    key: SigningKey,
    holder: Holder,
}

/// Who is known to sign: the public part of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub(crate) key: Key,
    pub(crate) id: Decoded<Hex>,
    public: VerifyingKey,
}

impl Signer {
    /// A new key, from the randomness of the system.
    ///
    /// # Errors
    ///
    /// If the system has none.
    pub fn generate() -> Result<Self, PublishError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut()).map_err(|error| wrong(&error))?;
        Self::of(SigningKey::from_bytes(&seed))
    }

    /// Whether a passphrase is needed to read it.
    pub fn is_encrypted(pem: &str) -> bool {
        pem.contains(ENCRYPTED)
    }

    /// Reads a key; the passphrase is used if it is encrypted.
    ///
    /// # Errors
    ///
    /// If it is no such key, or if the passphrase is another.
    pub fn from_pem(pem: &str, passphrase: &str) -> Result<Self, PublishError> {
        let key = if Self::is_encrypted(pem) {
            let (_, document) = SecretDocument::from_pem(pem).map_err(|error| wrong(&error))?;
            let encrypted = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes())
                .map_err(|error| wrong(&error))?;
            let decrypted = encrypted
                .decrypt(passphrase)
                .map_err(|_| PublishError::Key {
                    reason: "a key that this passphrase does not open".to_owned(),
                })?;
            SigningKey::from_pkcs8_der(decrypted.as_bytes())
        } else {
            SigningKey::from_pkcs8_pem(pem)
        };
        Self::of(key.map_err(|error| wrong(&error))?)
    }

    /// The key as PEM, encrypted if there is a passphrase (PBES2 of PKCS#5: scrypt and AES-256).
    ///
    /// # Errors
    ///
    /// If the system has no randomness.
    pub fn to_pem(&self, passphrase: &str) -> Result<Zeroizing<String>, PublishError> {
        // In the first version of the form, without the public key: OpenSSL reads no other.
        let key = KeypairBytes {
            secret_key: self.key.to_bytes(),
            public_key: None,
        };
        if passphrase.is_empty() {
            return key
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|error| wrong(&error));
        }
        let document = key.to_pkcs8_der().map_err(|error| wrong(&error))?;
        let plain = PrivateKeyInfoRef::from_der(document.as_bytes());
        let plain = plain.map_err(|error| wrong(&error))?;
        let encrypted = plain.encrypt(passphrase).map_err(|error| wrong(&error))?;
        let pem = encrypted.to_pem(ENCRYPTED, LineEnding::LF);
        pem.map_err(|error| wrong(&error))
    }

    /// Its public part.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Signs metadata.
    pub(crate) fn sign<T: Role>(&self, signed: &T) -> Result<Signature, PublishError> {
        let bytes = signed.canonical_form().map_err(|error| wrong(&error))?;
        Ok(Signature {
            keyid: self.holder.id.clone(),
            sig: self.key.sign(&bytes).to_vec().into(),
        })
    }

    fn of(key: SigningKey) -> Result<Self, PublishError> {
        let holder = Holder::of(key.verifying_key())?;
        Ok(Self { key, holder })
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.holder.id()).finish()
    }
}

impl Holder {
    /// Reads a public key.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn from_pem(pem: &str) -> Result<Self, PublishError> {
        let public = VerifyingKey::from_public_key_pem(pem);
        Self::of(public.map_err(|error| wrong(&error))?)
    }

    /// The public key as PEM.
    ///
    /// # Errors
    ///
    /// None that is known: what holds a key can be written.
    pub fn to_pem(&self) -> Result<String, PublishError> {
        let pem = self.public.to_public_key_pem(LineEnding::LF);
        pem.map_err(|error| wrong(&error))
    }

    /// The id under which metadata knows the key.
    pub fn id(&self) -> String {
        hex(&self.id)
    }

    fn of(public: VerifyingKey) -> Result<Self, PublishError> {
        let key = Key::Ed25519 {
            keyval: Ed25519Key {
                public: public.as_bytes().to_vec().into(),
                _extra: HashMap::new(),
            },
            scheme: Ed25519Scheme::Ed25519,
            _extra: HashMap::new(),
        };
        let id = key.key_id().map_err(|error| wrong(&error))?;
        Ok(Self { key, id, public })
    }
}

/// Whether a signature was made with a key over these bytes.
pub(crate) fn counts(key: &Key, bytes: &[u8], signature: &Signature) -> bool {
    let Key::Ed25519 { keyval, .. } = key else {
        return false;
    };
    let key = VerifyingKey::try_from(keyval.public.as_ref());
    let signature = ed25519_dalek::Signature::from_slice(&signature.sig);
    key.and_then(|key| key.verify_strict(bytes, &signature?))
        .is_ok()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wrong(error: &dyn fmt::Display) -> PublishError {
    PublishError::Key {
        reason: error.to_string(),
    }
}
