//! What was prepared and signed goes to where phones ask: with a list of all that is there, and a timestamp that says that this list
//! is the newest.

use std::{collections::HashMap, sync::Arc};

use octroi_core::{Deployment, Policy};
use octroi_updates::{Metadata, Repository, UpdateError, judge, policy_path};
use sha2::{Digest, Sha256};
use tough::schema::{
    Hashes, Metafile, RoleKeys, RoleType, Root, Signed, Snapshot, Targets, Timestamp as Stamp,
};

use crate::{
    draft::{Draft, instant, sign, to_json},
    error::PublishError,
    files::Files,
    keys::Signer,
    repository::{Folder, ROOT, SPEC, TARGETS, TIMESTAMP, target_path},
};

/// The roles that are signed where the repository is published.
const ONLINE: [(RoleType, &str); 2] = [
    (RoleType::Snapshot, "snapshot"),
    (RoleType::Timestamp, "timestamp"),
];

/// What is new for phones.
#[derive(Debug)]
pub struct Published {
    /// The metadata, by its files.
    pub files: Vec<String>,
    /// Why phones would not take what waits although it is signed: it goes on waiting, and holds nobody up.
    pub passed_over: Vec<PublishError>,
}

/// Roles that fit together.
struct Choice {
    root: Root,
    /// Those that waited: their names, and what they are.
    moved: Vec<(String, Draft)>,
    /// Those that sign documents, by their names and versions.
    listed: Vec<(String, u64)>,
}

impl Folder {
    /// Whether these hold the keys with which everything that is new is published.
    ///
    /// # Errors
    ///
    /// If the root cannot be read.
    pub fn is_published_by(&self, signers: &[Signer]) -> Result<bool, PublishError> {
        let roots = [self.newest_root()?, self.root()?];
        let mut roots = roots.iter().flatten();
        Ok(roots.any(|root| lacking(&root.signed, signers).is_none()))
    }

    /// Publishes all that is signed by as many as it takes, with a timestamp for so many days, and says which metadata is new. The
    /// list of all that is there is signed anew where something changed, or where its own days would end before.
    ///
    /// # Errors
    ///
    /// If there is nothing that phones would believe, or if keys are missing.
    pub fn publish(
        &mut self,
        signers: &[Signer],
        timestamp_days: u32,
        snapshot_days: u32,
    ) -> Result<Published, PublishError> {
        let mut without: Vec<String> = Vec::new();
        let mut passed_over = Vec::new();
        loop {
            let choice = self.choose(signers, &without);
            let choice = choice.map_err(|error| match (error, passed_over.pop()) {
                // Phones have nothing of that role: that they would not take this is what is wrong.
                (PublishError::Waits { .. }, Some(why)) => why,
                (error, _) => error,
            })?;
            match self.publish_chosen(choice, signers, timestamp_days, snapshot_days) {
                Ok(files) => return Ok(Published { files, passed_over }),
                Err(why) => match &why {
                    PublishError::Untaken { role, .. } => {
                        without.push(role.clone());
                        passed_over.push(why);
                    }
                    _ => return Err(why),
                },
            }
        }
    }

    fn publish_chosen(
        &mut self,
        choice: Choice,
        signers: &[Signer],
        timestamp_days: u32,
        snapshot_days: u32,
    ) -> Result<Vec<String>, PublishError> {
        let Choice {
            root,
            moved,
            listed,
        } = choice;
        let (stamp_before, list_before) = (self.timestamp()?, self.snapshot()?);
        let mut files = self.files.clone();
        let mut published = Vec::new();
        for (name, draft) in &moved {
            let pending = self.pending_path(name)?;
            let path = pending.replacen("pending/", "metadata/", 1);
            files.remove(pending);
            files.put(path.clone(), draft.to_json()?);
            published.push(path);
            if let Some(targets) = draft.as_targets() {
                move_documents(&mut files, &targets.signed)?;
            }
        }

        // What was listed once stays listed: phones refuse a list that has lost something.
        let mut meta = list_before
            .as_ref()
            .map_or(HashMap::new(), |list| list.signed.meta.clone());
        for (name, version) in listed {
            let path = format!("metadata/{version}.{name}.json");
            meta.insert(format!("{name}.json"), pin(&files, &path, version)?);
        }
        let until = self.after(timestamp_days);
        let list = match list_before {
            Some(list)
                if list.signed.meta == meta
                    && list.signed.expires >= until
                    && root.verify_role(&list).is_ok() =>
            {
                list
            }
            before => {
                let version = next(before.map(|list| list.signed.version.get()));
                let until = self.after(snapshot_days).max(until);
                let mut list = Snapshot::new(SPEC.to_owned(), version, until);
                list.meta = meta;
                let list = sign_with(list, &root, RoleType::Snapshot, signers)?;
                let path = format!("metadata/{version}.snapshot.json");
                files.put(path.clone(), to_json(&list)?);
                published.push(path);
                list
            }
        };
        let version = next(stamp_before.map(|stamp| stamp.signed.version.get()));
        let mut stamp = Stamp::new(SPEC.to_owned(), version, until);
        let version = list.signed.version.get();
        let pinned = pin(
            &files,
            &format!("metadata/{version}.snapshot.json"),
            version,
        )?;
        stamp.meta.insert("snapshot.json".to_owned(), pinned);
        let stamp = sign_with(stamp, &root, RoleType::Timestamp, signers)?;
        files.put(TIMESTAMP.to_owned(), to_json(&stamp)?);
        published.push(TIMESTAMP.to_owned());

        self.try_as_a_phone(&files, &moved)?;
        self.files = files;
        Ok(published)
    }

    /// The newest roles that fit together: who waits for signatures holds nobody up. Of some roles what waits does not count.
    fn choose(&self, signers: &[Signer], without: &[String]) -> Result<Choice, PublishError> {
        let live = self.root()?;
        let waiting = self.pending::<Root>(ROOT)?.filter(|root| {
            let before = live
                .iter()
                .all(|live| live.signed.verify_role(root).is_ok());
            before && root.signed.verify_role(root).is_ok()
        });
        let mut lacks = None;
        for (root, waited) in [(&waiting, true), (&live, false)] {
            let Some(root) = root else { continue };
            if let Some(role) = lacking(&root.signed, signers) {
                lacks = lacks.or(Some(role));
                continue;
            }
            let mut moved = Vec::new();
            if waited {
                moved.push((ROOT.to_owned(), root.clone().into()));
            }
            for (targets, waited) in self.candidates(TARGETS, without)? {
                if root.signed.verify_role(&targets).is_err() {
                    continue;
                }
                let mut choice = Choice {
                    root: root.signed.clone(),
                    moved: moved.clone(),
                    listed: Vec::new(),
                };
                choice.take(TARGETS, &targets, waited);
                if self.choose_delegated(&targets, &mut choice, without)? {
                    return Ok(choice);
                }
            }
        }
        if let Some(role) = lacks {
            return Err(PublishError::NoKeyOf { role });
        }
        let waiting = self.waiting()?;
        let waiting = waiting.iter().filter(|one| one.found < one.threshold);
        let waiting: Vec<_> = waiting.map(ToString::to_string).collect();
        Err(PublishError::Waits {
            waiting: waiting.join(", "),
        })
    }

    /// Whether there is something signed of each to whom the signing is handed on: phones look for it.
    fn choose_delegated(
        &self,
        parent: &Signed<Targets>,
        choice: &mut Choice,
        without: &[String],
    ) -> Result<bool, PublishError> {
        let Some(delegations) = &parent.signed.delegations else {
            return Ok(true);
        };
        for role in &delegations.roles {
            let name = &role.name;
            let all = self.candidates(name, without)?;
            let mut all = all.into_iter();
            match all.find(|(targets, _)| delegations.verify_role(targets, name).is_ok()) {
                Some((targets, waited)) => choice.take(name, &targets, waited),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// What a role may become, and whether it waits: first what does, if it counts, then what phones have.
    fn candidates(
        &self,
        name: &str,
        without: &[String],
    ) -> Result<Vec<(Signed<Targets>, bool)>, PublishError> {
        let waiting = match without.iter().any(|other| other == name) {
            true => None,
            false => self.pending(name)?,
        };
        let waiting = waiting.map(|targets| (targets, true));
        let live = self.live(name)?.map(|targets| (targets, false));
        Ok(waiting.into_iter().chain(live).collect())
    }

    /// Refreshes from what would be there, as a phone with the first root would, and fetches all that is new.
    fn try_as_a_phone(&self, files: &Files, moved: &[(String, Draft)]) -> Result<(), PublishError> {
        let now = instant(self.now);
        let root = files.read("metadata/1.root.json")?.unwrap_or_default();
        let transport = Arc::new(files.clone());
        let mut phone = Repository::new(&root, Metadata::default(), transport)
            .map_err(PublishError::Unbelievable)?;
        phone.refresh(now).map_err(PublishError::Unbelievable)?;
        let documents = moved
            .iter()
            .filter_map(|(role, draft)| Some((role, draft.as_targets()?)))
            .flat_map(|(role, targets)| targets.signed.targets.iter().map(move |one| (role, one)));
        for (role, (name, target)) in documents {
            let path = name.raw();
            let untaken = |reason: String| PublishError::Untaken {
                role: role.clone(),
                path: path.to_owned(),
                reason,
            };
            let unfetched = |error: UpdateError| untaken(error.to_string());
            let found = phone.find(path, now).map_err(unfetched)?;
            let found = found.ok_or_else(|| untaken("its role may not sign it".to_owned()))?;
            let content = phone.fetch(&found, path).map_err(unfetched)?;
            // What phones have already was right when it came.
            let place = target_path(path, &target.hashes.sha256);
            if self.files.read(&format!("targets/{place}"))?.is_none() {
                take(path, &content).map_err(untaken)?;
            }
        }
        Ok(())
    }
}

impl Choice {
    fn take(&mut self, name: &str, targets: &Signed<Targets>, waited: bool) {
        if waited {
            self.moved.push((name.to_owned(), targets.clone().into()));
        }
        self.listed
            .push((name.to_owned(), targets.signed.version.get()));
    }
}

/// What a phone makes of a document.
fn take(path: &str, content: &[u8]) -> Result<(), String> {
    if path.starts_with("deployments/") {
        return Deployment::from_json(content)
            .map(drop)
            .map_err(|error| error.to_string());
    }
    let policy = Policy::from_json(content).map_err(|error| error.to_string())?;
    judge(&policy).map_err(|refusal| refusal.to_string())?;
    let place = policy_path(policy.id(), policy.document().version);
    if place == path {
        Ok(())
    } else {
        Err(format!("its place is {place}"))
    }
}

fn move_documents(files: &mut Files, targets: &Targets) -> Result<(), PublishError> {
    for (name, target) in &targets.targets {
        let place = target_path(name.raw(), &target.hashes.sha256);
        let pending = format!("pending/targets/{place}");
        if let Some(content) = files.read(&pending)? {
            files.remove(pending);
            files.put(format!("targets/{place}"), content);
        }
    }
    Ok(())
}

/// The role of which none of these is a holder.
fn lacking(root: &Root, signers: &[Signer]) -> Option<&'static str> {
    let lacks = |role: &RoleType| {
        let keys = root.roles.get(role);
        !signers
            .iter()
            .any(|signer| keys.is_some_and(|keys| holds(keys, signer)))
    };
    ONLINE
        .iter()
        .find(|(role, _)| lacks(role))
        .map(|(_, name)| *name)
}

fn holds(keys: &RoleKeys, signer: &Signer) -> bool {
    keys.keyids.contains(&signer.holder().id)
}

fn sign_with<T: tough::schema::Role>(
    signed: T,
    root: &Root,
    role: RoleType,
    signers: &[Signer],
) -> Result<Signed<T>, PublishError> {
    let mut signed = Signed {
        signed,
        signatures: Vec::new(),
    };
    let keys = root.roles.get(&role);
    for signer in signers
        .iter()
        .filter(|signer| keys.is_some_and(|keys| holds(keys, signer)))
    {
        sign(&mut signed, signer)?;
    }
    Ok(signed)
}

/// What is said of a file elsewhere: its version, its length and its digest.
fn pin(files: &Files, path: &str, version: u64) -> Result<Metafile, PublishError> {
    let content = files
        .read(path)?
        .ok_or_else(|| PublishError::NoRepository {
            path: files.path(path),
        })?;
    Ok(Metafile {
        length: Some(content.len() as u64),
        hashes: Some(Hashes {
            sha256: Sha256::digest(&content).to_vec().into(),
            _extra: HashMap::new(),
        }),
        version: next(version.checked_sub(1)),
        _extra: HashMap::new(),
    })
}

fn next(version: Option<u64>) -> std::num::NonZeroU64 {
    std::num::NonZeroU64::MIN.saturating_add(version.unwrap_or_default())
}
