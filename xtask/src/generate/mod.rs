//! Files that are made from others, committed so that nobody needs this command to build.

mod android;
mod bindings;
mod ios;
mod packs;
mod parity;
mod schemas;
mod specfile;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// What one generator makes.
pub(crate) struct Output {
    /// The files, by their path from the root.
    files: Vec<(PathBuf, String)>,
    /// Folders in which nothing but those files may stand.
    folders: Vec<PathBuf>,
}

/// One way in which the tree differs from what would be generated.
pub(crate) struct Stale {
    /// The file, from the root.
    pub(crate) path: PathBuf,
    /// What is wrong with it.
    pub(crate) fault: &'static str,
}

/// How the tree compares with what would be generated.
#[derive(Default)]
pub(crate) struct Comparison {
    /// How many files are as they should be.
    pub(crate) fresh: usize,
    /// Those that are not.
    pub(crate) stale: Vec<Stale>,
}

/// Makes some of them.
pub(crate) type Generator = fn(&Workspace) -> Result<Output>;

/// What makes them. Packs come last but for what they say: they are built by the command, which does not compile without the others.
pub(crate) const GENERATORS: &[Generator] = &[
    texts::generate,
    schemas::generate,
    specfile::generate,
    packs::generate,
    android::generate,
    ios::generate,
    parity::generate,
];

/// What makes the foreign surface: apart, because it takes minutes to build.
pub(crate) const BINDINGS: &[Generator] = &[bindings::generate];

/// Writes every generated file that is not as it should be, and removes those that no longer have a source.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    for generate in GENERATORS.iter().chain(BINDINGS) {
        let output = generate(workspace)?;
        for (path, text) in &output.files {
            if read(workspace, path).as_deref() == Some(text) {
                println!("unchanged  {}", path.display());
                continue;
            }
            let target = workspace.path(path);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)
                    .with_context(|| format!("cannot create `{}`", folder.display()))?;
            }
            fs::write(&target, text)
                .with_context(|| format!("cannot write `{}`", target.display()))?;
            println!("written    {}", path.display());
        }
        for path in superfluous(workspace, &output)? {
            let target = workspace.path(&path);
            fs::remove_file(&target)
                .with_context(|| format!("cannot remove `{}`", target.display()))?;
            println!("removed    {}", path.display());
        }
    }
    Ok(())
}

/// Compares instead of writing, byte by byte.
pub(crate) fn compare(workspace: &Workspace, generators: &[Generator]) -> Result<Comparison> {
    let mut comparison = Comparison::default();
    for generate in generators {
        let output = generate(workspace)?;
        for (path, text) in &output.files {
            let fault = match read(workspace, path) {
                None => "is missing",
                Some(found) if found != *text => "is stale",
                Some(_) => {
                    comparison.fresh += 1;
                    continue;
                }
            };
            let path = path.clone();
            comparison.stale.push(Stale { path, fault });
        }
        for path in superfluous(workspace, &output)? {
            let fault = "has no source";
            comparison.stale.push(Stale { path, fault });
        }
    }
    Ok(comparison)
}

fn read(workspace: &Workspace, path: &Path) -> Option<String> {
    fs::read_to_string(workspace.path(path)).ok()
}

/// The files in generated folders that nothing generates.
fn superfluous(workspace: &Workspace, output: &Output) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in &output.folders {
        for name in names(&workspace.path(folder))? {
            let path = folder.join(name);
            if !output.files.iter().any(|(made, _)| *made == path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The names in a folder, sorted; none if the folder does not exist.
fn names(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let cannot_list = || format!("cannot list `{}`", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_list)? {
        names.push(
            entry
                .with_context(cannot_list)?
                .file_name()
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    Ok(names)
}
