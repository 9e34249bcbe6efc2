//! Names of devices that only who has the key can make again.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// The least length of a key, in bytes: as much as SHA-256 gives, so that guessing the key is no shorter than breaking it.
const SHORTEST: usize = 32;

/// How much of the 32 bytes of an HMAC a pseudonym keeps. Of a thousand million devices, two have the same with a chance of less than
/// one in 10^20.
const KEPT: usize = 16;

/// Pseudonyms for devices: the first 128 bits of HMAC-SHA-256 over a device's id, in hexadecimal.
#[derive(Clone)]
pub struct Pseudonyms(Hmac<Sha256>);

/// A key that is too short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "found a key of {found} bytes, expected at least {SHORTEST}, such as `head -c 32 /dev/urandom` gives"
)]
pub struct KeyError {
    /// Its length, in bytes.
    pub found: usize,
}

impl Pseudonyms {
    /// Under a key of 32 bytes or more.
    ///
    /// # Errors
    ///
    /// A key that is shorter.
    pub fn new(key: &[u8]) -> Result<Self, KeyError> {
        let too_short = KeyError { found: key.len() };
        if key.len() < SHORTEST {
            return Err(too_short);
        }
        // HMAC takes keys of any length.
        Hmac::new_from_slice(key).map(Self).map_err(|_| too_short)
    }

    /// The same for the same id under the same key.
    pub fn of(&self, id: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(id.as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes
            .iter()
            .take(KEPT)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Nothing of the key.
impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who finds a device again computes what everyone else computes: test case 6 of RFC 4231, cut as section 3 of RFC 2104 has it.
    #[test]
    fn a_pseudonym_is_the_hmac_of_the_standard() {
        let pseudonyms = Pseudonyms::new(&[0xaa; 131]).unwrap();
        let id = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(pseudonyms.of(id), "60e431591ee0b67f0d8a26aacbf5b77f");
    }

    /// Whoever gives an empty file, or a password, is told so instead of having names that can be guessed.
    #[test]
    fn a_short_key_is_none() {
        for length in [0, 16, 31] {
            let error = Pseudonyms::new(&vec![7; length]).unwrap_err();
            assert_eq!(error, KeyError { found: length });
            assert!(error.to_string().contains("/dev/urandom"));
        }
        assert!(Pseudonyms::new(&[7; 32]).is_ok());
    }

    #[test]
    fn nothing_of_the_key_is_printed() {
        let pseudonyms = Pseudonyms::new(b"correct horse battery staple, and more").unwrap();
        assert_eq!(format!("{pseudonyms:?}"), "Pseudonyms");
    }
}
