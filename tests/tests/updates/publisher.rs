//! Who publishes policies: keys, roles, and what a static web server would serve.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
};

use ed25519_dalek::Signer as _;
use octroi_core::{Instant, PolicyId, embedded};
use octroi_updates::{Refreshed, Transport, TransportError, Updates, UpdatesError, Wanted};
use p256::pkcs8::EncodePublicKey as _;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) const LOCAL: &str = "be-brussels-local";
pub(crate) const REGION: &str = "be-brussels-region";
/// When everything is signed for the first time.
pub(crate) const NOW: &str = "2026-11-28T12:00:00Z";
/// Until when the timestamp is signed, and everything else.
pub(crate) const SOON: &str = "2026-12-05T12:00:00Z";
pub(crate) const LATER: &str = "2027-11-28T12:00:00Z";

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn id(text: &str) -> PolicyId {
    PolicyId::new(text).unwrap()
}

/// A key that signs.
#[derive(Clone)]
pub(crate) enum Key {
    Ed25519(u8),
    P256(u8),
    /// The same under another name, and written in another way.
    Again(Box<Key>),
}

impl Key {
    pub(crate) fn id(&self) -> String {
        match self {
            Key::Ed25519(seed) => format!("{seed:064x}"),
            Key::P256(seed) => format!("ec{seed:062x}"),
            Key::Again(key) => format!("again-{}", key.id()),
        }
    }

    pub(crate) fn public(&self) -> Value {
        match self {
            Key::Ed25519(seed) => {
                let public = ed25519(*seed).verifying_key();
                let public = hex(public.as_bytes());
                json!({ "keytype": "ed25519", "scheme": "ed25519", "keyval": { "public": public } })
            }
            Key::P256(seed) => {
                let public = p256(*seed)
                    .verifying_key()
                    .to_public_key_pem(Default::default());
                json!({ "keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256",
                    "keyval": { "public": public.unwrap() } })
            }
            Key::Again(key) => {
                let mut public = key.public();
                let text = public["keyval"]["public"].as_str().unwrap();
                let text = match **key {
                    Key::Ed25519(_) => text.to_uppercase(),
                    _ => format!("{text}\n"),
                };
                public["keyval"]["public"] = text.into();
                public
            }
        }
    }

    pub(crate) fn sign(&self, signed: &Value) -> Value {
        let bytes = sigstore_tuf::canonical_json::to_canonical_bytes(signed).unwrap();
        let signature = match self {
            Key::Ed25519(seed) => ed25519(*seed).sign(&bytes).to_vec(),
            Key::P256(seed) => {
                let signature: p256::ecdsa::DerSignature = p256(*seed).sign(&bytes);
                signature.as_bytes().to_vec()
            }
            Key::Again(key) => {
                let mut signature = key.sign(signed);
                signature["keyid"] = self.id().into();
                return signature;
            }
        };
        json!({ "keyid": self.id(), "sig": hex(&signature) })
    }
}

fn ed25519(seed: u8) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[seed; 32])
}

fn p256(seed: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A role: who signs, how many must, what and until when.
#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) keys: Vec<Key>,
    pub(crate) threshold: usize,
    /// Who signs really.
    pub(crate) signing: Vec<Key>,
    pub(crate) version: u64,
    pub(crate) expires: &'static str,
}

impl Role {
    fn new(keys: Vec<Key>, expires: &'static str) -> Self {
        Self {
            signing: keys.clone(),
            threshold: keys.len(),
            keys,
            version: 1,
            expires,
        }
    }

    fn keys(&self) -> Value {
        json!({ "keyids": self.keys.iter().map(Key::id).collect::<Vec<_>>(), "threshold": self.threshold })
    }

    fn envelope(&self, kind: &str, mut signed: Map<String, Value>) -> Vec<u8> {
        signed.insert("_type".to_owned(), kind.into());
        signed.insert("spec_version".to_owned(), "1.0.31".into());
        signed.insert("version".to_owned(), self.version.into());
        signed.insert("expires".to_owned(), self.expires.into());
        let signed = Value::Object(signed);
        let signatures: Vec<_> = self.signing.iter().map(|key| key.sign(&signed)).collect();
        json!({ "signed": signed, "signatures": signatures })
            .to_string()
            .into_bytes()
    }
}

/// An issuer or a device management: it signs what stands under its paths, and nothing else.
#[derive(Clone)]
pub(crate) struct Issuer {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) paths: Vec<&'static str>,
    /// What it lists, with the content.
    pub(crate) targets: BTreeMap<String, Vec<u8>>,
}

/// The whole repository.
#[derive(Clone)]
pub(crate) struct Publisher {
    pub(crate) root: Role,
    pub(crate) timestamp: Role,
    pub(crate) snapshot: Role,
    pub(crate) targets: Role,
    pub(crate) issuers: Vec<Issuer>,
    /// Roots of before, as they were signed.
    pub(crate) roots: BTreeMap<u64, Vec<u8>>,
}

impl Publisher {
    pub(crate) fn new() -> Self {
        let issuer = |name, seed, paths: &[&'static str]| Issuer {
            name,
            role: Role::new(vec![Key::Ed25519(seed)], LATER),
            paths: paths.to_vec(),
            targets: BTreeMap::new(),
        };
        let mut root = Role::new([1, 2, 3].map(Key::Ed25519).to_vec(), LATER);
        root.threshold = 2;
        root.signing.truncate(2);
        Self {
            root,
            timestamp: Role::new(vec![Key::P256(4)], SOON),
            snapshot: Role::new(vec![Key::Ed25519(5)], LATER),
            targets: Role::new(vec![Key::Ed25519(6)], LATER),
            issuers: vec![
                issuer("brussels", 7, &["policies/be-brussels-local/*.json"]),
                issuer("region", 8, &["policies/be-brussels-region/*.json"]),
                issuer("mdm", 9, &["deployments/*.json"]),
            ],
            roots: BTreeMap::new(),
        }
    }

    pub(crate) fn issuer(&mut self, name: &str) -> &mut Issuer {
        let mut issuers = self.issuers.iter_mut();
        issuers.find(|issuer| issuer.name == name).unwrap()
    }

    /// Lists a policy, signed by its issuer.
    pub(crate) fn add(&mut self, issuer: &str, id: &str, version: u32, document: &Value) {
        let path = format!("policies/{id}/{version}.json");
        let issuer = self.issuer(issuer);
        issuer
            .targets
            .insert(path, document.to_string().into_bytes());
        issuer.role.version += 1;
        self.raise();
    }

    /// Lists a right version of the local pack.
    pub(crate) fn add_local(&mut self, version: u32) {
        self.add("brussels", LOCAL, version, &policy(LOCAL, version));
    }

    /// What lists others has changed.
    pub(crate) fn raise(&mut self) {
        self.snapshot.version += 1;
        self.timestamp.version += 1;
    }

    /// Signs a new root, by the keys of the old and of the new one.
    pub(crate) fn rotate(&mut self, keys: &[u8], threshold: usize, signing: &[u8]) {
        self.roots.insert(self.root.version, self.root_file());
        self.root.keys = keys.iter().copied().map(Key::Ed25519).collect();
        self.root.threshold = threshold;
        self.root.signing = signing.iter().copied().map(Key::Ed25519).collect();
        self.root.version += 1;
    }

    pub(crate) fn root_file(&self) -> Vec<u8> {
        let top = [&self.root, &self.timestamp, &self.snapshot, &self.targets];
        let names = ["root", "timestamp", "snapshot", "targets"];
        let keys = top.iter().flat_map(|role| &role.keys);
        let keys: Map<_, _> = keys.map(|key| (key.id(), key.public())).collect();
        let roles: Map<_, _> = names
            .iter()
            .zip(top)
            .map(|(name, role)| ((*name).to_owned(), role.keys()))
            .collect();
        let signed = json!({ "consistent_snapshot": true, "keys": keys, "roles": roles });
        self.root.envelope("root", object(signed))
    }

    /// Everything, as a web server would serve it.
    pub(crate) fn publish(&self) -> Mirror {
        let mut files = BTreeMap::new();
        let mut meta = Map::new();
        for issuer in &self.issuers {
            let targets = listing(&issuer.targets);
            let file = issuer
                .role
                .envelope("targets", object(json!({ "targets": targets })));
            meta.insert(
                format!("{}.json", issuer.name),
                pin(issuer.role.version, &file),
            );
            files.insert(
                format!("metadata/{}.{}.json", issuer.role.version, issuer.name),
                file,
            );
            for (path, content) in &issuer.targets {
                let (folder, name) = path.rsplit_once('/').unwrap();
                let digest = hex(&Sha256::digest(content));
                files.insert(format!("targets/{folder}/{digest}.{name}"), content.clone());
            }
        }
        let keys = self.issuers.iter().flat_map(|issuer| &issuer.role.keys);
        let keys: Map<_, _> = keys.map(|key| (key.id(), key.public())).collect();
        let roles = self.issuers.iter().map(|issuer| {
            let mut role = object(issuer.role.keys());
            role.insert("name".to_owned(), issuer.name.into());
            role.insert("paths".to_owned(), issuer.paths.clone().into());
            role.insert("terminating".to_owned(), true.into());
            Value::Object(role)
        });
        let delegations = json!({ "keys": keys, "roles": roles.collect::<Vec<_>>() });
        let targets = json!({ "targets": {}, "delegations": delegations });
        let targets = self.targets.envelope("targets", object(targets));
        meta.insert(
            "targets.json".to_owned(),
            pin(self.targets.version, &targets),
        );
        files.insert(
            format!("metadata/{}.targets.json", self.targets.version),
            targets,
        );

        let snapshot = self
            .snapshot
            .envelope("snapshot", object(json!({ "meta": meta })));
        let meta = json!({ "snapshot.json": pin(self.snapshot.version, &snapshot) });
        files.insert(
            format!("metadata/{}.snapshot.json", self.snapshot.version),
            snapshot,
        );
        let timestamp = self
            .timestamp
            .envelope("timestamp", object(json!({ "meta": meta })));
        files.insert("metadata/timestamp.json".to_owned(), timestamp);

        for (version, root) in &self.roots {
            files.insert(format!("metadata/{version}.root.json"), root.clone());
        }
        files.insert(
            format!("metadata/{}.root.json", self.root.version),
            self.root_file(),
        );
        Mirror::of(files)
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => panic!("no object"),
    }
}

fn pin(version: u64, file: &[u8]) -> Value {
    json!({ "version": version, "length": file.len(), "hashes": { "sha256": hex(&Sha256::digest(file)) } })
}

fn listing(targets: &BTreeMap<String, Vec<u8>>) -> Map<String, Value> {
    let entries = targets.iter().map(|(path, content)| {
        let hashes = json!({ "sha256": hex(&Sha256::digest(content)) });
        (
            path.clone(),
            json!({ "length": content.len(), "hashes": hashes }),
        )
    });
    entries.collect()
}

/// A policy that ships, under another version.
pub(crate) fn policy(id: &str, version: u32) -> Value {
    let policies = embedded().unwrap().iter();
    let policy = policies.clone().find(|policy| policy.id().as_str() == id);
    let mut document: Value = serde_json::from_str(&policy.unwrap().to_json()).unwrap();
    document["version"] = version.into();
    document
}

/// What a web server serves: files, and what was asked for.
#[derive(Clone)]
pub(crate) struct Mirror(Arc<Served>);

struct Served {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: Mutex<Vec<String>>,
    /// The number of the request that fails, and how.
    failing: Mutex<Option<(usize, Failing)>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Failing {
    /// The connection breaks, or the host gives up waiting.
    Broken,
    /// There is no such file.
    Missing,
    /// Only half of it comes.
    Half,
    /// It does not end.
    Endless,
    /// One bit is another.
    Turned,
}

impl Mirror {
    pub(crate) fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self(Arc::new(Served {
            files: Mutex::new(files),
            asked: Mutex::default(),
            failing: Mutex::default(),
        }))
    }

    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.files.lock().unwrap().clone()
    }

    /// Serves the same with another content of some files.
    pub(crate) fn with(&self, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Self {
        let mut files = self.files();
        change(&mut files);
        Self::of(files)
    }

    pub(crate) fn fail(&self, request: usize, failing: Failing) {
        *self.0.failing.lock().unwrap() = Some((request, failing));
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.asked.lock().unwrap().clone()
    }
}

impl Transport for Mirror {
    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError> {
        let mut asked = self.0.asked.lock().unwrap();
        asked.push(path.to_owned());
        let failing = *self.0.failing.lock().unwrap();
        let failing = failing.filter(|(request, _)| *request + 1 == asked.len());
        let file = self.0.files.lock().unwrap().get(path).cloned();
        Ok(match (file, failing.map(|(_, failing)| failing)) {
            (_, Some(Failing::Broken)) => {
                return Err(TransportError {
                    reason: "the connection broke".to_owned(),
                });
            }
            (_, Some(Failing::Missing)) => None,
            (Some(file), Some(Failing::Half)) => Some(file[..file.len() / 2].to_vec()),
            (_, Some(Failing::Endless)) => Some(vec![b' '; most as usize + 1]),
            (Some(mut file), Some(Failing::Turned)) => {
                let middle = file.len() / 2;
                file[middle] ^= 1;
                Some(file)
            }
            (file, _) => file,
        })
    }
}

/// A phone: its folder, and the root that its app brings.
pub(crate) struct Phone {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) root: Vec<u8>,
}

impl Phone {
    pub(crate) fn new(publisher: &Publisher) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            root: publisher.root_file(),
        }
    }

    /// As after a start of the app.
    pub(crate) fn open(&self) -> Updates {
        open(self.folder.path())
    }

    pub(crate) fn refresh(&self, mirror: &Mirror, now: &str) -> Result<Refreshed, UpdatesError> {
        self.refresh_in(&self.open(), mirror, now)
    }

    /// In an app that is open.
    pub(crate) fn refresh_in(
        &self,
        updates: &Updates,
        mirror: &Mirror,
        now: &str,
    ) -> Result<Refreshed, UpdatesError> {
        let wanted = Wanted {
            policies: vec![id(LOCAL), id(REGION)],
            deployment: None,
        };
        updates.refresh(&self.root, Arc::new(mirror.clone()), &wanted, at(now))
    }

    /// The version of the local pack that holds.
    pub(crate) fn version(&self) -> u32 {
        version(&self.open())
    }
}

pub(crate) fn open(folder: &Path) -> Updates {
    Updates::open(folder, embedded().unwrap()).unwrap()
}

pub(crate) fn version(updates: &Updates) -> u32 {
    let current = updates.current().unwrap();
    let mut policies = current.policies.iter();
    let local = policies.find(|policy| policy.id().as_str() == LOCAL);
    local.unwrap().document().version
}
