//! A document on its way to phones: what they would refuse is refused here first.

use std::collections::HashMap;

use octroi_core::{Deployment, Policy, PolicyId, PolicyRef, embedded};
use octroi_updates::{judge, policy_path, policy_version};
use sha2::{Digest, Sha256};
use tough::{
    TargetName,
    schema::{Hashes, Target},
};

use crate::{
    error::PublishError,
    holders::{DEPLOYMENTS, lists, policies},
    repository::{Folder, target_path},
};

impl Folder {
    /// Adds a version of a policy to what its issuer signs, and says which role that is.
    ///
    /// # Errors
    ///
    /// If a phone would refuse it, or if no role signs such policies.
    pub fn add_policy(&mut self, policy: &Policy, days: u32) -> Result<String, PublishError> {
        let reference = PolicyRef {
            id: policy.id().clone(),
            version: policy.document().version,
        };
        judge(policy).map_err(|refusal| PublishError::Refused {
            policy: reference.clone(),
            refusal,
        })?;
        let role = self.signer_of(&policies(&reference.id))?;
        let known = self.highest(&role, &reference.id)?;
        if known.is_some_and(|known| reference.version <= known) {
            return Err(PublishError::NotHigher {
                policy: reference,
                known: known.unwrap_or_default(),
            });
        }
        let path = policy_path(&reference.id, reference.version);
        self.list(&role, path, policy.to_json().into_bytes(), days)?;
        Ok(role)
    }

    /// Sets what a device management sets for an administration, in place of what it set before.
    ///
    /// # Errors
    ///
    /// If it is no deployment, or if no role signs any.
    pub fn add_deployment(
        &mut self,
        name: &PolicyId,
        json: &[u8],
        days: u32,
    ) -> Result<String, PublishError> {
        Deployment::from_json(json).map_err(PublishError::Policy)?;
        let role = self.signer_of(DEPLOYMENTS)?;
        let path = format!("deployments/{name}.json");
        self.list(&role, path, json.to_vec(), days)?;
        Ok(role)
    }

    fn signer_of(&self, pattern: &str) -> Result<String, PublishError> {
        let mut roles = self.delegated()?.into_iter();
        let role = roles.find(|role| lists(&role.paths, pattern));
        let role = role.map(|role| role.name);
        role.ok_or_else(|| PublishError::NobodySigns {
            path: pattern.to_owned(),
        })
    }

    /// The highest version that phones may have. One that only waits may still be replaced by another of the same version.
    fn highest(&self, role: &str, id: &PolicyId) -> Result<Option<u32>, PublishError> {
        let shipped = embedded().unwrap_or_default().iter();
        let shipped = shipped.filter(|policy| policy.id() == id);
        let mut known: Vec<_> = shipped.map(|policy| policy.document().version).collect();
        let number = |name: &TargetName| policy_version(id, name.raw());
        // A role that gets less to sign lists it no more, and phones have it.
        let published = self.files.under(&format!("targets/policies/{id}"))?;
        known.extend(published.iter().filter_map(|file| {
            let (folder, name) = file.strip_prefix("targets/")?.rsplit_once('/')?;
            let (_, name) = name.split_once('.')?;
            policy_version(id, &format!("{folder}/{name}"))
        }));
        let live = self.live(role)?;
        known.extend(
            live.iter()
                .flat_map(|live| live.signed.targets.keys().filter_map(number)),
        );
        let newest = self.newest(role)?;
        let newest = newest
            .iter()
            .flat_map(|all| all.signed.targets.keys().filter_map(number));
        known.extend(newest.max().map(|waiting| waiting.saturating_sub(1)));
        Ok(known.into_iter().max())
    }

    fn list(
        &mut self,
        role: &str,
        path: String,
        content: Vec<u8>,
        days: u32,
    ) -> Result<(), PublishError> {
        let digest = Sha256::digest(&content).to_vec();
        let name = TargetName::new(path.clone());
        let name = name.map_err(|_| PublishError::NobodySigns { path: path.clone() })?;
        let target = Target {
            length: content.len() as u64,
            hashes: Hashes {
                sha256: digest.clone().into(),
                _extra: HashMap::new(),
            },
            custom: HashMap::new(),
            _extra: HashMap::new(),
        };
        let mut before = None;
        self.edit(role, days, |targets| {
            before = targets.targets.insert(name, target);
            Ok(())
        })?;
        if let Some(before) = before {
            let before = target_path(&path, &before.hashes.sha256);
            self.files.remove(format!("pending/targets/{before}"));
        }
        let place = format!("pending/targets/{}", target_path(&path, &digest));
        self.files.put(place, content);
        Ok(())
    }
}
