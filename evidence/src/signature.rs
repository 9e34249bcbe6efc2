//! Signatures as JOSE wants them, whatever form a keystore gives.

use p256::ecdsa::Signature;

/// The length of a signature in a token: two numbers of 32 bytes.
pub const SIGNATURE_LENGTH: usize = 64;

/// Why a signature is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {length} bytes, expected an ECDSA signature on P-256, in DER or as 64 bytes")]
pub struct SignatureError {
    /// The number of bytes.
    pub length: usize,
}

/// The signature as the 64 bytes that ES256 asks for, from DER (Android Keystore, Apple's Security) or from such bytes.
///
/// Of the two signatures that fit equally, it is the one with the lower `s`, so that a statement has one form.
///
/// # Errors
///
/// If it is neither form, or one of its numbers is out of range.
pub fn normalized(signature: &[u8]) -> Result<[u8; SIGNATURE_LENGTH], SignatureError> {
    // Bytes that are DER to the last one are hardly ever anything else: four of them would have to agree by chance.
    let read = Signature::from_der(signature).or_else(|_| Signature::from_slice(signature));
    let length = signature.len();
    let read = read.map_err(|_| SignatureError { length })?;
    Ok(read.normalize_s().to_bytes().into())
}
