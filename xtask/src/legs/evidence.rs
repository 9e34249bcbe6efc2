//! Statements of phones, judged by another implementation of JOSE: what one signs, the other takes, and neither takes a forgery.
//! What we judge by ourselves is among the Rust tests.

use anyhow::{Result, bail};

use super::tally::Tally;
use super::updates::build;
use crate::python;
use crate::workspace::Workspace;

/// The versions and digests of PyJWT.
const PINNED: &str = "tests/evidence/requirements.txt";
const JUDGE: &str = "tests/evidence/judge.py";

/// A phone that is denied once its term is over.
const RECORD: &str = "policies/examples/service-phone.json";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let target = workspace.target();
    let packages = python::provide(workspace, PINNED, "pyjwt", &target.join("python"))?;
    build(workspace, &["--bin", "octroi"])?;
    let octroi = target.join("debug/octroi");
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
