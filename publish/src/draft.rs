//! Metadata that waits for signatures, wherever it lies.

use std::{fmt, path::Path};

use octroi_core::Instant;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tough::schema::{PathHashPrefix, PathSet, Role, Root, Signature, Signed, Targets};

use crate::{
    error::PublishError,
    files,
    keys::{Signer, hex},
};

/// Metadata that waits for signatures: of the root, or of a role that signs documents.
#[derive(Clone, Debug)]
pub struct Draft(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Root(Signed<Root>),
    Targets(Signed<Targets>),
}

impl Draft {
    /// Reads it from a file, on whatever machine.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is no such metadata.
    pub fn read(path: &Path) -> Result<Self, PublishError> {
        #[derive(Deserialize)]
        struct Typed {
            signed: Type,
        }
        #[derive(Deserialize)]
        struct Type {
            _type: String,
        }
        let bytes = files::read(path)?.ok_or_else(|| PublishError::Metadata {
            path: path.to_owned(),
            reason: "no such file".to_owned(),
        })?;
        let typed: Typed = parse(path, &bytes)?;
        match typed.signed._type.as_str() {
            "root" => Ok(Self(Kind::Root(parse(path, &bytes)?))),
            "targets" => Ok(Self(Kind::Targets(parse(path, &bytes)?))),
            other => Err(PublishError::Metadata {
                path: path.to_owned(),
                reason: format!("metadata of the type `{other}`, which nobody signs by hand"),
            }),
        }
    }

    /// Signs it, in place of a signature that the key gave before.
    ///
    /// # Errors
    ///
    /// None that is known: what was read can be signed.
    pub fn sign(&mut self, signer: &Signer) -> Result<(), PublishError> {
        match &mut self.0 {
            Kind::Root(root) => sign(root, signer),
            Kind::Targets(targets) => sign(targets, signer),
        }
    }

    /// As it is written.
    ///
    /// # Errors
    ///
    /// None that is known: what was read can be written.
    pub fn to_json(&self) -> Result<Vec<u8>, PublishError> {
        match &self.0 {
            Kind::Root(root) => to_json(root),
            Kind::Targets(targets) => to_json(targets),
        }
    }

    /// Whether the same is signed.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Root(one), Kind::Root(other)) => one.signed == other.signed,
            (Kind::Targets(one), Kind::Targets(other)) => one.signed == other.signed,
            _ => false,
        }
    }

    /// The bytes that are signed.
    pub(crate) fn signed_bytes(&self) -> Result<Vec<u8>, PublishError> {
        let bytes = match &self.0 {
            Kind::Root(root) => root.signed.canonical_form(),
            Kind::Targets(targets) => targets.signed.canonical_form(),
        };
        bytes.map_err(|error| PublishError::Metadata {
            path: "metadata".into(),
            reason: error.to_string(),
        })
    }

    pub(crate) fn signatures(&self) -> &[Signature] {
        match &self.0 {
            Kind::Root(root) => &root.signatures,
            Kind::Targets(targets) => &targets.signatures,
        }
    }

    /// Takes a signature over, in place of one by the same key.
    pub(crate) fn take(&mut self, signature: Signature) {
        match &mut self.0 {
            Kind::Root(root) => put(&mut root.signatures, signature),
            Kind::Targets(targets) => put(&mut targets.signatures, signature),
        }
    }

    pub(crate) fn as_root(&self) -> Option<&Signed<Root>> {
        match &self.0 {
            Kind::Root(root) => Some(root),
            Kind::Targets(_) => None,
        }
    }

    pub(crate) fn as_targets(&self) -> Option<&Signed<Targets>> {
        match &self.0 {
            Kind::Targets(targets) => Some(targets),
            Kind::Root(_) => None,
        }
    }
}

impl From<Signed<Root>> for Draft {
    fn from(root: Signed<Root>) -> Self {
        Self(Kind::Root(root))
    }
}

impl From<Signed<Targets>> for Draft {
    fn from(targets: Signed<Targets>) -> Self {
        Self(Kind::Targets(targets))
    }
}

/// What a person signs, to be read before.
impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (version, expires, signatures) = match &self.0 {
            Kind::Root(root) => {
                let root_of = &root.signed;
                writeln!(f, "root, who signs what:")?;
                let mut roles: Vec<_> = root_of.roles.iter().collect();
                roles.sort_by_key(|(role, _)| role.to_string());
                for (role, keys) in roles {
                    writeln!(f, "  {role}: {} of", keys.threshold)?;
                    for id in &keys.keyids {
                        writeln!(f, "    {}", hex(id))?;
                    }
                }
                (root_of.version, root_of.expires, &root.signatures)
            }
            Kind::Targets(targets) => {
                let signed = &targets.signed;
                writeln!(f, "documents:")?;
                let mut documents: Vec<_> = signed.targets.iter().collect();
                documents.sort_by_key(|(name, _)| *name);
                for (name, target) in documents {
                    writeln!(f, "  {} sha256 {}", name.raw(), hex(&target.hashes.sha256))?;
                }
                for role in signed.delegations.iter().flat_map(|all| &all.roles) {
                    let alone = match role.terminating {
                        true => ", and to no role after it",
                        false => "",
                    };
                    let scope = match &role.paths {
                        PathSet::Paths(patterns) => {
                            patterns.iter().map(|one| one.value().to_owned()).collect()
                        }
                        PathSet::PathHashPrefixes(prefixes) => {
                            let named = |one: &PathHashPrefix| {
                                format!("what has a name of the sha256 {}…", one.value())
                            };
                            prefixes.iter().map(named).collect::<Vec<_>>()
                        }
                    };
                    writeln!(f, "  handed on to {}{alone}:", role.name)?;
                    for documents in scope {
                        writeln!(f, "    {documents}")?;
                    }
                    writeln!(f, "    signed by {} of", role.threshold)?;
                    for id in &role.keyids {
                        writeln!(f, "      {}", hex(id))?;
                    }
                }
                (signed.version, signed.expires, &targets.signatures)
            }
        };
        writeln!(f, "version {version}, until {}", instant(expires))?;
        let signed: Vec<_> = signatures.iter().map(|one| hex(&one.keyid)).collect();
        writeln!(f, "signed by {} keys", signed.len())?;
        signed.iter().try_for_each(|id| writeln!(f, "    {id}"))
    }
}

/// Adds a signature, in place of one by the same key.
pub(crate) fn sign<T: Role>(role: &mut Signed<T>, signer: &Signer) -> Result<(), PublishError> {
    let signature = signer.sign(&role.signed)?;
    put(&mut role.signatures, signature);
    Ok(())
}

fn put(signatures: &mut Vec<Signature>, signature: Signature) {
    signatures.retain(|other| other.keyid != signature.keyid);
    signatures.push(signature);
    signatures.sort_by(|one, other| one.keyid.cmp(&other.keyid));
}

/// Written the same each time: by way of a value, the keys of which are in order.
pub(crate) fn to_json<T: Serialize>(role: &Signed<T>) -> Result<Vec<u8>, PublishError> {
    let text = serde_json::to_value(role).and_then(|value| serde_json::to_string_pretty(&value));
    let text = text.map_err(|error| PublishError::Metadata {
        path: "metadata".into(),
        reason: error.to_string(),
    })?;
    Ok((text + "\n").into_bytes())
}

pub(crate) fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, PublishError> {
    serde_json::from_slice(bytes).map_err(|error| PublishError::Metadata {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

pub(crate) fn instant(timestamp: jiff::Timestamp) -> Instant {
    Instant::from_unix_seconds(timestamp.as_second())
}
