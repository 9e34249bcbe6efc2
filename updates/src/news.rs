//! What a refresh finds, document by document.

use octroi_core::{Deployment, Instant, Policy, PolicyId, PolicyRef};

use crate::{
    candidate::{self, Candidate, Refusal},
    error::UpdateError,
    repository::Repository,
    state::{Deployed, Kept, State, Unheard},
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
        let kept = self.state.kept(id).map(|kept| kept.policy.version);
        let floor = kept.max(shipped);
        // Nobody signs a version 0: all who might sign one have been looked at after this.
        repository.find(&candidate::path(id, 0), now)?;
        let signers = repository.signers();
        let listed = signers.iter().flat_map(|role| role.targets.keys());
        let mut versions: Vec<u32> = listed
            .filter_map(|path| candidate::version(id, path))
            .collect();
        versions.retain(|version| floor.is_none_or(|floor| floor < *version));
        versions.sort_unstable_by(|one, other| other.cmp(one));
        versions.dedup();

        let (mut newer, mut withheld) = (None, None);
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
            let fetched = match repository.fetch(&target, &path) {
                Ok(fetched) => fetched,
                Err(error) => {
                    // The next best is better than none.
                    withheld = withheld.or(Some(error));
                    continue;
                }
            };
            let text = candidate::text(fetched);
            let read = text.map_err(Refusal::Form);
            let read = read.and_then(|text| Ok((candidate::read(&text, &expected)?, text)));
            match read {
                Ok((Candidate::Policy, text)) => {
                    self.state.keep(Kept {
                        policy: expected.clone(),
                        expires: self.expires_with(repository, &path),
                        text,
                    });
                    self.changes.push(Change::Replaced(expected));
                    self.note_newer(id, newer);
                    return withheld.map_or(Ok(()), Err);
                }
                Ok((Candidate::Newer, _)) => newer = newer.max(Some(version)),
                Err(refusal) => {
                    // What its author wrote may name an app.
                    log::warn!("version {version} of {id} is refused: {}", refusal.code());
                    self.changes.push(Change::Refused {
                        policy: expected,
                        refusal,
                    });
                }
            }
        }
        self.note_newer(id, newer);
        self.confirm(repository, id, now)?;
        withheld.map_or(Ok(()), Err)
    }

    /// Notes that nothing could be learnt of a policy, or that it was heard of again. The top was signed until `before` when it was last
    /// heard of.
    pub(crate) fn note_unheard(
        &mut self,
        id: &PolicyId,
        is_unheard: bool,
        before: Option<Instant>,
    ) {
        let unheard = &mut self.state.unheard;
        if !is_unheard {
            unheard.retain(|known| known.id != *id);
        } else if !unheard.iter().any(|known| known.id == *id) {
            let expires = before.or(self.state.expires);
            unheard.extend(expires.map(|expires| Unheard {
                id: id.clone(),
                expires,
            }));
        }
    }

    /// Notes the newest version in a form that only a newer version of octroi knows: that one asks for it again.
    fn note_newer(&mut self, id: &PolicyId, version: Option<u32>) {
        let newer = version.map(|version| PolicyRef {
            id: id.clone(),
            version,
        });
        let is_known = newer
            .as_ref()
            .is_some_and(|newer| self.state.newer.contains(newer));
        self.state.newer.retain(|known| known.id != *id);
        if let Some(newer) = newer {
            self.state.newer.push(newer.clone());
            if !is_known {
                self.changes.push(Change::NeedsNewerApp(newer));
            }
        }
    }

    /// What is there already may be signed for longer than it was.
    fn confirm(
        &mut self,
        repository: &mut Repository,
        id: &PolicyId,
        now: Instant,
    ) -> Result<(), UpdateError> {
        let Some(kept) = self.state.kept(id) else {
            return Ok(());
        };
        let path = candidate::path(id, kept.policy.version);
        if repository.find(&path, now)?.is_some() {
            let kept = Kept {
                expires: self.expires_with(repository, &path),
                ..kept.clone()
            };
            self.state.keep(kept);
        }
        Ok(())
    }

    /// Takes what a device management sets under that name.
    pub(crate) fn deployment(
        &mut self,
        repository: &mut Repository,
        name: Option<&PolicyId>,
        now: Instant,
    ) -> Result<(), UpdateError> {
        let found = match name {
            Some(name) => {
                let path = deployment_path(name);
                let target = repository.find(&path, now)?;
                target.map(|target| (name, path, target))
            }
            None => None,
        };
        let Some((name, path, target)) = found else {
            if self.state.deployment.take().is_some() {
                self.changes.push(Change::Withdrawn);
            }
            return Ok(());
        };
        let text = candidate::text(repository.fetch(&target, &path)?);
        let text = text.and_then(|text| Deployment::from_json(text.as_bytes()).map(|_| text));
        match text {
            Ok(text) => {
                let name = name.clone();
                let deployed = Some(Deployed { name, text });
                if self.state.deployment != deployed {
                    self.state.deployment = deployed;
                    self.changes.push(Change::Deployed);
                }
            }
            Err(error) => {
                log::warn!(
                    "the deployment {name} is refused, for its line {}",
                    error.line
                );
                self.changes.push(Change::DeploymentRefused(error));
            }
        }
        Ok(())
    }

    /// Until when the role that signs a target is signed.
    fn expires_with(&self, repository: &Repository, path: &str) -> Instant {
        let expires = repository.expiry_of(path).or(self.state.expires);
        expires.unwrap_or(Instant::from_unix_seconds(0))
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
