//! Repositories of policies: the ceremony that the documentation walks through, and python-tuf as a judge of what we write and as
//! the author of what we read.

use std::fs;

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::files;
use crate::python;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// The versions and digests of python-tuf.
const PINNED: &str = "tests/repositories/requirements.txt";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    build(workspace, &["--bin", "octroi", "--example", "conformance"])?;
    let target = workspace.target();
    let octroi = target.join("debug/octroi");
    let work = target.join("updates");
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot remove `{}`", work.display()))?;
    }
    files::create_folder(&work)?;

    let mut tally = Tally::default();
    // What `octroi repo` says of itself.
    let says = cargo(workspace, "test").args(["--bin", "octroi", "--test", "commands"]);
    tally.case("commands", says.run());
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

/// Builds programs with all else, so that what they share with other legs is built once.
pub(super) fn build(workspace: &Workspace, programs: &[&str]) -> Result<()> {
    cargo(workspace, "build").args(programs).run()
}

fn cargo(workspace: &Workspace, command: &str) -> Tool {
    let all = ["--locked", "--workspace", "--features", "octroi/publish"];
    workspace.cargo().args([command]).args(all)
}
