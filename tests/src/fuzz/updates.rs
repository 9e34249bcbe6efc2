//! What is asked of updates, whatever a mirror serves and whatever is left on the disk.

use std::{io, sync::Arc};

use octroi_core::{Instant, embedded};
use octroi_store::Files;
use octroi_updates::{Metadata, Repository, Transport, TransportError, Updates, Wanted};

/// The root of the repository whose files are the corpus.
const ROOT: &[u8] = include_bytes!("../../fuzz/corpus/metadata/root.json");

/// In November 2026, when the corpus was signed.
fn now() -> Instant {
    Instant::from_unix_seconds(1_795_000_000)
}

/// A file of the metadata, served under every name and taken for the root. Nobody signed it, so nothing comes of it.
pub fn metadata(data: &[u8]) {
    for root in [ROOT, data] {
        let mirror = Arc::new(Everywhere(data.to_vec()));
        let Ok(mut repository) = Repository::new(root, Metadata::default(), mirror) else {
            continue;
        };
        let _ = repository.refresh(now());
        let _ = repository.find("policies/be-brussels-local/2.json", now());
    }
}

/// What stands in a slot of the updates. No policy that ships is ever lost for it, or replaced by an older version.
pub fn updates(data: &[u8]) {
    let Ok(shipped) = embedded() else {
        return; // other tests say so
    };
    let updates = Updates::among(Slot(data.to_vec()), shipped);
    if let Ok(current) = updates.current() {
        for policy in shipped {
            let mut policies = current.policies.iter();
            let found = policies.find(|found| found.id() == policy.id());
            let version = found.map(|found| found.document().version);
            assert!(version >= Some(policy.document().version), "{version:?}");
        }
    }
    let mirror = Arc::new(Everywhere(data.to_vec()));
    let refreshed = updates.refresh(ROOT, mirror, &Wanted::default(), now());
    assert!(refreshed.is_err(), "{refreshed:?}");
}

/// A mirror that has one answer.
struct Everywhere(Vec<u8>);

impl Transport for Everywhere {
    fn fetch(&self, _: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError> {
        Ok((self.0.len() as u64 <= most).then(|| self.0.clone()))
    }
}

/// A disk on which one slot stands, and that cannot be written.
struct Slot(Vec<u8>);

impl Files for Slot {
    type Lock = ();

    fn lock(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let most = usize::try_from(most)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let content = self.0.get(..most).unwrap_or(&self.0);
        Ok(name.ends_with("-a").then(|| content.to_vec()))
    }

    fn write(&self, _: &str, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn sync(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, _: &str, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }

    fn place(&self) -> String {
        "nowhere".to_owned()
    }
}
