//! A repository while somebody works on it: what phones see, and what waits.

use std::{
    fs::{File, TryLockError},
    num::NonZeroU64,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use octroi_core::Instant;
use serde::de::DeserializeOwned;
use tough::schema::{DelegatedRole, Root, Signed, Snapshot, Targets, Timestamp as Stamp};

use crate::{
    draft::{Draft, parse},
    error::PublishError,
    files::{Files, failed},
    keys::hex,
};

/// The version of the specification that `tough` writes.
pub(crate) const SPEC: &str = "1.0.0";
pub(crate) const ROOT: &str = "root";
pub(crate) const TARGETS: &str = "targets";
pub(crate) const TIMESTAMP: &str = "metadata/timestamp.json";

/// A repository while somebody works on it. Nothing is written before [`Folder::save`].
#[derive(Debug)]
pub struct Folder {
    pub(crate) files: Files,
    pub(crate) now: Timestamp,
    /// Held as long as somebody works; some systems have none for a folder.
    _lock: Option<File>,
}

impl Folder {
    /// An empty folder, or one that will be made, for a new repository.
    ///
    /// # Errors
    ///
    /// If something is in it.
    pub fn new(path: &Path, now: Instant) -> Result<Self, PublishError> {
        if path.read_dir().is_ok_and(|mut all| all.next().is_some()) || path.is_file() {
            return Err(PublishError::Exists {
                path: path.to_owned(),
            });
        }
        Self::at(path, now, None)
    }

    /// A repository that is there. Nobody else can work on it meanwhile.
    ///
    /// # Errors
    ///
    /// If there is none, or if somebody works on it.
    pub fn open(path: &Path, now: Instant) -> Result<Self, PublishError> {
        let lock = File::open(path).ok();
        match lock.as_ref().map(File::try_lock) {
            Some(Err(TryLockError::WouldBlock)) => {
                return Err(PublishError::Busy {
                    path: path.to_owned(),
                });
            }
            Some(Err(TryLockError::Error(error))) => return Err(failed(path, error)),
            Some(Ok(())) | None => {}
        }
        let folder = Self::at(path, now, lock)?;
        match folder.newest_root()? {
            Some(_) => Ok(folder),
            None => Err(PublishError::NoRepository {
                path: path.to_owned(),
            }),
        }
    }

    fn at(path: &Path, now: Instant, lock: Option<File>) -> Result<Self, PublishError> {
        let now = Timestamp::from_second(now.unix_seconds());
        Ok(Self {
            files: Files::of(path),
            now: now.map_err(|error| PublishError::Metadata {
                path: path.to_owned(),
                reason: error.to_string(),
            })?,
            _lock: lock,
        })
    }

    /// Writes everything, or nothing.
    ///
    /// # Errors
    ///
    /// If something cannot be written.
    pub fn save(&mut self) -> Result<(), PublishError> {
        self.files.apply()
    }

    /// The time after so many days.
    pub(crate) fn after(&self, days: u32) -> Timestamp {
        let duration = SignedDuration::from_hours(i64::from(days) * 24);
        self.now.saturating_add(duration).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, PublishError> {
        let bytes = self.files.read(name)?;
        let parsed = bytes.map(|bytes| parse(&self.files.path(name), &bytes));
        parsed.transpose()
    }

    /// The root that phones believe.
    pub(crate) fn root(&self) -> Result<Option<Signed<Root>>, PublishError> {
        let names = self.files.under("metadata")?;
        let versions = names.iter().filter_map(|name| {
            let number = name.strip_prefix("metadata/")?.strip_suffix(".root.json")?;
            number.parse::<u64>().ok()
        });
        match versions.max() {
            Some(version) => self.read(&format!("metadata/{version}.root.json")),
            None => Ok(None),
        }
    }

    pub(crate) fn timestamp(&self) -> Result<Option<Signed<Stamp>>, PublishError> {
        self.read(TIMESTAMP)
    }

    /// The list of all that phones see.
    pub(crate) fn snapshot(&self) -> Result<Option<Signed<Snapshot>>, PublishError> {
        let timestamp = self.timestamp()?;
        let meta = timestamp.as_ref().map(|stamp| &stamp.signed.meta);
        match meta.and_then(|meta| meta.get("snapshot.json")) {
            Some(snapshot) => self.read(&format!("metadata/{}.snapshot.json", snapshot.version)),
            None => Ok(None),
        }
    }

    /// A role that signs documents, as phones see it.
    pub(crate) fn live(&self, name: &str) -> Result<Option<Signed<Targets>>, PublishError> {
        match self.live_version(name)? {
            Some(version) => self.read(&format!("metadata/{version}.{name}.json")),
            None => Ok(None),
        }
    }

    fn live_version(&self, name: &str) -> Result<Option<NonZeroU64>, PublishError> {
        if name == ROOT {
            return Ok(self.root()?.map(|root| root.signed.version));
        }
        let snapshot = self.snapshot()?;
        let meta = snapshot.and_then(|list| list.signed.meta.get(&format!("{name}.json")).cloned());
        Ok(meta.map(|meta| meta.version))
    }

    /// The version that comes after the one that phones see.
    pub(crate) fn next_version(&self, name: &str) -> Result<NonZeroU64, PublishError> {
        let live = self.live_version(name)?;
        Ok(live.map_or(NonZeroU64::MIN, |version| version.saturating_add(1)))
    }

    pub(crate) fn pending_path(&self, name: &str) -> Result<String, PublishError> {
        Ok(format!("pending/{}.{name}.json", self.next_version(name)?))
    }

    /// What waits of a role.
    pub(crate) fn pending<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<Signed<T>>, PublishError> {
        self.read(&self.pending_path(name)?)
    }

    pub(crate) fn newest_root(&self) -> Result<Option<Signed<Root>>, PublishError> {
        match self.pending(ROOT)? {
            Some(root) => Ok(Some(root)),
            None => self.root(),
        }
    }

    pub(crate) fn newest(&self, name: &str) -> Result<Option<Signed<Targets>>, PublishError> {
        match self.pending(name)? {
            Some(targets) => Ok(Some(targets)),
            None => self.live(name),
        }
    }

    /// The roles to which the signing is handed on, as they will be.
    pub(crate) fn delegated(&self) -> Result<Vec<DelegatedRole>, PublishError> {
        let targets = self.newest(TARGETS)?;
        let delegations = targets.and_then(|targets| targets.signed.delegations);
        Ok(delegations.map_or(Vec::new(), |all| all.roles))
    }

    /// Has a role wait for signatures; those it had are of something else.
    pub(crate) fn put(&mut self, name: &str, draft: &Draft) -> Result<(), PublishError> {
        let path = self.pending_path(name)?;
        self.files.put(path, draft.to_json()?);
        Ok(())
    }

    /// Changes the root, for a further period.
    pub(crate) fn edit_root(
        &mut self,
        days: u32,
        change: impl FnOnce(&mut Root) -> Result<(), PublishError>,
    ) -> Result<(), PublishError> {
        let mut root = match self.newest_root()? {
            Some(root) => root.signed,
            None => Root {
                spec_version: SPEC.to_owned(),
                consistent_snapshot: true,
                version: NonZeroU64::MIN,
                expires: self.now,
                keys: Default::default(),
                roles: Default::default(),
                _extra: Default::default(),
            },
        };
        root.version = self.next_version(ROOT)?;
        root.expires = self.after(days);
        change(&mut root)?;
        let signatures = Vec::new();
        self.put(
            ROOT,
            &Signed {
                signed: root,
                signatures,
            }
            .into(),
        )
    }

    /// Changes a role that signs documents, for a further period.
    pub(crate) fn edit(
        &mut self,
        name: &str,
        days: u32,
        change: impl FnOnce(&mut Targets) -> Result<(), PublishError>,
    ) -> Result<(), PublishError> {
        let version = self.next_version(name)?;
        let mut targets = match self.newest(name)? {
            Some(targets) => targets.signed,
            None => Targets::new(SPEC.to_owned(), version, self.now),
        };
        targets.version = version;
        targets.expires = self.after(days);
        change(&mut targets)?;
        let signatures = Vec::new();
        self.put(
            name,
            &Signed {
                signed: targets,
                signatures,
            }
            .into(),
        )
    }
}

/// Where a document lies, for the web server.
pub(crate) fn target_path(path: &str, digest: &[u8]) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    PathBuf::from(folder)
        .join(format!("{}.{name}", hex(digest)))
        .display()
        .to_string()
        .replace('\\', "/")
}
