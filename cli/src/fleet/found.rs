//! What folders hold, and patterns match.

use std::{
    fs,
    path::{self, Component, Path, PathBuf},
};

use glob::{MatchOptions, Pattern};

use super::inputs::{ends_in, is_parquet, is_stdin};
use crate::failure::Failure;

/// What the names of files with devices end in; others in a folder are passed over, as are those of no file.
const EXTENSIONS: [&str; 3] = ["ndjson", "jsonl", "json"];

/// How names are compared with a pattern: whatever their case, as not every file system tells names by it.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// What was found, in its order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) paths: Vec<PathBuf>,
    /// The folders that were looked through, with those below.
    pub(super) folders: Vec<PathBuf>,
    /// What has the name of a file with devices and is none: who reads a pipe may wait for ever, and a device may have no end.
    pub(super) no_files: Vec<PathBuf>,
}

impl Found {
    /// What matches the pattern: files, and folders with all that is in them.
    pub(super) fn pattern(
        &mut self,
        pattern: &Path,
        matching: Vec<PathBuf>,
    ) -> Result<(), Failure> {
        let wrong = |found: &str| {
            let expected = "a pattern that a file or folder matches";
            Err(Failure::new(pattern.display(), found, expected))
        };
        if matching.is_empty() {
            return wrong("nothing of that name");
        }
        let before = self.paths.len();
        for path in matching {
            match path.is_dir() {
                true => self.folder(&path)?,
                false => self.add(path),
            }
        }
        match self.paths.len() == before {
            true => wrong("nothing that is a file or a folder"),
            false => Ok(()),
        }
    }

    /// All files with devices in a folder and in those below it. What is hidden or temporary, as whoever else reads such folders has it,
    /// is passed over; a link to a folder is, too, as it may lead in a circle.
    pub(super) fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        self.folders.push(folder.to_owned());
        let before = self.paths.len();
        self.below(folder)?;
        if self.paths.len() == before {
            let names = EXTENSIONS.join(", *.");
            let expected = format!("at least one file named *.{names}, *.parquet");
            return Err(Failure::new(
                folder.display(),
                "a folder without a file of devices",
                expected,
            ));
        }
        Ok(())
    }

    fn below(&mut self, folder: &Path) -> Result<(), Failure> {
        for entry in entries(folder)? {
            let name = entry.file_name();
            let name = name.as_encoded_bytes();
            if name.starts_with(b".") || name.starts_with(b"_") {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type();
            if kind.map_err(|error| Failure::io(folder, &error))?.is_dir() {
                self.below(&path)?;
            } else if is_of_devices(&path) && !path.is_dir() {
                self.add(path);
            }
        }
        Ok(())
    }

    /// Adds a file. What is missing is added, too: it is an error when it is read.
    fn add(&mut self, path: PathBuf) {
        match fs::metadata(&path) {
            Ok(of) if !of.is_file() => self.no_files.push(path),
            _ => self.paths.push(path),
        }
    }
}

/// What a pattern matches, in the order of the names; none if it is no pattern, but the name of a file.
pub(super) fn matching(path: &Path) -> Result<Option<Vec<PathBuf>>, Failure> {
    let Some(pattern) = path.to_str().filter(|text| is_pattern(text)) else {
        return Ok(None);
    };
    if path.exists() {
        return Ok(None);
    }
    let compiled = |text: &str| {
        Pattern::new(text).map_err(|error| {
            let expected = "a pattern of `*`, `?`, `**` and `[…]`, such as `2026-*/*.ndjson`";
            Failure::new(pattern, error.msg, expected)
        })
    };
    let mut parts = Vec::new();
    for component in path.components() {
        let part = match component {
            Component::Normal(name) => match name.to_str() {
                Some("**") => Part::Folders,
                Some(name) if is_pattern(name) => Part::Names(compiled(name)?),
                _ => Part::Name(component),
            },
            Component::CurDir => continue,
            _ => Part::Name(component),
        };
        if !matches!((&part, parts.last()), (Part::Folders, Some(Part::Folders))) {
            parts.push(part);
        }
    }
    let mut found = Vec::new();
    meet(Path::new(""), &parts, &mut found)?;
    found.sort();
    found.dedup();
    if pattern.ends_with(path::is_separator) {
        found.retain(|path| path.is_dir());
    }
    // What is temporary is passed over, unless the pattern says that a name begins so.
    let asked: Vec<_> = path
        .iter()
        .filter_map(|name| Pattern::new(name.to_str()?).ok())
        .filter(|asked| asked.as_str().starts_with('_'))
        .collect();
    let is_asked = |path: &PathBuf| {
        let mut names = path.iter().map(|name| name.to_string_lossy());
        names.all(|name| !name.starts_with('_') || asked.iter().any(|asked| asked.matches(&name)))
    };
    found.retain(is_asked);
    Ok(Some(found.into_iter().map(of_a_file).collect()))
}

/// What stands between two separators of a pattern.
enum Part<'p> {
    /// `**`: a folder and all below it.
    Folders,
    Names(Pattern),
    Name(Component<'p>),
}

/// Adds what matches the rest of a pattern, from that path on. A name need not be text: it is compared as it is shown.
fn meet(path: &Path, rest: &[Part<'_>], found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let Some((part, after)) = rest.split_first() else {
        found.push(path.to_owned());
        return Ok(());
    };
    if let Part::Name(name) = part {
        let path = path.join(name);
        return match path.exists() {
            true => meet(&path, after, found),
            false => Ok(()),
        };
    }
    // A folder itself is among those below it only for what it holds.
    if matches!(part, Part::Folders) && !after.is_empty() {
        meet(path, after, found)?;
    }
    let folder = match path == Path::new("") {
        true => Path::new("."),
        false => path,
    };
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in entries(folder)? {
        let path = path.join(entry.file_name());
        let name = entry.file_name();
        let name = name.to_string_lossy();
        match part {
            Part::Names(pattern) if pattern.matches_with(&name, OPTIONS) => {
                meet(&path, after, found)?;
            }
            Part::Folders if !name.starts_with('.') && path.is_dir() => {
                if after.is_empty() {
                    found.push(path.clone());
                }
                meet(&path, rest, found)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, Failure> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect);
    let mut entries: Vec<_> = entries.map_err(|error| Failure::io(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The path of what a pattern found: never standard input.
fn of_a_file(path: PathBuf) -> PathBuf {
    match is_stdin(&path) {
        true => Path::new(".").join(path),
        false => path,
    }
}

fn is_of_devices(path: &Path) -> bool {
    is_parquet(path) || EXTENSIONS.iter().any(|known| ends_in(path, known))
}
