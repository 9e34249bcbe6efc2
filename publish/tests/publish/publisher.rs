//! A repository, and those who keep it.

use std::{collections::BTreeMap, fs, path::Path};

use octroi_core::{Instant, Policy, PolicyId, embedded};
use octroi_publish::{
    Delegation, Folder, Holder, Holders, PublishError, Scope, Seen, Signer, verify,
};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const LOCAL: &str = "be-brussels-local";
pub(crate) const REGION: &str = "be-brussels-region";
pub(crate) const NOW: &str = "2026-11-28T12:00:00Z";
pub(crate) const NEXT_WEEK: &str = "2026-12-06T12:00:00Z";
pub(crate) const NEXT_YEAR: &str = "2027-12-01T12:00:00Z";

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn holder(signer: &Signer) -> Holder {
    signer.holder().clone()
}

pub(crate) fn policy(id: &str, change: impl FnOnce(&mut Value)) -> Policy {
    let shipped = embedded().unwrap().iter();
    let shipped = shipped.clone().find(|policy| policy.id().as_str() == id);
    let mut document: Value = serde_json::from_str(&shipped.unwrap().to_json()).unwrap();
    document["version"] = 2.into();
    change(&mut document);
    Policy::from_json(document.to_string().as_bytes()).unwrap()
}

/// A repository, and everybody's keys.
pub(crate) struct Publisher {
    pub(crate) home: TempDir,
    pub(crate) roots: [Signer; 3],
    pub(crate) targets: Signer,
    pub(crate) online: Signer,
    pub(crate) brussels: Signer,
    pub(crate) region: Signer,
    pub(crate) mdm: Signer,
}

impl Publisher {
    /// A repository in which everybody has signed what there is: nothing.
    pub(crate) fn new() -> Self {
        let signer = || Signer::generate().unwrap();
        let publisher = Self {
            home: tempfile::tempdir().unwrap(),
            roots: [signer(), signer(), signer()],
            targets: signer(),
            online: signer(),
            brussels: signer(),
            region: signer(),
            mdm: signer(),
        };
        let mut folder = Folder::new(&publisher.path(), at(NOW)).unwrap();
        folder.init(&publisher.holders(), 365).unwrap();
        for (name, signer, scope) in [
            ("brussels", &publisher.brussels, policies(LOCAL)),
            ("region", &publisher.region, policies(REGION)),
            ("mdm", &publisher.mdm, Scope::Deployments),
        ] {
            folder
                .delegate(&delegation(name, signer, scope), 365)
                .unwrap();
        }
        let Publisher {
            roots: [one, two, _],
            targets,
            brussels,
            region,
            mdm,
            ..
        } = &publisher;
        for signer in [one, two, targets, brussels, region, mdm] {
            folder.sign(std::slice::from_ref(signer)).unwrap();
        }
        publisher.publish(&mut folder).unwrap();
        folder.save().unwrap();
        drop(folder);
        publisher
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.home.path().join("repository")
    }

    pub(crate) fn open(&self, now: &str) -> Folder {
        Folder::open(&self.path(), at(now)).unwrap()
    }

    /// Publishes all that is signed. It is an error here if something of it is passed over.
    pub(crate) fn publish(&self, folder: &mut Folder) -> Result<Vec<String>, PublishError> {
        let mut published = folder.publish(std::slice::from_ref(&self.online), 7, 90)?;
        match published.passed_over.pop() {
            Some(why) => Err(why),
            None => Ok(published.files),
        }
    }

    pub(crate) fn holders(&self) -> Holders {
        Holders {
            root: self.roots.iter().map(holder).collect(),
            root_threshold: 2,
            targets: vec![holder(&self.targets)],
            targets_threshold: 1,
            snapshot: vec![holder(&self.online)],
            timestamp: vec![holder(&self.online)],
        }
    }

    pub(crate) fn verify(&self, now: &str) -> Result<Seen, PublishError> {
        let root = fs::read(self.path().join("metadata/1.root.json")).unwrap();
        verify(&self.path(), &root, at(now))
    }

    pub(crate) fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        let mut tree = BTreeMap::new();
        walk(&self.path(), &self.path(), &mut tree);
        tree
    }
}

fn walk(root: &Path, folder: &Path, tree: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, tree);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            tree.insert(name, fs::read(&path).unwrap());
        }
    }
}

pub(crate) fn policies(id: &str) -> Scope {
    Scope::Policies(vec![PolicyId::new(id).unwrap()])
}

pub(crate) fn delegation(name: &str, signer: &Signer, scope: Scope) -> Delegation {
    Delegation {
        name: name.to_owned(),
        holders: vec![holder(signer)],
        threshold: 1,
        scope,
    }
}

pub(crate) fn sign(folder: &mut Folder, signer: &Signer) {
    folder.sign(std::slice::from_ref(signer)).unwrap();
}
