//! `cargo xtask fuzz`: one fuzz target, for a while.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::rustup::Toolchain;
use crate::workspace::Workspace;

const FOLDER: &str = "tests/fuzz";

/// Feeds `target` with inputs made from its corpus. New ones are kept beside the build, not among the committed.
pub(crate) fn run(workspace: &Workspace, target: &str, seconds: u32) -> Result<()> {
    let targets = targets(workspace)?;
    if !targets.iter().any(|name| name == target) {
        bail!(
            "no fuzz target is called `{target}`; there are: {}",
            targets.join(", ")
        );
    }
    let nightly = Toolchain::new("nightly");
    if !nightly.is_installed(workspace)? {
        bail!(
            "libFuzzer needs a nightly toolchain: rustup toolchain install nightly --profile minimal"
        );
    }
    if nightly
        .cargo(workspace)
        .args(["fuzz", "--version"])
        .read()
        .is_err()
    {
        bail!("cargo-fuzz is missing: cargo install cargo-fuzz --locked");
    }
    let found = workspace.target().join("fuzz-corpus").join(target);
    fs::create_dir_all(&found).with_context(|| format!("cannot create `{}`", found.display()))?;
    let committed = workspace.path(FOLDER).join("corpus").join(target);
    nightly
        .cargo(workspace)
        .args(["fuzz", "run", "--fuzz-dir", FOLDER, target])
        .args([found, committed])
        .args(["--".to_owned(), format!("-max_total_time={seconds}")])
        .run()
}

/// The names in `fuzz_targets/`.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let folder = workspace.path(FOLDER).join("fuzz_targets");
    let cannot_list = || format!("cannot list `{}`", folder.display());
    let mut targets = Vec::new();
    for entry in fs::read_dir(&folder).with_context(cannot_list)? {
        let path = entry.with_context(cannot_list)?.path();
        targets.extend(
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned()),
        );
    }
    targets.sort();
    Ok(targets)
}
