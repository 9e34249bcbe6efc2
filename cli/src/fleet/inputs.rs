//! Which files a fleet is read from.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, IsTerminal, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

use same_file::Handle;
use serde::{Deserialize, Serialize};

#[cfg(feature = "parquet")]
use super::parquet::rows::Rows;
use super::{
    found::{Found, matching},
    lines::{Lines, Mark},
    source::Source,
    tell,
};
use crate::{failure::Failure, language};

/// What stands for standard input.
pub(super) const STDIN: &str = "-";

/// What the names of files with columns end in.
const PARQUET: &str = "parquet";

/// The inputs of a run, in their order.
pub(super) struct Inputs {
    paths: Vec<PathBuf>,
    /// Whether each record says which of them it is from: not where one file was named, and that is all.
    pub(super) are_named: bool,
    /// The folders that they were found in, with those below.
    folders: Vec<PathBuf>,
    /// What was passed over there, as it is no file.
    pub(super) no_files: Vec<PathBuf>,
}

/// An input that is open.
pub(super) struct Opened {
    content: Content,
    pub(super) length: Option<u64>,
}

enum Content {
    Lines(Box<dyn Read + Send>),
    #[cfg(feature = "parquet")]
    Rows(File),
}

/// What is known of an input before it is read, to see that it is still the same later.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    path: String,
    kind: Kind,
    length: Option<u64>,
    modified: Option<String>,
    /// When anything of it was changed last, its times too, which a program may set as it likes.
    changed: Option<String>,
    inode: Option<u64>,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// What can be read again from the middle.
    File,
    /// Nothing: there is none of that name.
    Missing,
    /// A stream, of which nobody knows what was read.
    Stream,
}

impl Inputs {
    /// The files that the paths name: files as they are, folders with all that is in them, patterns.
    pub(super) fn find(paths: &[PathBuf]) -> Result<Self, Failure> {
        if let [path] = paths
            && !is_folder(path)
            && matching(path)?.is_none()
        {
            let paths = paths.to_vec();
            let found = Found {
                paths,
                ..Found::default()
            };
            return Self::checked(found, false);
        }
        let mut found = Found::default();
        for path in paths {
            match matching(path)? {
                _ if is_folder(path) => found.folder(path)?,
                None => found.paths.push(path.clone()),
                Some(matching) => found.pattern(path, matching)?,
            }
        }
        if found.paths.iter().filter(|path| is_stdin(path)).count() > 1 {
            let expected = "standard input once";
            return Err(Failure::new(STDIN, "standard input twice", expected));
        }
        // A file that two patterns match holds no device twice.
        let mut known = HashSet::new();
        let mut is_new = |path: &PathBuf| known.insert(whole(path).unwrap_or_else(|| path.clone()));
        found.paths.retain(&mut is_new);
        // Who names a pipe itself has it read.
        found.no_files.retain(&mut is_new);
        Self::checked(found, true)
    }

    fn checked(found: Found, are_named: bool) -> Result<Self, Failure> {
        #[cfg(not(feature = "parquet"))]
        if let Some(path) = found.paths.iter().find(|path| is_parquet(path)) {
            return Err(Failure::no_parquet(path.display()));
        }
        Ok(Self {
            paths: found.paths,
            are_named,
            folders: found.folders,
            no_files: found.no_files,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.paths.len()
    }

    pub(super) fn path(&self, input: usize) -> &Path {
        self.paths
            .get(input)
            .map_or(Path::new(""), PathBuf::as_path)
    }

    /// What each record says that it is from, where they say so.
    pub(super) fn name(&self, input: usize) -> Option<String> {
        self.are_named
            .then(|| self.path(input).display().to_string())
    }

    pub(super) fn open(&self, input: usize) -> io::Result<Opened> {
        let path = self.path(input);
        if is_stdin(path) {
            if io::stdin().is_terminal() {
                let texts = language::texts(language::of_the_locale());
                tell(&format!("{}\n", texts.note.stdin_prompt));
            }
            return Ok(Opened {
                content: Content::Lines(Box::new(io::stdin())),
                length: None,
            });
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        Ok(Opened {
            content: match is_parquet(path) {
                #[cfg(feature = "parquet")]
                true => Content::Rows(file),
                _ => Content::Lines(Box::new(file)),
            },
            length: metadata.is_file().then_some(metadata.len()),
        })
    }

    /// How long they are together, if all are files.
    pub(super) fn length(&self) -> Option<u64> {
        let lengths = self.paths.iter().map(|path| {
            let metadata = metadata(path)?.ok()?;
            metadata.is_file().then_some(metadata.len())
        });
        lengths.sum()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.paths.iter().map(|path| Seen::of(path)).collect()
    }

    /// Refuses to read what is also written: every answer would become a question.
    pub(super) fn is_not_output(&self) -> Result<(), Failure> {
        let Ok(output) = Handle::stdout() else {
            return Ok(());
        };
        // A terminal, a pipe or /dev/null may well be both.
        if !output.as_file().metadata().is_ok_and(|of| of.is_file()) {
            return Ok(());
        }
        for path in &self.paths {
            let input = match is_stdin(path) {
                true => Handle::stdin(),
                // Who opens a pipe to look at it waits for somebody at its other end, and then leaves them alone.
                false if !path.is_file() => continue,
                false => Handle::from_path(path),
            };
            if input.is_ok_and(|input| input == output) {
                let place = if is_stdin(path) {
                    "standard input"
                } else {
                    &*path.to_string_lossy()
                };
                let expected = "an output that is none of the inputs";
                return Err(Failure::new(
                    place,
                    "a file that is written to as well",
                    expected,
                ));
            }
        }
        Ok(())
    }

    /// Refuses a folder for the output in which the inputs are looked for: the next run would take the one for the other.
    pub(super) fn are_outside(&self, output: &Path) -> Result<(), Failure> {
        let nearest = |path: &Path| {
            let mut path = path;
            loop {
                match fs::canonicalize(path) {
                    Ok(found) => return Some(found),
                    Err(_) => path = path.parent().filter(|path| *path != Path::new(""))?,
                }
            }
        };
        let here = || fs::canonicalize(".").ok();
        let Some(output_at) = nearest(output).or_else(here) else {
            return Ok(());
        };
        for path in &self.folders {
            if fs::canonicalize(path).is_ok_and(|path| output_at.starts_with(path)) {
                let found = format!(
                    "a folder in `{}`, whose files are the inputs",
                    path.display()
                );
                return Err(Failure::new(output.display(), found, "a folder elsewhere"));
            }
        }
        if let Ok(output_at) = fs::canonicalize(output)
            && let Some(path) = self
                .paths
                .iter()
                .find(|path| whole(path).is_some_and(|path| path.starts_with(&output_at)))
        {
            let found = format!("a folder with `{}`, which is an input", path.display());
            return Err(Failure::new(output.display(), found, "a folder elsewhere"));
        }
        Ok(())
    }
}

impl Opened {
    /// What comes in it after that mark.
    pub(super) fn source(self, path: &Path, mark: Mark) -> io::Result<Source> {
        match self.content {
            #[cfg(feature = "parquet")]
            Content::Rows(file) => Ok(Source::Rows(Box::new(Rows::after(mark, file)?))),
            Content::Lines(input) if mark == Mark::default() => {
                Ok(Source::Lines(Lines::after(mark, input)))
            }
            Content::Lines(_) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(mark.offset))?;
                Ok(Source::Lines(Lines::after(mark, Box::new(file))))
            }
        }
    }
}

impl Seen {
    fn of(path: &Path) -> Self {
        let metadata = metadata(path);
        let kind = match &metadata {
            Some(Ok(of)) if of.is_file() => Kind::File,
            Some(Err(_)) => Kind::Missing,
            _ => Kind::Stream,
        };
        let metadata = metadata.and_then(Result::ok).filter(fs::Metadata::is_file);
        let metadata = metadata.as_ref();
        Self {
            path: path.display().to_string(),
            kind,
            length: metadata.map(fs::Metadata::len),
            modified: metadata.and_then(|of| of.modified().ok()).map(written),
            changed: metadata.and_then(changed),
            inode: metadata.and_then(inode),
        }
    }

    /// Whether what was read of it can be read once more; of what is missing that is nothing.
    pub(super) fn can_be_read_again(&self) -> bool {
        self.kind != Kind::Stream
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Whether it is a folder; a folder named as standard input is written `./-`.
fn is_folder(path: &Path) -> bool {
    !is_stdin(path) && path.is_dir()
}

/// What the file system says of it; none of standard input, whatever else has that name.
fn metadata(path: &Path) -> Option<io::Result<fs::Metadata>> {
    (!is_stdin(path)).then(|| fs::metadata(path))
}

/// By which name a file is known, whichever it was named by; none of what is no file.
fn whole(path: &Path) -> Option<PathBuf> {
    match is_stdin(path) {
        true => None,
        false => fs::canonicalize(path).ok(),
    }
}

#[cfg(unix)]
fn changed(of: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = i32::try_from(of.ctime_nsec()).ok()?;
    let time = jiff::Timestamp::new(of.ctime(), nanoseconds).ok()?;
    Some(time.to_string())
}

#[cfg(unix)]
fn inode(of: &fs::Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(of))
}

/// Elsewhere the standard library tells neither.
#[cfg(not(unix))]
fn changed(_: &fs::Metadata) -> Option<String> {
    None
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> Option<u64> {
    None
}

fn written(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).map_or_else(|error| error.to_string(), |time| time.to_string())
}

/// Whether a file holds columns, as its name says.
pub(super) fn is_parquet(path: &Path) -> bool {
    ends_in(path, PARQUET)
}

/// Whether the name of a file ends so.
pub(super) fn ends_in(path: &Path, known: &str) -> bool {
    let end = path.extension().and_then(|end| end.to_str());
    end.is_some_and(|end| end.eq_ignore_ascii_case(known))
}
