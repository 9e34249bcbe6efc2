//! What a refresh finds, document by document.

use octroi_core::{Deployment, Instant, Policy, PolicyId, PolicyRef};

use crate::{
    candidate::{self, Candidate, Refusal},
    error::UpdateError,
    repository::{Repository, expiry},
    state::{Kept, State},
    updates::Change,
};

/// What a refresh finds.
pub(crate) struct News {
    pub(crate) state: State,
    pub(crate) changes: Vec<Change>,
}

impl News {
    pub(crate) fn hear(&mut self, heard: Result<(), UpdateError>, path: impl FnOnce() -> String) {
        if let Err(error) = heard {
            let path = path();
            log::warn!("nothing is learnt of {path}: {error}");
            self.changes.push(Change::NotHeard { path, error });
            self.state.asked.clear();
        }
    }

    /// Takes the newest version that is signed and can be used, if it is newer than what is there.
    pub(crate) fn policy(
        &mut self,
        repository: &mut Repository,
        shipped: &[Policy],
        id: &PolicyId,
        now: Instant,
    ) -> Result<(), UpdateError> {
        let shipped = version_of(shipped, id);
        let kept = self.state.policies.get(id).map(|kept| kept.version);
        let floor = kept.max(shipped.map(u64::from));
        // Nobody signs a version 0: all who might sign one have been looked at after this.
        repository.find(&candidate::path(id, 0), now)?;
        let signers = repository.signers();
        let listed = signers.iter().flat_map(|role| role.targets.keys());
        let mut versions: Vec<u32> = listed
            .filter_map(|path| candidate::version(id, path))
            .collect();
        versions.retain(|version| floor.is_none_or(|floor| floor < u64::from(*version)));
        versions.sort_unstable_by(|one, other| other.cmp(one));
        versions.dedup();

        for version in versions {
            let path = candidate::path(id, version);
            // Listed by somebody who may not sign it.
            let Some(target) = repository.find(&path, now)? else {
                continue;
            };
            let expected = PolicyRef {
                id: id.clone(),
                version,
            };
            let text = candidate::text(repository.fetch(&target, &path)?);
            let read = text.map_err(Refusal::Form);
            let read = read.and_then(|text| Ok((candidate::read(&text, &expected)?, text)));
            let kept = |text| Kept {
                version: u64::from(version),
                expires: self.expires_with(repository, &path),
                text,
            };
            match read {
                Ok((Candidate::Policy, text)) => {
                    let kept = kept(text);
                    self.state.policies.insert(id.clone(), kept);
                    self.changes.push(Change::Replaced(expected));
                    return Ok(());
                }
                Ok((Candidate::Newer, text)) => {
                    let kept = kept(text);
                    if self.state.aside.insert(id.clone(), kept.clone()) != Some(kept) {
                        self.changes.push(Change::KeptAside(expected));
                    }
                }
                Err(refusal) => {
                    log::warn!("version {version} of {id} is refused: {refusal}");
                    self.changes.push(Change::Refused {
                        policy: expected,
                        refusal,
                    });
                }
            }
        }
        self.confirm(repository, id, now)
    }

    /// What is there already may be signed for longer than it was.
    fn confirm(
        &mut self,
        repository: &mut Repository,
        id: &PolicyId,
        now: Instant,
    ) -> Result<(), UpdateError> {
        let Some(kept) = self.state.policies.get(id) else {
            return Ok(());
        };
        let path = format!("policies/{id}/{}.json", kept.version);
        if repository.find(&path, now)?.is_some() {
            let expires = self.expires_with(repository, &path);
            if let Some(kept) = self.state.policies.get_mut(id) {
                kept.expires = expires;
            }
        }
        Ok(())
    }

    pub(crate) fn deployment(
        &mut self,
        repository: &mut Repository,
        name: &PolicyId,
        before: Option<&Kept>,
        now: Instant,
    ) -> Result<(), UpdateError> {
        let path = deployment_path(name);
        let Some(target) = repository.find(&path, now)? else {
            self.state.deployments.clear();
            return Ok(());
        };
        let text = candidate::text(repository.fetch(&target, &path)?);
        let text = text.and_then(|text| Deployment::from_json(text.as_bytes()).map(|_| text));
        let kept = match text {
            Ok(text) => {
                if before.is_none_or(|before| before.text != text) {
                    self.changes.push(Change::Deployed);
                }
                Some(Kept {
                    version: repository.at().1,
                    expires: self.expires_with(repository, &path),
                    text,
                })
            }
            Err(error) => {
                log::warn!("the deployment {name} is refused: {error}");
                self.changes.push(Change::DeploymentRefused(error));
                None
            }
        };
        let kept = kept.map(|kept| (name.to_string(), kept));
        self.state.deployments.extend(kept);
        Ok(())
    }

    /// Until when the role that signs a target is signed.
    fn expires_with(&self, repository: &Repository, path: &str) -> Instant {
        let signers = repository.signers();
        let signing = signers
            .iter()
            .filter(|role| role.targets.contains_key(path));
        let expires = signing.map(|role| expiry(role)).min();
        expires
            .or(self.state.expires)
            .unwrap_or(Instant::from_unix_seconds(0))
    }
}

/// Where a deployment stands in the repository.
pub(crate) fn deployment_path(name: &PolicyId) -> String {
    format!("deployments/{name}.json")
}

pub(crate) fn version_of(policies: &[Policy], id: &PolicyId) -> Option<u32> {
    let policy = policies.iter().find(|policy| policy.id() == id);
    policy.map(|policy| policy.document().version)
}
