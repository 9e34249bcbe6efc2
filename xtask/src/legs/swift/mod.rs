//! The Swift package, with the real native library: every vector through the typed API, the gate on a phone that tests make up, and the
//! guard in front of real servers, with a thread sanitizer looking on where there is one. And the sample app, as far as it is not SwiftUI.

mod project;

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::apple;
use crate::native;
use crate::swift::Swift;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// The packages, by their folders, and where they are built.
const PACKAGES: [(&str, &str); 2] = [(".", "octroi"), ("ios-sample", "ios-sample")];

/// The tests in which many threads are at work: they run once more, watched.
const THREADS: &str = "KeepingTrueTests|GuardedSessionTests|RefreshTests";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let swift = Swift::provide(workspace)?;
    if cfg!(target_os = "macos") {
        apple::assemble(workspace)?;
    }
    let library = native::OCTROI.build(workspace)?;
    let folder = library.parent().map(Path::to_owned);
    let folder = folder.context("the library lies in no folder")?;
    let mut tally = Tally::default();
    tally.faults(
        "Xcode's project hangs together",
        &project::faults(workspace)?,
    );
    tally.case("Swift is formatted", format(workspace, &swift));
    let mut tests = Tests {
        tally,
        ..Tests::default()
    };
    for (package, name) in PACKAGES {
        let before = tests.tally.failed;
        let tool = with_framework(swift.test(workspace, package, &folder, name)?);
        let status = tool.watch(|line| tests.hear(line))?;
        if !status.success() && tests.tally.failed == before {
            tests.tally.failed += 1; // what does not compile has no summary
            tests
                .tally
                .failures
                .push(format!("{package} does not build"));
        }
    }
    let mut tally = tests.tally;
    tally.counts.push(format!("{} Swift tests", tally.cases()));
    if swift.sees_races(workspace)? {
        let watched = swift.test(workspace, ".", &folder, "octroi-threads")?;
        let watched = watched.args(["--sanitize=thread", "--filter", THREADS]);
        tally.case("no threads race", with_framework(watched).run());
    } else {
        let unwatched = "the thread sanitizer does not work here";
        tally.counts.push(unwatched.to_owned());
    }
    Ok(tally)
}

/// On Apple's systems the package takes the library from there.
fn with_framework(tool: Tool) -> Tool {
    if cfg!(target_os = "macos") {
        tool.env("OCTROI_XCFRAMEWORK", apple::FRAMEWORK)
    } else {
        tool
    }
}

/// What people wrote is formatted as `.swift-format` says.
fn format(workspace: &Workspace, swift: &Swift) -> Result<()> {
    let lint = ["format", "lint", "--strict", "--recursive"];
    let tool = swift.tool(workspace, "swift")?.args(lint);
    tool.args(["Package.swift", "bindings/swift", "ios-sample"])
        .run()
}

/// What the lines of Swift Testing say.
#[derive(Default)]
struct Tests {
    tally: Tally,
    /// How many cases a test has that is still under way, if it takes arguments.
    cases: HashMap<String, usize>,
}

impl Tests {
    fn hear(&mut self, line: &str) {
        if line.starts_with("◇ Passing ") {
            if let Some((_, test)) = line.rsplit_once(" to ") {
                *self.cases.entry(test.to_owned()).or_default() += 1;
            }
        } else if let Some((test, _)) = ended(line, "✔ Test ", " passed after ") {
            self.tally.passed += self.cases.remove(test).unwrap_or(1);
        } else if let Some((test, issues)) = ended(line, "✘ Test ", " failed after ") {
            let cases = self.cases.remove(test).unwrap_or(1);
            let failed = cases.min(issues.unwrap_or(1));
            self.tally.failed += failed;
            self.tally.passed += cases - failed;
            self.tally.failures.push(test.to_owned());
        }
    }
}

/// The test that a line says the end of, and its issues: `✘ Test works() failed after 0.1 seconds with 2 issues.`
fn ended<'a>(line: &'a str, before: &str, behind: &str) -> Option<(&'a str, Option<usize>)> {
    let (test, rest) = line.strip_prefix(before)?.split_once(behind)?;
    // The whole run has its line too.
    if test.starts_with("run with ") {
        return None;
    }
    let issues = rest.split_once(" with ").and_then(|(_, issues)| {
        let number = issues.split(' ').next();
        number.and_then(|number| number.parse().ok())
    });
    Some((test, issues))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &[&str]) -> Tally {
        let mut tests = Tests::default();
        lines.iter().for_each(|line| tests.hear(line));
        tests.tally
    }

    #[test]
    fn a_test_counts_as_its_cases() {
        let tally = heard(&[
            "◇ Test \"comes out\" started.",
            "◇ Passing 1 argument vector → a to b to \"comes out\"",
            "◇ Passing 1 argument vector → c to \"comes out\"",
            "✔ Test \"comes out\" passed after 2.5 seconds.",
            "✔ Test alone() passed after 0.1 seconds.",
            "✔ Suite All passed after 2.6 seconds.",
            "✔ Test run with 2 tests passed after 2.6 seconds.",
        ]);
        assert_eq!((tally.passed, tally.failed), (3, 0));
    }

    #[test]
    fn a_failure_is_named() {
        let tally = heard(&[
            "◇ Passing 1 argument vector → a to each",
            "◇ Passing 1 argument vector → b to each",
            "✘ Test each recorded an issue with 1 argument vector → b at A.swift:1:1: no",
            "✘ Test each failed after 0.1 seconds with 1 issue.",
            "✘ Test run with 1 test failed after 0.1 seconds with 1 issue.",
        ]);
        assert_eq!((tally.passed, tally.failed), (1, 1));
        assert_eq!(tally.failures, ["each"]);
    }
}
