//! What Android says of a key in the certificate of its
//! [attestation](https://source.android.com/docs/security/features/keystore/attestation).

use der::{Decode, Reader, SliceReader, Tag, TagNumber, asn1::AnyRef};
use serde::Serialize;

use super::refusal::Refusal;

/// Where keys are kept, the weakest place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityLevel {
    /// In Android itself: whoever takes over the system has the keys.
    Software,
    /// In a part of the processor that Android does not reach.
    TrustedEnvironment,
    /// In a chip of its own.
    Strongbox,
}

/// What the maker of a device vouches for, of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// Where the key is kept, and what says so: the weaker of the two.
    pub level: SecurityLevel,
    /// What whoever had the key made gave along: [`crate::Challenge::nonce`], if it was made for a statement.
    pub challenge: Vec<u8>,
    /// Whether the hardware made the key. One that was brought in is known outside of it.
    pub generated: bool,
}

/// The number of an authorization that says where the key came from, and its value for a key that was made there.
const ORIGIN: TagNumber = TagNumber(702);
const GENERATED: &[u8] = &[0];

impl Attestation {
    /// Reads the `KeyDescription` of a certificate's extension 1.3.6.1.4.1.11129.2.1.17, whose form is the same in all versions so far;
    /// none if it is something else. That the certificate is to be believed, whoever has it has found out.
    pub fn read(der: &[u8]) -> Option<Self> {
        let description = AnyRef::from_der(der).ok()?;
        let fields = elements(of_tag(description, Tag::Sequence)?)?;
        let [
            version,
            attested_in,
            keymint,
            kept_in,
            challenge,
            unique,
            software,
            hardware,
        ] = *fields.as_slice()
        else {
            return None;
        };
        for number in [version, keymint] {
            of_tag(number, Tag::Integer)?;
        }
        of_tag(unique, Tag::OctetString)?;
        of_tag(software, Tag::Sequence)?;
        Some(Self {
            level: level(attested_in)?.min(level(kept_in)?),
            challenge: of_tag(challenge, Tag::OctetString)?.to_owned(),
            generated: generated(of_tag(hardware, Tag::Sequence)?)?,
        })
    }

    /// Whether the key may speak for a statement that answers this nonce.
    pub(super) fn check(&self, nonce: &str) -> Result<(), Refusal> {
        if self.challenge != nonce.as_bytes() {
            return Err(Refusal::WrongAttestationChallenge);
        }
        if self.level == SecurityLevel::Software {
            return Err(Refusal::SoftwareKey);
        }
        match self.generated {
            true => Ok(()),
            false => Err(Refusal::ImportedKey),
        }
    }
}

fn of_tag(element: AnyRef<'_>, tag: Tag) -> Option<&[u8]> {
    use der::Tagged;
    (element.tag() == tag).then(|| element.value())
}

/// What stands one behind the other.
fn elements(der: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(der).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(elements)
}

fn level(element: AnyRef<'_>) -> Option<SecurityLevel> {
    match of_tag(element, Tag::Enumerated)? {
        [0] => Some(SecurityLevel::Software),
        [1] => Some(SecurityLevel::TrustedEnvironment),
        [2] => Some(SecurityLevel::Strongbox),
        _ => None,
    }
}

/// Whether what the hardware enforces says of the key, once, that it was made there. None if it is no such list.
fn generated(authorizations: &[u8]) -> Option<bool> {
    let origin = ORIGIN.context_specific(true);
    let mut origins = Vec::new();
    for element in elements(authorizations)? {
        if let Some(inner) = of_tag(element, origin) {
            let inner = AnyRef::from_der(inner).ok()?;
            origins.push(of_tag(inner, Tag::Integer)?);
        }
    }
    Some(origins == [GENERATED])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        [tag, &[length], content].concat()
    }

    fn origin(value: u8) -> Vec<u8> {
        tlv(&[0xbf, 0x85, 0x3e], &tlv(&[2], &[value]))
    }

    fn description(levels: [u8; 2], challenge: &[u8], hardware: &[u8]) -> Vec<u8> {
        let version = tlv(&[2], &[3]);
        let level = |value| tlv(&[10], &[value]);
        let parts = [
            version.clone(),
            level(levels[0]),
            version,
            level(levels[1]),
            tlv(&[4], challenge),
            tlv(&[4], &[]),
            tlv(&[0x30], &origin(0)),
            tlv(&[0x30], hardware),
        ];
        tlv(&[0x30], &parts.concat())
    }

    #[test]
    fn the_weaker_place_counts() {
        for (levels, weaker) in [
            ([0, 0], SecurityLevel::Software),
            ([1, 0], SecurityLevel::Software),
            ([0, 2], SecurityLevel::Software),
            ([2, 1], SecurityLevel::TrustedEnvironment),
            ([2, 2], SecurityLevel::Strongbox),
        ] {
            let read = Attestation::read(&description(levels, b"nonce", &origin(0)));
            assert_eq!(read.unwrap().level, weaker, "{levels:?}");
        }
        for unknown in [[3, 1], [1, 3]] {
            assert_eq!(Attestation::read(&description(unknown, b"", &[])), None);
        }
    }

    /// What Android itself enforces could say anything: the hardware has to say that it made the key, and say it once.
    #[test]
    fn a_key_that_was_brought_in_is_told() {
        let twice = [origin(0), origin(2)].concat();
        let purpose = tlv(&[0xa1], &tlv(&[0x31], &tlv(&[2], &[2])));
        let among_others = [purpose, origin(0)].concat();
        for (hardware, generated) in [
            (origin(0), true),
            (among_others, true),
            (origin(2), false),
            (Vec::new(), false),
            (twice, false),
        ] {
            let read = Attestation::read(&description([1, 1], b"nonce", &hardware)).unwrap();
            assert_eq!(read.generated, generated);
            assert_eq!(read.challenge, b"nonce");
        }
    }

    /// Whoever made a certificate may have put anything there: it is read or it is not, at every length and with every byte changed.
    #[test]
    fn hostile_bytes_are_no_attestation() {
        let whole = description([1, 1], b"a nonce of the server's", &origin(0));
        for length in 0..whole.len() {
            assert_eq!(Attestation::read(&whole[..length]), None, "{length}");
        }
        assert_eq!(Attestation::read(&[&whole[..], &[0]].concat()), None);
        for at in 0..whole.len() {
            for value in 0..=255 {
                let mut changed = whole.clone();
                changed[at] = value;
                // Whatever it is, it is an answer.
                let _ = Attestation::read(&changed);
            }
        }
    }
}
