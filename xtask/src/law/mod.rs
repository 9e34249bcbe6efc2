//! `cargo xtask law`: whether the documents of the law that somebody holds are those that `docs/law.md` speaks of.
//!
//! The documents are their authors' and are not in the project: of each sentence `docs/law.csv` keeps its place and its
//! digest. That every place has its row in `docs/law.md` is a test (`tests/tests/law.rs`), which needs no document.

mod compare;
mod index;
mod sentences;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use compare::faults;
use index::{Document, Index};

const INDEX: &str = "docs/law.csv";

/// Compares the `.txt` files of a folder with the index; with `write`, puts them into it.
pub(crate) fn run(workspace: &Workspace, folder: &Path, write: bool) -> Result<()> {
    let path = workspace.path(INDEX);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{INDEX}`"))?;
    let mut index = Index::parse(&text).with_context(|| format!("`{INDEX}` is no index"))?;
    let mut count = 0;
    let mut missing = index.names();
    for (name, text) in read(folder)? {
        let found = Document::of(&text);
        let Some(known) = index.most_like(&found) else {
            if write {
                println!("new      {name}: {} sentences", found.0.len());
                index.put(&name, found)?;
            } else {
                println!("unknown  {name}.txt shares no sentence with any document of the index");
            }
            continue;
        };
        let Some(place) = missing.iter().position(|document| *document == known) else {
            bail!("two files are the document `{known}`, `{name}.txt` is one of them");
        };
        missing.remove(place);
        let faults = faults(index.document(&known), &found);
        for fault in &faults {
            println!("differs  {known} {fault}");
        }
        if faults.is_empty() {
            println!("equal    {known}: {} sentences", found.0.len());
        }
        count += faults.len();
        index.put(&known, found)?;
    }
    if write {
        fs::write(&path, index.to_string()).with_context(|| format!("cannot write `{INDEX}`"))?;
        println!("written  {INDEX}; bring the rows of docs/law.md to these places");
        return Ok(());
    }
    for document in &missing {
        println!("missing  {document}: no file holds it");
    }
    match (count, missing.len()) {
        (0, 0) => Ok(()),
        (count, missing) => bail!("{count} sentences differ, {missing} documents are missing"),
    }
}

/// The `.txt` files, with their names without that ending.
fn read(folder: &Path) -> Result<Vec<(String, String)>> {
    let cannot_list = || format!("cannot list `{}`", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_list)? {
        let path = entry.with_context(cannot_list)?.path();
        if let (true, Some(name)) = (
            path.extension().is_some_and(|end| end == "txt"),
            path.file_stem(),
        ) {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            files.push((name.to_string_lossy().into_owned(), text));
        }
    }
    files.sort();
    Ok(files)
}
