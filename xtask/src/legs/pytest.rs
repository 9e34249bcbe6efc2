//! The package for Python, from the wheel that people install, in an environment that has nothing else.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use roxmltree::Document;

use super::tally::Tally;
use crate::files;
use crate::python::Environment;
use crate::tool::Tool;
use crate::wheel::{self, X86_64};
use crate::workspace::Workspace;

const FOLDER: &str = "bindings/python";
/// What the package is tested with.
const TESTED_WITH: &str = "bindings/python/tests/requirements.txt";
const SPARK: &str = "bindings/python/tests/requirements-spark.txt";

/// The API and columns.
pub(super) fn python(workspace: &Workspace) -> Result<Tally> {
    let environment = installed(workspace, "octroi", &wheel(workspace)?)?;
    let mut tally = Tally::default();
    let files = ["test_api.py", "test_batch.py", "test_vectors.py"];
    run(workspace, &environment, &files, &mut tally)?;
    Ok(tally)
}

/// A real Spark, and the types, which name Spark's.
pub(super) fn spark(workspace: &Workspace) -> Result<Tally> {
    let environment = with_spark(workspace, "octroi-spark", &wheel(workspace)?)?;
    let mut tally = Tally::default();
    let mypy = tool(workspace, &environment).args(["-m", "mypy", "--package", "octroi"]);
    let mypy = mypy.args(["--config-file", "pyproject.toml"]);
    tally.case("types", mypy.run());
    run(workspace, &environment, &["test_spark.py"], &mut tally)?;
    Ok(tally)
}

fn wheel(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("wheel");
    wheel::build(workspace, X86_64, &folder)
}

/// An environment of this name with a wheel, what it is tested with, and Spark.
pub(crate) fn with_spark(workspace: &Workspace, name: &str, wheel: &Path) -> Result<Environment> {
    let environment = installed(workspace, name, wheel)?;
    // A source archive: what builds it is there already, and pinned.
    let pinned = ["--require-hashes", "--no-deps", "--no-build-isolation"];
    environment.install(
        workspace,
        &[&pinned[..], &["--requirement", SPARK]].concat(),
    )?;
    Ok(environment)
}

fn installed(workspace: &Workspace, name: &str, wheel: &Path) -> Result<Environment> {
    let environment = Environment::new(workspace, name)?;
    let pinned = ["--require-hashes", "--only-binary", ":all:", "--no-deps"];
    environment.install(
        workspace,
        &[&pinned[..], &["--requirement", TESTED_WITH]].concat(),
    )?;
    let wheel = wheel.display().to_string();
    environment.install(workspace, &["--no-deps", &wheel])?;
    Ok(environment)
}

fn run(
    workspace: &Workspace,
    environment: &Environment,
    tests: &[&str],
    tally: &mut Tally,
) -> Result<()> {
    let build = workspace.cargo().args(["build", "--locked"]);
    let build = build.args(["--package", "octroi", "--package", "octroi-tests", "--bins"]);
    build.run()?;
    let programs = workspace.target().join("debug");
    let report = workspace.target().join("python/report.xml");
    let pytest = tool(workspace, environment)
        .env("OCTROI", programs.join("octroi"))
        .env("OCTROI_RANDOM_FLEET", programs.join("random-fleet"))
        .env("PYSPARK_PYTHON", environment.python())
        .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"])
        .args([format!("--junitxml={}", report.display())]);
    let tests = tests.iter().map(|test| Path::new("tests").join(test));
    let failed = pytest.args(tests).run().err();
    count(
        &files::read(&report).context("pytest wrote no report")?,
        tally,
    )?;
    if let Some(error) = failed.filter(|_| tally.failed == 0) {
        return Err(error);
    }
    Ok(())
}

/// Python in the folder of the package, where its settings are.
fn tool(workspace: &Workspace, environment: &Environment) -> Tool {
    let python: PathBuf = environment.python();
    Tool::new(&python.display().to_string(), &workspace.path(FOLDER))
        .env("PYTHONDONTWRITEBYTECODE", "1")
}

/// The cases of a report in the form of JUnit.
fn count(report: &str, tally: &mut Tally) -> Result<()> {
    let report = Document::parse(report).context("the report is no XML")?;
    let cases = report
        .descendants()
        .filter(|node| node.has_tag_name("testcase"));
    for case in cases {
        let has = |name: &str| case.children().any(|child| child.has_tag_name(name));
        if has("failure") || has("error") || has("skipped") {
            tally.failed += 1;
            tally
                .failures
                .extend(case.attribute("name").map(str::to_owned));
        } else {
            tally.passed += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A test that was passed over has shown nothing.
    #[test]
    fn what_failed_or_was_skipped_does_not_pass() {
        let report = r#"<testsuites><testsuite>
            <testcase name="a"/>
            <testcase name="b"><failure/></testcase>
            <testcase name="c"><error/></testcase>
            <testcase name="d"><skipped/></testcase>
        </testsuite></testsuites>"#;
        let mut tally = Tally::default();
        count(report, &mut tally).unwrap();
        assert_eq!((tally.passed, tally.failed), (1, 3));
        assert_eq!(tally.failures, ["b", "c", "d"]);
    }
}
