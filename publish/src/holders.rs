//! Who holds a role, and to whom the signing of documents is handed on.

use std::{collections::HashMap, num::NonZeroU64};

use octroi_core::PolicyId;
use tough::schema::{DelegatedRole, Delegations, PathPattern, PathSet, RoleKeys, RoleType, Root};

use crate::{
    error::PublishError,
    keys::Holder,
    repository::{Folder, ROOT, TARGETS, target_path},
};

/// Who holds the four roles at the top. A role without holders stays as it is.
#[derive(Clone, Debug)]
pub struct Holders {
    /// Those who say who holds every role.
    pub root: Vec<Holder>,
    /// How many of them must sign.
    pub root_threshold: u64,
    /// Those who say which issuer signs what.
    pub targets: Vec<Holder>,
    /// How many of them must sign.
    pub targets_threshold: u64,
    /// Who signs the list of all that is there. Any one of several.
    pub snapshot: Vec<Holder>,
    /// Who signs that the list is the newest. Any one of several.
    pub timestamp: Vec<Holder>,
}

/// To whom the signing of some documents is handed on.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// The name of the role.
    pub name: String,
    /// Who holds it.
    pub holders: Vec<Holder>,
    /// How many of them must sign.
    pub threshold: u64,
    /// What it may sign.
    pub scope: Scope,
}

/// What a role may sign.
#[derive(Clone, Debug)]
pub enum Scope {
    /// An issuer: the policies of these ids.
    Policies(Vec<PolicyId>),
    /// A device management: what it sets for administrations.
    Deployments,
}

impl Folder {
    /// A new repository: its root, and nothing that anybody signs.
    ///
    /// # Errors
    ///
    /// If a role has too few holders.
    pub fn init(&mut self, holders: &Holders, days: u32) -> Result<(), PublishError> {
        self.edit_root(days, |root| holders.set(root))?;
        self.edit(TARGETS, days, |targets| {
            targets.delegations = Some(Delegations::new());
            Ok(())
        })
    }

    /// Replaces keys, or has the same sign the root for a further period.
    ///
    /// # Errors
    ///
    /// If a role has too few holders.
    pub fn rotate(&mut self, holders: &Holders, days: u32) -> Result<(), PublishError> {
        self.edit_root(days, |root| holders.set(root))?;
        if !holders.targets.is_empty() {
            self.edit(TARGETS, days, |_| Ok(()))?;
        }
        Ok(())
    }

    /// Hands the signing of some documents on, or replaces the keys of a role that has it.
    ///
    /// # Errors
    ///
    /// If it has too few holders, or if another role has such documents.
    pub fn delegate(&mut self, delegation: &Delegation, days: u32) -> Result<(), PublishError> {
        let Delegation { name, holders, .. } = delegation;
        if !is_free(name) {
            return Err(PublishError::RoleName { role: name.clone() });
        }
        let keys = role_keys(name, holders, delegation.threshold)?;
        let paths = delegation.scope.patterns();
        for other in self.delegated()? {
            let taken = paths.iter().find(|path| lists(&other.paths, path));
            if let Some(path) = taken.filter(|_| other.name != *name) {
                return Err(PublishError::Taken {
                    path: path.clone(),
                    role: other.name,
                });
            }
        }
        let mut patterns = Vec::new();
        for path in paths {
            let pattern = PathPattern::new(path.clone());
            patterns.push(pattern.map_err(|_| PublishError::NobodySigns { path })?);
        }
        self.edit(TARGETS, days, |targets| {
            let delegations = targets.delegations.get_or_insert_default();
            let role = DelegatedRole {
                name: name.clone(),
                keyids: keys.keyids,
                threshold: keys.threshold,
                paths: PathSet::Paths(patterns),
                terminating: true,
                targets: None,
            };
            match delegations
                .roles
                .iter_mut()
                .find(|known| known.name == *name)
            {
                Some(known) => *known = role,
                None => delegations.roles.push(role),
            }
            let known = holders
                .iter()
                .map(|holder| (holder.id.clone(), holder.key.clone()));
            delegations.keys.extend(known);
            let roles = &delegations.roles;
            delegations
                .keys
                .retain(|id, _| roles.iter().any(|role| role.keyids.contains(id)));
            Ok(())
        })?;
        // Those who hold it now have to sign what it signs, and be it nothing. What it may no longer sign, phones would refuse.
        let mut dropped = Vec::new();
        self.edit(name, days, |targets| {
            targets.targets.retain(|name, target| {
                let stays = delegation.scope.covers(name.raw());
                if !stays {
                    dropped.push(target_path(name.raw(), &target.hashes.sha256));
                }
                stays
            });
            Ok(())
        })?;
        for place in dropped {
            self.files.remove(format!("pending/targets/{place}"));
        }
        Ok(())
    }

    /// Has a role that signs documents sign for a further period.
    ///
    /// # Errors
    ///
    /// If there is no such role.
    pub fn renew(&mut self, name: &str, days: u32) -> Result<(), PublishError> {
        if name == ROOT {
            return self.edit_root(days, |_| Ok(()));
        }
        let mut known = vec![ROOT.to_owned(), TARGETS.to_owned()];
        known.extend(self.delegated()?.into_iter().map(|role| role.name));
        if !known.iter().any(|known| known == name) {
            return Err(PublishError::NoRole {
                role: name.to_owned(),
                known: known.join(", "),
            });
        }
        self.edit(name, days, |_| Ok(()))
    }
}

impl Holders {
    fn set(&self, root: &mut Root) -> Result<(), PublishError> {
        let roles = [
            (RoleType::Root, &self.root, self.root_threshold),
            (RoleType::Targets, &self.targets, self.targets_threshold),
            (RoleType::Snapshot, &self.snapshot, 1),
            (RoleType::Timestamp, &self.timestamp, 1),
        ];
        for (role, holders, threshold) in roles {
            if holders.is_empty() && root.roles.contains_key(&role) {
                continue;
            }
            let keys = role_keys(&role.to_string(), holders, threshold)?;
            root.roles.insert(role, keys);
            let known = holders
                .iter()
                .map(|holder| (holder.id.clone(), holder.key.clone()));
            root.keys.extend(known);
        }
        let roles = &root.roles;
        root.keys
            .retain(|id, _| roles.values().any(|keys| keys.keyids.contains(id)));
        Ok(())
    }
}

impl Scope {
    fn patterns(&self) -> Vec<String> {
        match self {
            Scope::Policies(ids) => ids.iter().map(policies).collect(),
            Scope::Deployments => vec![DEPLOYMENTS.to_owned()],
        }
    }

    /// Whether one of its patterns is of that path. A star is any part of one name.
    fn covers(&self, path: &str) -> bool {
        self.patterns().iter().any(|pattern| {
            let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
            let name = path
                .strip_prefix(start)
                .and_then(|rest| rest.strip_suffix(end));
            name.is_some_and(|name| !name.contains('/'))
        })
    }
}

pub(crate) const DEPLOYMENTS: &str = "deployments/*.json";

pub(crate) fn policies(id: &PolicyId) -> String {
    format!("policies/{id}/*.json")
}

/// Whether a role was given this very path.
pub(crate) fn lists(paths: &PathSet, path: &str) -> bool {
    match paths {
        PathSet::Paths(patterns) => patterns.iter().any(|pattern| pattern.value() == path),
        PathSet::PathHashPrefixes(_) => false,
    }
}

fn role_keys(role: &str, holders: &[Holder], threshold: u64) -> Result<RoleKeys, PublishError> {
    let mut keyids: Vec<_> = holders.iter().map(|holder| holder.id.clone()).collect();
    keyids.sort();
    keyids.dedup();
    match NonZeroU64::new(threshold) {
        Some(threshold) if threshold.get() <= keyids.len() as u64 => Ok(RoleKeys {
            keyids,
            threshold,
            _extra: HashMap::new(),
        }),
        _ => Err(PublishError::Threshold {
            role: role.to_owned(),
            threshold,
            holders: keyids.len(),
        }),
    }
}

/// Whether a role may have that name: it is part of the names of files.
fn is_free(name: &str) -> bool {
    let is_word = name
        .chars()
        .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-');
    is_word && !name.is_empty() && !["root", "targets", "snapshot", "timestamp"].contains(&name)
}
