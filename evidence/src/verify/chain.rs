//! Chains of certificates (RFC 5280, as far as keystores use it).
//!
//! Checked are signatures, names, validity, basic constraints, key usage and path lengths; any other extension that is critical is
//! refused. What Android says of a key it attested is read where it stands nearest the root, and that has to be the key itself: a key
//! of a phone that may sign could vouch for others else. Known are ECDSA on P-256 and P-384 with SHA-256 and SHA-384: a chain that an RSA key signed at its top is trusted by
//! pinning the certificate below, whether or not the chain brings along what is above. Revocation is the caller's: it takes a network.

use der::{Decode, Header, Reader, SliceReader, asn1::ObjectIdentifier};
use octroi_core::Instant;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384};
use x509_cert::{
    Certificate,
    ext::pkix::{BasicConstraints, KeyUsage},
};

use super::{
    attestation::Attestation,
    keys::{KeyFault, KeyHint, KeyResolver, KnownKey},
};
use crate::key::PublicKey;

const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const KEY_DESCRIPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");

/// Android's longest have five.
const LONGEST: usize = 8;

/// Keys whose certificates lead to a pinned root.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    roots: Vec<Link>,
}

impl Chains {
    /// No roots but these: certificates in DER.
    ///
    /// # Errors
    ///
    /// If one cannot be read; it says which.
    pub fn new<'a>(roots: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, KeyFault> {
        let roots = roots.into_iter().enumerate();
        let roots = roots.map(|(number, der)| Link::read(der, number + 1));
        Ok(Self {
            roots: roots.collect::<Result<_, _>>()?,
        })
    }
}

impl KeyResolver for Chains {
    fn resolve(&self, hint: &KeyHint<'_>, at: Instant) -> Result<KnownKey, KeyFault> {
        let length = hint.chain.len();
        if length > LONGEST {
            let most = LONGEST;
            return Err(KeyFault::ChainTooLong { length, most });
        }
        let chain = hint.chain.iter().enumerate();
        let chain = chain.map(|(number, der)| Link::read(der, number + 1));
        let mut chain: Vec<Link> = chain.collect::<Result<_, _>>()?;
        // A chain may bring along what is pinned, and what is above that; only the pinned one counts.
        let pinned = |link: &Link| self.roots.iter().any(|root| root.der == link.der);
        if let Some(below) = chain.iter().skip(1).position(pinned) {
            chain.truncate(below + 1);
        }
        let last = chain.last().ok_or(KeyFault::NoChain)?;
        let issuer = last.certificate.tbs_certificate().issuer();
        let named = |root: &&Link| root.certificate.tbs_certificate().subject() == issuer;
        // Of roots that bear one name, as renewed ones do, it is the one that signed.
        let candidates = self.roots.iter().filter(named);
        let mut fault = KeyFault::UnknownRoot;
        for root in candidates {
            let mut path: Vec<&Link> = chain.iter().collect();
            path.push(root);
            match check(&path, at) {
                Ok(key) => return Ok(key),
                Err(found) => fault = found,
            }
        }
        Err(fault)
    }
}

/// Checks a path from the key to its root, and gives the key.
fn check(path: &[&Link], at: Instant) -> Result<KnownKey, KeyFault> {
    for (number, link) in path.iter().enumerate() {
        let position = number + 1;
        link.check_extensions(position)?;
        if !link.is_valid(at) {
            return Err(KeyFault::CertificateNotValid { position });
        }
        if number > 0 && !link.may_issue(number - 1) {
            return Err(KeyFault::NoAuthority { position });
        }
    }
    for (number, pair) in path.windows(2).enumerate() {
        if let [link, issuer] = pair {
            link.check_signature(issuer, number + 1)?;
        }
    }
    let leaf = path.first().ok_or(KeyFault::NoChain)?;
    if leaf.usage().is_some_and(|usage| !usage.digital_signature()) {
        return Err(KeyFault::NoKey);
    }
    let key = leaf.point(P256).and_then(PublicKey::from_sec1);
    Ok(KnownKey {
        key: key.ok_or(KeyFault::NoKey)?,
        attestation: attestation(path)?,
    })
}

/// What is said of the key by whoever is nearest the root, if anybody says something.
fn attestation(path: &[&Link]) -> Result<Option<Attestation>, KeyFault> {
    let links = path.iter().enumerate().rev();
    let mut said = links.map(|(number, link)| (number + 1, link.descriptions()));
    let Some((position, descriptions)) = said.find(|(_, said)| !said.is_empty()) else {
        return Ok(None);
    };
    if position > 1 {
        return Err(KeyFault::BelowAttested { position });
    }
    // Of two that differ, each reader would choose another.
    let read = match descriptions.as_slice() {
        [description] => Attestation::read(description),
        _ => None,
    };
    read.map(Some)
        .ok_or(KeyFault::MalformedAttestation { position })
}

/// One certificate.
#[derive(Clone, Debug)]
struct Link {
    der: Vec<u8>,
    certificate: Certificate,
}

impl Link {
    fn read(der: &[u8], position: usize) -> Result<Self, KeyFault> {
        let certificate = Certificate::from_der(der);
        Ok(Self {
            der: der.to_owned(),
            certificate: certificate.map_err(|_| KeyFault::MalformedCertificate { position })?,
        })
    }

    /// What was signed, as it was signed.
    fn signed(&self) -> Option<&[u8]> {
        let mut reader = SliceReader::new(&self.der).ok()?;
        Header::decode(&mut reader).ok()?;
        reader.tlv_bytes().ok()
    }

    fn extension<'a, T: Decode<'a>>(&'a self, id: ObjectIdentifier) -> Option<Option<T>> {
        let extensions = self.certificate.tbs_certificate().extensions()?;
        let found = extensions
            .iter()
            .find(|extension| extension.extn_id == id)?;
        Some(T::from_der(found.extn_value.as_bytes()).ok())
    }

    /// What Android says of the key: once, where it does.
    fn descriptions(&self) -> Vec<&[u8]> {
        let extensions = self.certificate.tbs_certificate().extensions();
        let extensions = extensions.map_or(&[][..], Vec::as_slice).iter();
        let said = extensions.filter(|one| one.extn_id == KEY_DESCRIPTION);
        said.map(|one| one.extn_value.as_bytes()).collect()
    }

    fn usage(&self) -> Option<KeyUsage> {
        self.extension(KEY_USAGE).flatten()
    }

    fn check_extensions(&self, position: usize) -> Result<(), KeyFault> {
        let extensions = self.certificate.tbs_certificate().extensions();
        let extensions = extensions.map_or(&[][..], Vec::as_slice);
        let known = [KEY_USAGE, BASIC_CONSTRAINTS];
        let is_unknown = |id| !known.contains(id);
        if extensions
            .iter()
            .any(|one| one.critical && is_unknown(&one.extn_id))
        {
            return Err(KeyFault::CriticalExtension { position });
        }
        // One that stands twice, or cannot be read, would be read by others in another way.
        let once = |id| extensions.iter().filter(|one| one.extn_id == id).count() < 2;
        let usage = self.extension::<KeyUsage>(KEY_USAGE) != Some(None);
        let constraints = self.extension::<BasicConstraints>(BASIC_CONSTRAINTS) != Some(None);
        if !(known.into_iter().all(once) && usage && constraints) {
            return Err(KeyFault::MalformedCertificate { position });
        }
        Ok(())
    }

    fn is_valid(&self, at: Instant) -> bool {
        let validity = self.certificate.tbs_certificate().validity();
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        let (from, until) = (seconds(validity.not_before), seconds(validity.not_after));
        (from..=until).contains(&at.unix_seconds())
    }

    /// Whether it may issue a certificate that has so many authorities below it.
    fn may_issue(&self, below: usize) -> bool {
        let constraints = self
            .extension::<BasicConstraints>(BASIC_CONSTRAINTS)
            .flatten();
        let is_authority = constraints.is_some_and(|constraints| {
            let most = constraints.path_len_constraint;
            constraints.ca && most.is_none_or(|most| below <= most.into())
        });
        is_authority && self.usage().is_none_or(|usage| usage.key_cert_sign())
    }

    /// The point of the key, if it is on that curve.
    fn point(&self, curve: ObjectIdentifier) -> Option<&[u8]> {
        let key = self.certificate.tbs_certificate().subject_public_key_info();
        let found = key.algorithm.parameters.as_ref()?;
        let found: ObjectIdentifier = found.decode_as().ok()?;
        let matches = key.algorithm.oid == EC_KEY && found == curve;
        matches.then(|| key.subject_public_key.as_bytes()).flatten()
    }

    fn check_signature(&self, issuer: &Link, position: usize) -> Result<(), KeyFault> {
        let certificate = &self.certificate;
        let (tbs, above) = (
            certificate.tbs_certificate(),
            issuer.certificate.tbs_certificate(),
        );
        let wrong = KeyFault::CertificateSignature { position };
        let algorithm = certificate.signature_algorithm();
        if tbs.issuer() != above.subject() || tbs.signature() != algorithm {
            return Err(wrong);
        }
        let signed = self.signed().ok_or(wrong)?;
        let digest = match algorithm.oid {
            ECDSA_SHA256 => Sha256::digest(signed).to_vec(),
            ECDSA_SHA384 => Sha384::digest(signed).to_vec(),
            _ => return Err(KeyFault::UnknownAlgorithm { position }),
        };
        let signature = certificate.signature().as_bytes().ok_or(wrong)?;
        let holds = if let Some(point) = issuer.point(P256) {
            holds_p256(point, &digest, signature)
        } else if let Some(point) = issuer.point(P384) {
            holds_p384(point, &digest, signature)
        } else {
            return Err(KeyFault::UnknownAlgorithm { position });
        };
        holds.ok_or(wrong)
    }
}

fn holds_p256(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let signature = p256::ecdsa::Signature::from_der(signature).ok()?;
    key.verify_prehash(digest, &signature).ok()
}

fn holds_p384(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
    let signature = p384::ecdsa::Signature::from_der(signature).ok()?;
    key.verify_prehash(digest, &signature).ok()
}
