//! Who signs what waits, and who has.

use std::{collections::HashMap, fmt, path::Path};

use tough::schema::{
    self, RoleType, Root, Targets,
    decoded::{Decoded, Hex},
    key::Key,
};

use crate::{
    draft::Draft,
    error::PublishError,
    keys::{Signer, counts, hex},
    repository::{Folder, ROOT, TARGETS},
};

/// Something that is not published yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The file in `pending/`.
    pub path: String,
    /// Who names those who sign.
    pub named_by: &'static str,
    /// How many signatures count.
    pub found: u64,
    /// How many it takes.
    pub threshold: u64,
}

impl Folder {
    /// Signs all that waits for one of these.
    ///
    /// # Errors
    ///
    /// If what waits cannot be read, or if one of these holds no role.
    pub fn sign(&mut self, signers: &[Signer]) -> Result<(), PublishError> {
        for signer in signers {
            let id = &signer.holder().id;
            if !self.names(id)? {
                return Err(PublishError::HoldsNothing { key: hex(id) });
            }
        }
        for (name, mut draft) in self.drafts()? {
            let holders = self.holders_of(&name)?;
            let holds = |signer: &&Signer| holders.contains_key(&signer.holder().id);
            let before = draft.signatures().to_vec();
            for signer in signers.iter().filter(holds) {
                draft.sign(signer)?;
            }
            if draft.signatures() != before {
                self.put(&name, &draft)?;
            }
        }
        Ok(())
    }

    /// Whether somebody gave a role to a key.
    fn names(&self, id: &Decoded<Hex>) -> Result<bool, PublishError> {
        let roots = [self.root()?, self.newest_root()?].into_iter().flatten();
        let targets = [self.live(TARGETS)?, self.newest(TARGETS)?];
        let delegations = targets.into_iter().flatten();
        let mut delegations = delegations.filter_map(|targets| targets.signed.delegations);
        Ok(roots
            .into_iter()
            .any(|root| root.signed.keys.contains_key(id))
            || delegations.any(|delegations| delegations.keys.contains_key(id)))
    }

    /// Takes over the signatures of a file that was signed elsewhere.
    ///
    /// # Errors
    ///
    /// If it is not what waits here, or if a signature does not count.
    pub fn merge(&mut self, path: &Path) -> Result<(), PublishError> {
        let signed = Draft::read(path)?;
        for (name, mut draft) in self.drafts()? {
            if !draft.is_of(&signed) {
                continue;
            }
            let holders = self.holders_of(&name)?;
            let bytes = draft.signed_bytes()?;
            for signature in signed.signatures() {
                let key = holders.get(&signature.keyid);
                if !key.is_some_and(|key| counts(key, &bytes, signature)) {
                    return Err(PublishError::Signature {
                        role: name,
                        key: hex(&signature.keyid),
                    });
                }
                draft.take(signature.clone());
            }
            return self.put(&name, &draft);
        }
        Err(PublishError::SignedSomethingElse {
            path: path.to_owned(),
        })
    }

    /// What is not published yet, and how many signatures it has.
    ///
    /// # Errors
    ///
    /// If what waits cannot be read.
    pub fn waiting(&self) -> Result<Vec<Waiting>, PublishError> {
        let mut waiting = Vec::new();
        for (name, draft) in self.drafts()? {
            for (named_by, verified) in self.judged(&name, &draft)? {
                let (found, threshold) = counted(&verified);
                waiting.push(Waiting {
                    path: self.pending_path(&name)?,
                    named_by,
                    found,
                    threshold,
                });
            }
        }
        Ok(waiting)
    }

    /// All that waits, by the name of its role; who names the others comes first.
    fn drafts(&self) -> Result<Vec<(String, Draft)>, PublishError> {
        let mut drafts = Vec::new();
        if let Some(root) = self.pending::<Root>(ROOT)? {
            drafts.push((ROOT.to_owned(), root.into()));
        }
        let delegated = self.delegated()?.into_iter().map(|role| role.name);
        for name in [TARGETS.to_owned()].into_iter().chain(delegated) {
            if let Some(targets) = self.pending::<Targets>(&name)? {
                drafts.push((name, targets.into()));
            }
        }
        Ok(drafts)
    }

    /// The keys of all who may sign a role, before and after what waits.
    fn holders_of(&self, name: &str) -> Result<HashMap<Decoded<Hex>, Key>, PublishError> {
        let mut holders = HashMap::new();
        let mut add = |keys: &HashMap<Decoded<Hex>, Key>, ids: &[Decoded<Hex>]| {
            let known = ids
                .iter()
                .filter_map(|id| Some((id.clone(), keys.get(id)?.clone())));
            holders.extend(known);
        };
        for root in [self.root()?, self.newest_root()?].into_iter().flatten() {
            let role = match name {
                ROOT => root.signed.roles.get(&RoleType::Root),
                TARGETS => root.signed.roles.get(&RoleType::Targets),
                _ => None,
            };
            if let Some(role) = role {
                add(&root.signed.keys, &role.keyids);
            }
        }
        for targets in [self.live(TARGETS)?, self.newest(TARGETS)?]
            .into_iter()
            .flatten()
        {
            let delegations = targets.signed.delegations.unwrap_or_default();
            for role in delegations.roles.iter().filter(|role| role.name == name) {
                add(&delegations.keys, &role.keyids);
            }
        }
        Ok(holders)
    }

    /// What those say who name the ones that sign a role.
    fn judged(
        &self,
        name: &str,
        draft: &Draft,
    ) -> Result<Vec<(&'static str, schema::Result<()>)>, PublishError> {
        let mut judged = Vec::new();
        if let Some(root) = draft.as_root() {
            if let Some(before) = self.root()? {
                judged.push(("the root before it", before.signed.verify_role(root)));
            }
            judged.push(("this root", root.signed.verify_role(root)));
        }
        if let Some(targets) = draft.as_targets() {
            if name == TARGETS {
                let root = self.newest_root()?;
                judged.extend(root.map(|root| ("the root", root.signed.verify_role(targets))));
            } else {
                let parent = self.newest(TARGETS)?;
                let delegations = parent.and_then(|parent| parent.signed.delegations);
                judged.extend(
                    delegations.map(|all| ("the role targets", all.verify_role(targets, name))),
                );
            }
        }
        Ok(judged)
    }
}

/// How many signatures count, and how many it takes.
fn counted(verified: &schema::Result<()>) -> (u64, u64) {
    match verified {
        Ok(()) => (1, 1),
        Err(schema::Error::SignatureThreshold {
            threshold, valid, ..
        }) => (*valid, *threshold),
        Err(_) => (0, 1),
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            named_by,
            found,
            threshold,
        } = self;
        if found < threshold {
            write!(
                f,
                "{path}: {found} of {threshold} signatures that {named_by} asks for"
            )
        } else {
            write!(f, "{path}: signed by as many as {named_by} asks for")
        }
    }
}
