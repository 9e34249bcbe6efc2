//! The parts of a token, read strictly: each has one form, and nothing stands in it that is not known.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use octroi_core::{Instant, PolicyRef, ReadError, from_json};
use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{Evidence, SecurityLevel, keys::KeyHint, refusal::Refusal};
use crate::{
    key::{PublicKey, Thumbprint},
    statement::Verdict,
};

/// A record nests five deep inside of two objects.
const DEEPEST: usize = 12;

/// The three parts, decoded.
pub(super) struct Parts<'a> {
    pub(super) header: Vec<u8>,
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// The first two, as they were signed.
    pub(super) signed: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a str) -> Result<Self, Refusal> {
        let not_compact = || Refusal::NotCompact;
        let (signed, signature) = token.rsplit_once('.').ok_or_else(not_compact)?;
        let (header, payload) = signed.split_once('.').ok_or_else(not_compact)?;
        let decode = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| not_compact());
        Ok(Self {
            header: decode(header)?,
            payload: decode(payload)?,
            signature: decode(signature)?,
            signed: signed.as_bytes(),
        })
    }
}

/// What the header says.
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: Option<String>,
    pub(super) is_critical: bool,
    key: Option<PublicKey>,
    chain: Vec<Vec<u8>>,
}

impl Header {
    pub(super) fn read(json: &[u8]) -> Result<Self, Refusal> {
        let fields: HeaderFields = read(json, Refusal::MalformedHeader)?;
        // What is no key, or no certificate, is nobody's.
        let key = fields.jwk.and_then(|jwk| jwk.key());
        let chain = fields.x5c.unwrap_or_default();
        let chain = chain
            .iter()
            .map(|der| Base64::decode_vec(der).unwrap_or_default());
        Ok(Self {
            alg: fields.alg,
            typ: fields.typ,
            is_critical: fields.crit,
            key,
            chain: chain.collect(),
        })
    }

    pub(super) fn hint(&self) -> KeyHint<'_> {
        KeyHint {
            key: self.key,
            chain: &self.chain,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderFields {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    jwk: Option<JwkFields>,
    #[serde(default)]
    x5c: Option<Vec<String>>,
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JwkFields {
    kty: String,
    crv: String,
    x: String,
    y: String,
}

impl JwkFields {
    fn key(&self) -> Option<PublicKey> {
        let is_p256 = self.kty == "EC" && self.crv == "P-256";
        let key = is_p256.then(|| PublicKey::from_coordinates(&self.x, &self.y));
        key.flatten()
    }
}

/// What the token claims.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payload<'a> {
    pub(super) eat_profile: String,
    pub(super) eat_nonce: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    #[serde(default)]
    pub(super) exp: Option<i64>,
    swname: String,
    swversion: String,
    #[serde(borrow)]
    octroi: OctroiFields<'a>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OctroiFields<'a> {
    policies: Vec<PolicyRef>,
    #[serde(borrow)]
    record: &'a RawValue,
    verdict: Verdict,
}

impl<'a> Payload<'a> {
    pub(super) fn read(json: &'a [u8]) -> Result<Self, Refusal> {
        read(json, Refusal::MalformedClaims)
    }

    pub(super) fn evidence(self, key: Thumbprint, attested: Option<SecurityLevel>) -> Evidence {
        Evidence {
            key,
            attested,
            nonce: self.eat_nonce,
            issued_at: Instant::from_unix_seconds(self.iat),
            software: (self.swname, self.swversion),
            policies: self.octroi.policies,
            verdict: self.octroi.verdict,
            record: self.octroi.record.get().to_owned(),
        }
    }
}

/// Reads what is not too deep: no parser is asked to follow a bomb.
fn read<'de, T: Deserialize<'de>>(
    json: &'de [u8],
    malformed: fn(ReadError) -> Refusal,
) -> Result<T, Refusal> {
    if depth(json) > DEEPEST {
        return Err(Refusal::TooDeep { most: DEEPEST });
    }
    from_json(json).map_err(|error| unless_twice(error, malformed))
}

/// The error as a refusal: of its own kind where a key stands twice.
pub(super) fn unless_twice(error: ReadError, malformed: fn(ReadError) -> Refusal) -> Refusal {
    if error.expected == "each field once" {
        Refusal::DuplicateMember(error)
    } else {
        malformed(error)
    }
}

/// How deep the brackets nest that stand outside of strings.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_nest() {
        for (json, deep) in [
            ("{}", 1),
            (r#"{"[[[": "\"[[[", "a": [[]]}"#, 3),
            ("[[[", 3),
            ("]]]][", 1),
        ] {
            assert_eq!(depth(json.as_bytes()), deep, "{json}");
        }
    }
}
