//! Statements of phones, judged by another implementation of JOSE: what one signs, the other takes, and neither takes a forgery.
//! What we judge by ourselves is among the Rust tests.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::tally::Tally;
use crate::workspace::Workspace;

const PINNED: &str = "tests/evidence/requirements.txt";
const JUDGE: &str = "tests/evidence/judge.py";

/// A phone that is denied once its term is over.
const RECORD: &str = "policies/examples/service-phone.json";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let packages = install(workspace)?;
    let build = ["build", "--locked", "--package", "octroi"];
    workspace.cargo().args(build).run()?;
    let octroi = workspace.target().join("debug/octroi");
    let judge = workspace.tool("python3").env("PYTHONPATH", &packages);
    let judge = judge.args([JUDGE.as_ref(), octroi.as_os_str(), RECORD.as_ref()]);
    let status = judge.watch(|line| {
        if let Some(name) = line.strip_prefix("ok ") {
            tally.case(name, Ok(()));
        } else if let Some(failure) = line.strip_prefix("not ok ") {
            let name = failure.split(':').next().unwrap_or(failure);
            tally.case(name, Err(anyhow::anyhow!("{failure}")));
        }
    })?;
    if !status.success() {
        bail!("`{JUDGE}` did not come to its end");
    }
    Ok(tally)
}

/// Installs the judge below the target folder, unless it is there.
fn install(workspace: &Workspace) -> Result<PathBuf> {
    let pinned =
        fs::read(workspace.path(PINNED)).with_context(|| format!("cannot read `{PINNED}`"))?;
    let folder = workspace.target().join("pyjwt");
    let of = folder.join("requirements.txt");
    if fs::read(&of).is_ok_and(|installed| installed == pinned) {
        return Ok(folder);
    }
    let pip = [
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
    ];
    let pip = workspace.tool("python3").args(pip);
    let pip = pip.args([
        "--only-binary",
        ":all:",
        "--upgrade",
        "--requirement",
        PINNED,
    ]);
    pip.args(["--target".as_ref(), folder.as_os_str()]).run()?;
    fs::write(&of, pinned).with_context(|| format!("cannot write `{}`", of.display()))?;
    Ok(folder)
}
