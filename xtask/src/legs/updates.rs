//! Repositories of policies: the ceremony that the documentation walks through, and python-tuf as a judge of what we write and as
//! the author of what we read.

use std::fs;

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::files;
use crate::python;
use crate::workspace::Workspace;

/// The versions and digests of python-tuf.
const PINNED: &str = "tests/repositories/requirements.txt";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    // With all others, so that what they share is built once.
    let build = ["build", "--locked", "--workspace", "--features"];
    let build = workspace.cargo().args(build).args(["octroi/publish"]);
    build
        .args(["--bin", "octroi", "--example", "conformance"])
        .run()?;
    let target = workspace.target();
    let octroi = target.join("debug/octroi");
    let work = target.join("updates");
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot remove `{}`", work.display()))?;
    }
    files::create_folder(&work)?;

    let mut tally = Tally::default();
    let ceremony = workspace.tool("docs/ceremony.sh").env("OCTROI", &octroi);
    let mut step = None;
    let status = ceremony.args([work.join("ceremony")]).watch(|line| {
        if let Some(next) = line.strip_prefix("── ") {
            // A step that is over went well.
            tally.passed += usize::from(step.is_some());
            step = Some(next.to_owned());
        }
    })?;
    if status.success() {
        tally.passed += usize::from(step.is_some());
    } else {
        tally.failed += 1;
        tally.failures.push(step.unwrap_or_default());
        return Ok(tally);
    }

    let packages = python::provide(workspace, PINNED, "tuf", &target.join("python"))?;
    let cases = workspace
        .tool("python3")
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["tests/repositories/cases.py"])
        .args([&octroi, &target.join("debug/examples/conformance"), &work]);
    let status = cases.watch(|line| {
        tally.passed += usize::from(line.starts_with("passed: "));
        if let Some(case) = line.strip_prefix("FAILED: ") {
            tally.failed += 1;
            tally.failures.push(case.to_owned());
        }
    })?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1; // what does not start has no cases
    }
    Ok(tally)
}
