//! Files that change together, or not at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use octroi_updates::{Transport, TransportError};

use crate::error::PublishError;

/// A folder as it will be: what is in it, and what is to change.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    /// The new content, and `None` where a file goes.
    changes: BTreeMap<String, Option<Vec<u8>>>,
}

impl Files {
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            changes: BTreeMap::new(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, PublishError> {
        match self.changes.get(name) {
            Some(change) => Ok(change.clone()),
            None => read(&self.path(name)),
        }
    }

    pub(crate) fn put(&mut self, name: String, content: Vec<u8>) {
        self.changes.insert(name, Some(content));
    }

    pub(crate) fn remove(&mut self, name: String) {
        self.changes.insert(name, None);
    }

    /// The names of the files under a folder, without those that will go.
    pub(crate) fn under(&self, folder: &str) -> Result<Vec<String>, PublishError> {
        let mut names = Vec::new();
        list(&self.folder, Path::new(folder), &mut names)?;
        let start = format!("{folder}/");
        names.extend(
            self.changes
                .keys()
                .filter(|name| name.starts_with(&start))
                .cloned(),
        );
        names.retain(|name| !matches!(self.changes.get(name), Some(None)));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Makes the folder so. If something fails, everything is put back.
    pub(crate) fn apply(&mut self) -> Result<(), PublishError> {
        let changes = std::mem::take(&mut self.changes);
        let mut before = Vec::new();
        let applied = TURNS.into_iter().try_for_each(|now| {
            let mut folders = BTreeSet::new();
            for (name, change) in changes.iter().filter(|(name, _)| turn(name) == now) {
                let path = self.path(name);
                before.push((path.clone(), read(&path)?));
                let changed = self.change(&path, change.as_deref());
                changed.map_err(|error| failed(&path, error))?;
                let above = path.ancestors().skip(1).map(Path::to_owned);
                folders.extend(above.take_while(|folder| folder.starts_with(&self.folder)));
            }
            // A file is there for good only with its name. What speaks of it comes after.
            let mut folders = folders.iter();
            folders.try_for_each(|folder| sync(folder).map_err(|error| failed(folder, error)))
        });
        if applied.is_err() {
            for (path, old) in before.iter().rev() {
                // Whatever can be put back is: the first failure is the one to tell.
                let _ = self.change(path, old.as_deref());
            }
        }
        applied
    }

    /// Writes or removes a file, with the folders that are left empty.
    fn change(&self, path: &Path, content: Option<&[u8]>) -> io::Result<()> {
        write(path, content)?;
        if content.is_none() {
            let mut folders = path
                .ancestors()
                .skip(1)
                .take_while(|folder| *folder != self.folder);
            // Stops at the first that something else is in.
            let _ = folders.try_for_each(fs::remove_dir);
        }
        Ok(())
    }
}

const TURNS: std::ops::RangeInclusive<u8> = 0..=3;

/// Phones may ask at any moment: the timestamp comes after all that it speaks of, and what waited goes last.
fn turn(name: &str) -> u8 {
    match name.split_once('/') {
        Some(("targets", _)) => 0,
        Some(("metadata", "timestamp.json")) => 2,
        Some(("metadata", _)) => 1,
        _ => 3,
    }
}

/// A phone that asks for what will be there.
impl Transport for Files {
    fn fetch(&self, path: &str, _: u64) -> Result<Option<Vec<u8>>, TransportError> {
        self.read(path).map_err(|error| TransportError {
            reason: error.to_string(),
        })
    }
}

/// The content of a file, if there is one.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, PublishError> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

/// Puts a file in place of another in one step, or removes it.
fn write(path: &Path, content: Option<&[u8]>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let Some(content) = content else {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    fs::create_dir_all(folder)?;
    // Beside it: it must not cross from one file system to another. A web server has to be able to read it.
    let mut file = tempfile::Builder::new();
    #[cfg(unix)]
    file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = file.tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The names in a folder outlast a loss of power, where a system has that for folders.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    match fs::File::open(folder) {
        // It was left empty, and has gone.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        opened => opened?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

fn list(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<(), PublishError> {
    let path = root.join(folder);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(&path, error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| failed(&path, error))?;
        let name = folder.join(entry.file_name());
        if entry.path().is_dir() {
            list(root, &name, names)?;
        } else if let Some(name) = name.to_str() {
            names.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}

pub(crate) fn failed(path: &Path, error: io::Error) -> PublishError {
    PublishError::File {
        path: path.to_owned(),
        error,
    }
}
