//! A folder of parts: each is whole and on the disk before its manifest names it.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{
    form::{Layout, Made},
    inputs::Seen,
    manifest::{self, Hashed, Manifest, Part, Position, Settings},
    tally::Tally,
};
#[cfg(feature = "parquet")]
use crate::arguments::FleetFormat;
use crate::failure::Failure;

/// Whoever has this file locked writes into the folder.
const LOCK: &str = ".lock";

/// A folder that is ours alone.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
    /// Of a run that was begun there.
    pub(super) begun: Option<Manifest>,
}

/// Parts in the making.
pub(super) struct Parts {
    folder: PathBuf,
    _lock: File,
    layout: Layout,
    part_records: u64,
    pub(super) manifest: Manifest,
    open: Option<OpenPart>,
}

/// The part that is being written.
struct OpenPart {
    file: PartFile,
    tally: Tally,
    end: Position,
}

/// Where the bytes of a part go.
pub(super) type Written = BufWriter<Hashed<File>>;

enum PartFile {
    Text(Written),
    #[cfg(feature = "parquet")]
    Rows(Box<super::parquet::part::Part>),
}

impl Folder {
    /// A folder that is new or empty; or the one of a run to go on with.
    pub(super) fn open(path: &Path, resume: bool) -> Result<Self, Failure> {
        let wrong = |error: io::Error| at(path, &error);
        fs::create_dir_all(path).map_err(wrong)?;
        let lock = path.join(LOCK);
        // What is there of others is looked at first, so that nothing is left in a folder that is refused; and once more when nobody else
        // writes there.
        is_begun(path, &names(path).map_err(wrong)?)?;
        let Some(lock) = only_ours(&lock).map_err(wrong)? else {
            let found = "a folder that another run writes into";
            return Err(Failure::new(path.display(), found, "a folder of its own"));
        };
        let folder = |begun| Self {
            path: path.to_owned(),
            _lock: lock,
            begun,
        };
        let names = names(path).map_err(wrong)?;
        if !is_begun(path, &names)? {
            return Ok(folder(None));
        }
        let place = path.join(manifest::NAME);
        let text = fs::read(&place).map_err(|error| Failure::io(&place, &error))?;
        let begun = Manifest::from_json(&place, &text)?;
        if !resume {
            let found = match begun.complete {
                true => "a folder that holds a finished run",
                false => "a folder that holds a run which was interrupted",
            };
            let failure = Failure::new(path.display(), found, "a new or empty folder");
            return Err(match begun.complete {
                true => failure,
                false => failure.help(begun.way_on()),
            });
        }
        are_ours(path, &names, &begun)?;
        Ok(folder(Some(begun)))
    }

    /// Begins there, or goes on.
    pub(super) fn begin(
        self,
        layout: Layout,
        settings: Settings,
        inputs: Vec<Seen>,
        part_records: u64,
    ) -> Result<Parts, Failure> {
        let is_new = self.begun.is_none();
        let manifest = match self.begun {
            Some(manifest) => {
                manifest.is_of(&self.path.join(manifest::NAME), &settings, &inputs)?;
                manifest
            }
            None => Manifest::new(settings, inputs),
        };
        let parts = Parts {
            folder: self.path,
            _lock: self._lock,
            layout,
            part_records,
            manifest,
            open: None,
        };
        if is_new {
            parts.write_manifest()?;
        }
        Ok(parts)
    }
}

/// Whether a run was begun in a folder that has these names; it is refused if there is anything else.
fn is_begun(folder: &Path, names: &[String]) -> Result<bool, Failure> {
    let is_begun = names.iter().any(|name| name == manifest::NAME);
    match names.first() {
        Some(other) if !is_begun => {
            let found = format!("a folder that holds something else, such as `{other}`");
            let expected = "a new or empty folder";
            Err(Failure::new(folder.display(), found, expected))
        }
        _ => Ok(is_begun),
    }
}

/// A file that nobody else has as long as we have it, however we end; none if somebody has.
#[cfg(unix)]
fn only_ours(path: &Path) -> io::Result<Option<File>> {
    use rustix::{
        fs::{FlockOperation, flock},
        io::Errno,
    };
    let file = File::options().create(true).append(true).open(path)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(windows)]
fn only_ours(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const SHARING_VIOLATION: i32 = 32;
    let mut options = File::options();
    match options.create(true).append(true).share_mode(0).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is in a folder and not hidden.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Whether there is nothing in the folder but what the manifest names, and the part after those: it may be whole, but the run was cut off
/// before the manifest named it.
fn are_ours(folder: &Path, names: &[String], manifest: &Manifest) -> Result<(), Failure> {
    let next = name(manifest.parts.len(), &manifest.settings.format);
    for found in names {
        let is_known = *found == manifest::NAME
            || *found == next
            || manifest.parts.iter().any(|part| part.name == *found);
        if !is_known {
            let found = format!("`{found}`, which the run did not make");
            let expected = "the folder as the run left it";
            return Err(Failure::new(folder.display(), found, expected));
        }
    }
    for part in &manifest.parts {
        // Nothing is added to a run that is finished: what its parts hold is not read again each time that somebody asks.
        match manifest.complete {
            true => drop(part.found_in(folder)?),
            false => part.is_unchanged_in(folder)?,
        }
    }
    Ok(())
}

impl Parts {
    /// Adds what was made; a part that has all its records with them is closed.
    pub(super) fn add(&mut self, made: Made, tally: &Tally, end: Position) -> Result<(), Failure> {
        let mut part = match self.open.take() {
            Some(part) => part,
            None => self.new_part()?,
        };
        let path = self.temporary(&self.next());
        part.file.add(made).map_err(|error| at(&path, &error))?;
        part.tally.merge(tally);
        part.end = end;
        let is_full = part.tally.lines() >= self.part_records;
        self.open = Some(part);
        match is_full {
            true => self.close(),
            false => Ok(()),
        }
    }

    /// Says that the run came to its end.
    pub(super) fn complete(&mut self) -> Result<(), Failure> {
        // What names the last part says that it is the last: who went on between the two would find the end of the inputs again.
        self.manifest.complete = true;
        // The last part may have no record: then it is none.
        let open = self.open.as_ref();
        if open.is_some_and(|part| part.tally.lines() > 0) {
            self.close()?;
        } else {
            self.abandon();
            self.write_manifest()?;
        }
        // Nobody writes there any more. Where it stays, it is hidden.
        let _ = fs::remove_file(self.folder.join(LOCK));
        Ok(())
    }

    /// Throws away the part that is not whole: it is made anew.
    pub(super) fn abandon(&mut self) {
        if self.open.take().is_some() {
            // Where it cannot be thrown away, the next run writes over it.
            let _ = fs::remove_file(self.temporary(&self.next()));
        }
    }

    fn new_part(&self) -> Result<OpenPart, Failure> {
        let path = self.temporary(&self.next());
        let wrong = |error: io::Error| at(&path, &error);
        let file = File::create(&path).map_err(wrong)?;
        let mut file = BufWriter::new(Hashed::new(file));
        let head = self.layout.head().map_err(wrong)?;
        file.write_all(&head).map_err(wrong)?;
        Ok(OpenPart {
            file: PartFile::new(self.layout, file).map_err(wrong)?,
            tally: Tally::default(),
            end: Position::default(),
        })
    }

    fn close(&mut self) -> Result<(), Failure> {
        let Some(part) = self.open.take() else {
            return Ok(());
        };
        let name = self.next();
        let path = self.temporary(&name);
        let wrong = |error: io::Error| at(&path, &error);
        let finish = || {
            let (file, sha256) = part.file.finish()?.finish();
            file.sync_all()?;
            Ok((file.metadata()?.len(), sha256))
        };
        let (bytes, sha256) = finish().map_err(wrong)?;
        self.rename(&name)?;
        self.manifest.parts.push(Part {
            name,
            bytes,
            sha256,
            records: part.tally.lines(),
            errors: part.tally.errors(),
            tally: part.tally,
            end: part.end,
        });
        self.write_manifest()
    }

    fn write_manifest(&self) -> Result<(), Failure> {
        let path = self.temporary(manifest::NAME);
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(&self.manifest.to_json()?)?;
            file.sync_all()
        };
        write().map_err(|error| at(&path, &error))?;
        self.rename(manifest::NAME)
    }

    /// Gives what is whole its name, for good.
    fn rename(&self, name: &str) -> Result<(), Failure> {
        let path = self.folder.join(name);
        fs::rename(self.temporary(name), &path)
            .and_then(|()| sync(&self.folder))
            .map_err(|error| at(&path, &error))
    }

    /// What the part is called that is next to be whole.
    fn next(&self) -> String {
        name(self.manifest.parts.len(), &self.manifest.settings.format)
    }

    fn temporary(&self, name: &str) -> PathBuf {
        self.folder.join(format!(".{name}.tmp"))
    }
}

impl PartFile {
    fn new(layout: Layout, file: Written) -> io::Result<Self> {
        match layout.format {
            #[cfg(feature = "parquet")]
            FleetFormat::Parquet => {
                let part = super::parquet::part::Part::new(layout, file)?;
                Ok(Self::Rows(Box::new(part)))
            }
            _ => Ok(Self::Text(file)),
        }
    }

    fn add(&mut self, made: Made) -> io::Result<()> {
        match (self, made) {
            (Self::Text(file), Made::Text(text)) => file.write_all(&text),
            #[cfg(feature = "parquet")]
            (Self::Rows(part), Made::Rows(rows)) => part.add(rows),
            // One layout decides what both are.
            #[cfg(feature = "parquet")]
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The file, with all that was added.
    fn finish(self) -> io::Result<Hashed<File>> {
        let file = match self {
            Self::Text(file) => file,
            #[cfg(feature = "parquet")]
            Self::Rows(part) => part.finish()?,
        };
        Ok(file.into_inner()?)
    }
}

fn name(number: usize, format: &str) -> String {
    format!("part-{number:05}.{format}")
}

/// A name outlives a power cut only once its folder is on the disk.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no such call; what its file systems do to a name is in their journal.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

fn at(path: &Path, error: &io::Error) -> Failure {
    Failure::new(path.display(), error.to_string(), "a place to write to")
}
