//! Packs: authored in TOML for people, carried as JSON by phones.
//!
//! The command itself turns one into the other, so that there is one reader of the authors' form.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Output, names};
use crate::workspace::Workspace;

/// Where packs are authored, and where their wire form goes: what is embedded into core, what only the tests read beside.
const FOLDERS: [(&str, &str); 3] = [
    ("policies", "core/packs"),
    ("policies/unofficial", "tests/vectors/packs"),
    ("tests/packs", "tests/vectors/packs"),
];

/// What the name of a pack's file is made from.
#[derive(Deserialize)]
struct Pack {
    id: String,
}

/// The wire form of every pack.
pub(super) fn generate(workspace: &Workspace) -> Result<Output> {
    let mut output = Output {
        files: Vec::new(),
        folders: Vec::new(),
    };
    for (authored, wire) in FOLDERS {
        output.folders.push(PathBuf::from(wire));
        for name in names(&workspace.path(authored))? {
            let folder = Path::new(authored).join(name);
            if workspace.path(folder.join("policy.toml")).is_file() {
                let json = build(workspace, &folder)?;
                let pack: Pack = serde_json::from_str(&json).with_context(|| {
                    format!(
                        "`octroi policy build {}` printed no policy",
                        folder.display()
                    )
                })?;
                output
                    .files
                    .push((Path::new(wire).join(pack.id + ".json"), json));
            }
        }
    }
    Ok(output)
}

fn build(workspace: &Workspace, folder: &Path) -> Result<String> {
    workspace
        .cargo()
        .args([
            "run",
            "--quiet",
            "--package",
            "octroi",
            "--",
            "policy",
            "build",
        ])
        .args([folder])
        .read()
        .with_context(|| format!("the pack `{}` does not build", folder.display()))
}
