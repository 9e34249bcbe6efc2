//! The package for Python and Spark, beside what one would write by hand.

use anyhow::Result;

use super::{MANIFEST, put};
use crate::debian::{self, CC, JAVAC, PIP, Program};
use crate::legs;
use crate::wheel::{self, X86_64};
use crate::workspace::Workspace;

const PROGRAM: &str = "tests/bench/python/bench.py";
const DOCUMENT: &str = "docs/fleet.md";
const PROGRAMS: [Program; 3] = [CC, JAVAC, PIP];

const DEVICES: &str = "14000";
const ROUNDS: &str = "5";

/// Measures and prints the table; with `write`, puts it into the documentation.
pub(crate) fn run(workspace: &Workspace, write: bool) -> Result<()> {
    debian::provide(workspace, &PROGRAMS)?;
    let wheel = wheel::build(workspace, X86_64, &workspace.path("dist"))?;
    let environment = legs::python_with_spark(workspace, "octroi-bench", &wheel)?;
    let build = [
        "build",
        "--release",
        "--locked",
        "--manifest-path",
        MANIFEST,
    ];
    let target = workspace.target();
    let cargo = workspace.cargo().env("CARGO_TARGET_DIR", &target);
    cargo.args(build).run()?;
    let python = workspace.tool(&environment.python().display().to_string());
    let python = python.env("PYSPARK_PYTHON", environment.python());
    let program = target.join("release/octroi-bench");
    let python = python.args([PROGRAM.as_ref(), program.as_os_str()]);
    let table = python.args([DEVICES, ROUNDS]).read()?;
    print!("{table}");
    if write {
        put(workspace, DOCUMENT, &table)?;
    }
    Ok(())
}
