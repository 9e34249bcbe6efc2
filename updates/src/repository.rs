//! A repository as it is seen from one moment of trust to the next: The Update Framework, as it is.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use octroi_core::Instant;
use serde::{Deserialize, Serialize};
use sigstore_tuf::{
    Metadata as Verified, MetadataStore, Repository as Source, Result as TufResult, Role, Snapshot,
    TargetFile, Targets, Updater, UpdaterConfig, transport::FetchFuture,
};

use crate::{
    crypto,
    error::UpdateError,
    keys,
    transport::{Transport, TransportError},
};

/// The list of all that is there, by the name under which it is kept.
const SNAPSHOT: &str = "snapshot.json";
/// No policy is larger, in bytes: the largest that was written has a tenth of it.
const LARGEST_TARGET: u64 = 4 << 20;

/// Metadata that was verified, by the names of its files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// The text of a file.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// From files of these names.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(files.into_iter().collect())
    }

    /// Without the roots before that one: from it on they are verified anew each time.
    pub(crate) fn since_root(mut self, version: u64) -> Self {
        self.0.retain(|name, _| {
            let number = name.strip_prefix("root_history/");
            let number = number.and_then(|number| number.strip_suffix(".root.json"));
            number.is_none_or(|number| number.parse().is_ok_and(|number: u64| number > version))
        });
        self
    }
}

/// A repository, and what of it is believed.
pub struct Repository {
    updater: Updater,
    kept: Shared<Metadata>,
    failure: Shared<Option<UpdateError>>,
    pinned: u64,
    before: Metadata,
}

impl Repository {
    /// A repository in which the holders of this root are believed, and what was verified before.
    ///
    /// # Errors
    ///
    /// If the root is none, or not signed by those whom it names.
    pub fn new(
        root: &[u8],
        before: Metadata,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, UpdateError> {
        crypto::install();
        keys::are_counted_once(root)?;
        let (kept, failure) = (Shared::new(before.clone()), Shared::new(None));
        let fetch = Fetch {
            transport,
            failure: failure.clone(),
        };
        let updater = Updater::new(fetch, root).map_err(UpdateError::of)?;
        let pinned = updater.trusted().root().version;
        Ok(Self {
            updater: updater.with_config(limits()).with_store(Keep(kept.clone())),
            kept,
            failure,
            pinned,
            before,
        })
    }

    /// Brings what is believed up to date, as the specification says in its section 5. What was verified before something failed
    /// is believed from then on, and part of [`Repository::metadata`].
    ///
    /// # Errors
    ///
    /// If a file cannot be had, is not signed as it must be, older than what is believed, or expired.
    pub fn refresh(&mut self, now: Instant) -> Result<(), UpdateError> {
        let now = timestamp(now)?;
        let refreshed = finish(self.updater.refresh(now));
        self.told(refreshed)?;
        self.lists_nothing_older()
            .inspect_err(|_| *self.kept.lock() = self.before.clone())
    }

    /// Where a timestamp was believed and its list could not be had, the library forgets the list before it, and that no version
    /// on it may go back. It still stands in what was kept.
    fn lists_nothing_older(&self) -> Result<(), UpdateError> {
        let trusted = self.updater.trusted();
        let known = self.before.get(SNAPSHOT).map(str::as_bytes);
        let known = known.and_then(|known| Verified::<Snapshot>::from_slice(known).ok());
        let (Some(known), Some(found), Some(signers)) =
            (known, trusted.snapshot(), trusted.root().role("snapshot"))
        else {
            return Ok(());
        };
        // Where the keys were replaced, those who held the old ones may have raised the versions, and the list begins anew.
        let root = trusted.root();
        if known.signed().version == found.version
            || known
                .verify_threshold(&root.keys, signers, "snapshot")
                .is_err()
        {
            return Ok(());
        }
        for (role, known) in &known.signed().meta {
            let found = found.meta.get(role).map_or(0, |found| found.version);
            if found < known.version {
                return Err(UpdateError::Rollback {
                    role: role.clone(),
                    known: known.version,
                    found,
                });
            }
        }
        Ok(())
    }

    /// What is signed of a target: how long it is, and its digests. `None` if nobody who may sign it did.
    ///
    /// # Errors
    ///
    /// Those of [`Repository::refresh`], of those to whom the signing was handed on.
    pub fn find(&mut self, path: &str, now: Instant) -> Result<Option<TargetFile>, UpdateError> {
        let now = timestamp(now)?;
        let found = finish(self.updater.get_target_info(path, now));
        self.told(found)
    }

    /// Fetches a target that was found, and verifies it.
    ///
    /// # Errors
    ///
    /// If it cannot be had, or is not what was signed.
    pub fn fetch(&self, target: &TargetFile, path: &str) -> Result<Vec<u8>, UpdateError> {
        let fetched = finish(self.updater.download_target(target, path));
        self.told(fetched)
    }

    /// What was verified, to be kept.
    pub fn metadata(&self) -> Metadata {
        self.kept.lock().clone().since_root(self.pinned)
    }

    /// The versions of the root and of the list of all that is there: as long as they are the same, nothing changed.
    pub(crate) fn at(&self) -> (u64, u64) {
        let trusted = self.updater.trusted();
        let snapshot = trusted.snapshot();
        let snapshot = snapshot.map_or(0, |snapshot| snapshot.version);
        (trusted.root().version, snapshot)
    }

    /// Until when the four roles at the top are signed.
    pub(crate) fn expires(&self) -> Option<Instant> {
        let trusted = self.updater.trusted();
        let all = [
            Some(trusted.root().expires()),
            trusted.timestamp().map(Role::expires),
            trusted.snapshot().map(Role::expires),
            trusted.targets_role("targets").map(Role::expires),
        ];
        all.into_iter().flatten().min().map(instant)
    }

    /// Every role that signs targets and was looked at so far, each once.
    pub(crate) fn signers(&self) -> Vec<&Targets> {
        let trusted = self.updater.trusted();
        let mut names = vec!["targets"];
        let mut next = 0;
        while let Some(name) = names.get(next).copied() {
            next += 1;
            let role = trusted.targets_role(name);
            let delegations = role.and_then(|role| role.delegations.as_ref());
            for delegated in delegations.iter().flat_map(|all| &all.roles) {
                if !names.contains(&delegated.name.as_str()) {
                    names.push(&delegated.name);
                }
            }
        }
        let roles = names.into_iter();
        roles
            .filter_map(|name| trusted.targets_role(name))
            .collect()
    }

    /// Until when the role is signed through which a target was found: of those who list it, the first who may sign it.
    pub(crate) fn expiry_of(&self, path: &str) -> Option<Instant> {
        let trusted = self.updater.trusted();
        let (mut seen, mut next) = (Vec::new(), vec!["targets"]);
        while let Some(name) = next.pop() {
            let role = trusted.targets_role(name);
            let Some(role) = role.filter(|_| !seen.contains(&name)) else {
                continue;
            };
            seen.push(name);
            if role.targets.contains_key(path) {
                return Some(instant(role.expires()));
            }
            let mut entitled = Vec::new();
            let delegations = role.delegations.iter();
            for delegated in delegations.flat_map(|all| &all.roles) {
                if delegated.matches_path(path).is_ok_and(|matches| matches) {
                    entitled.push(delegated.name.as_str());
                    if delegated.terminating {
                        next.clear();
                        break;
                    }
                }
            }
            next.extend(entitled.into_iter().rev());
        }
        None
    }

    /// What the transport said first comes before what the library makes of it.
    fn told<T>(&self, result: TufResult<T>) -> Result<T, UpdateError> {
        let failure = self.failure.lock().take();
        result.map_err(|error| failure.unwrap_or_else(|| UpdateError::of(error)))
    }
}

fn instant(timestamp: jiff::Timestamp) -> Instant {
    Instant::from_unix_seconds(timestamp.as_second())
}

fn timestamp(instant: Instant) -> Result<jiff::Timestamp, UpdateError> {
    jiff::Timestamp::from_second(instant.unix_seconds()).map_err(|error| UpdateError::Malformed {
        reason: error.to_string(),
    })
}

/// A phone reads no more of each than this, whatever a server sends.
fn limits() -> UpdaterConfig {
    let mut limits = UpdaterConfig::default();
    limits.root_max_length = 256 << 10;
    limits.timestamp_max_length = 16 << 10;
    limits.snapshot_max_length = 256 << 10;
    limits.targets_max_length = 1 << 20;
    limits.target_max_length = LARGEST_TARGET;
    limits
}

/// A value that the library holds as well.
struct Shared<T>(Arc<Mutex<T>>);

impl<T> Shared<T> {
    fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(value)))
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The library takes a store that fails for an empty one, and would forget what it believed. This one is memory, and cannot fail;
/// what is in it is written elsewhere, all at once.
struct Keep(Shared<Metadata>);

impl MetadataStore for Keep {
    fn load(&self, name: &str) -> TufResult<Option<Vec<u8>>> {
        let kept = self.0.lock();
        Ok(kept.get(name).map(|text| text.as_bytes().to_vec()))
    }

    fn store(&self, name: &str, bytes: &[u8]) -> TufResult<()> {
        // Targets have a place of their own, and of the metadata that stands under two names one is enough.
        let is_numbered = name.ends_with(".snapshot.json");
        if let Ok(text) = str::from_utf8(bytes)
            && !name.starts_with("targets/")
            && !is_numbered
        {
            self.0.lock().0.insert(name.to_owned(), text.to_owned());
        }
        Ok(())
    }
}

/// Fetches for the library. Nothing in it ever waits, so whoever polls once has the answer.
struct Fetch {
    transport: Arc<dyn Transport>,
    failure: Shared<Option<UpdateError>>,
}

impl Fetch {
    fn get(&self, path: String, most: u64) -> TufResult<Option<Vec<u8>>> {
        let fetched = self.transport.fetch(&path, most);
        let failure = match fetched {
            Ok(Some(bytes)) if bytes.len() as u64 > most => UpdateError::TooLarge { path, most },
            Ok(found) => return Ok(found),
            Err(TransportError { reason }) => UpdateError::Fetch { path, reason },
        };
        Err(self.fail(failure))
    }

    fn fail(&self, failure: UpdateError) -> sigstore_tuf::Error {
        let error = sigstore_tuf::Error::transport(failure.to_string());
        *self.failure.lock() = Some(failure);
        error
    }
}

impl Source for Fetch {
    fn fetch_metadata<'a>(&'a self, name: &'a str, most: u64) -> FetchFuture<'a> {
        Box::pin(async move {
            let found = self.get(format!("metadata/{name}"), most)?;
            if let Some(Err(failure)) = found.as_deref().map(keys::are_counted_once) {
                return Err(self.fail(failure));
            }
            Ok(found)
        })
    }

    fn fetch_target<'a>(&'a self, path: &'a str, most: u64) -> FetchFuture<'a> {
        Box::pin(async move { self.get(format!("targets/{path}"), most) })
    }
}

/// The value of a future that waits for nothing.
fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
