//! `cargo xtask bench`: octroi beside other engines, and what it costs the app that it is embedded in, as a table.

mod gate;
mod python;

use std::fs;

use anyhow::{Context, Result};

pub(crate) use self::gate::tell as jvm;
pub(crate) use self::python::run as python;
use crate::android;
use crate::apple;
use crate::debian::{self, Program};
use crate::workspace::Workspace;

const MANIFEST: &str = "tests/bench/Cargo.toml";
const README: &str = "README.md";
const START: &str = "<!-- cargo xtask bench --write -->\n";
const END: &str = "<!-- until here -->\n";

const PROGRAMS: &[Program] = &[
    Program {
        name: "valgrind",
        package: "valgrind",
    },
    Program {
        name: "taskset",
        package: "util-linux",
    },
];

/// Measures and prints the table; with `write`, puts it into the README.
pub(crate) fn run(workspace: &Workspace, write: bool) -> Result<()> {
    debian::provide(workspace, PROGRAMS)?;
    // First: a mistake of the build for the JVM should not cost the minutes that the rest takes.
    let embedded = embedded(workspace)?;
    let build = [
        "build",
        "--profile",
        "dist",
        "--locked",
        "--package",
        "octroi",
    ];
    workspace.cargo().args(build).run()?;
    let measure = [
        "run",
        "--release",
        "--locked",
        "--manifest-path",
        MANIFEST,
        "--",
    ];
    let table = workspace
        .cargo()
        .env("CARGO_TARGET_DIR", workspace.target())
        .args(measure)
        .args([workspace.target().join("dist/octroi")])
        .args(embedded)
        .read()?;
    print!("{table}");
    if write {
        put(workspace, README, &table)?;
    }
    Ok(())
}

/// Puts a table into a document, between its marks.
fn put(workspace: &Workspace, document: &str, table: &str) -> Result<()> {
    let path = workspace.path(document);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{document}`"))?;
    let text = with_table(&text, table)
        .with_context(|| format!("`{document}` has no lines {START}and {END}"))?;
    fs::write(&path, text).with_context(|| format!("cannot write `{document}`"))
}

/// What octroi costs an app, by the names that the bench has for it: sizes as they are recorded, times where a JDK and Maven are there.
fn embedded(workspace: &Workspace) -> Result<Vec<String>> {
    let mut embedded = vec![
        format!("android={}", android::recorded_size(workspace)?),
        format!("iphone={}", apple::recorded_size(workspace)?),
    ];
    match gate::missing() {
        None => embedded.extend(gate::measure(workspace)?.arguments()?),
        Some(program) => eprintln!("without `{program}` the gate on the JVM is not measured"),
    }
    Ok(embedded)
}

/// The document with this between its marks, in place of what stood there.
fn with_table(readme: &str, table: &str) -> Option<String> {
    let (before, rest) = readme.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_between_the_marks_is_replaced() {
        let readme = |table: &str| format!("# octroi\n{START}\n{table}\n{END}\nThe end.\n");
        assert_eq!(with_table(&readme("old\n"), "new\n"), Some(readme("new\n")));
        assert_eq!(with_table("# octroi\n", "new\n"), None);
    }
}
