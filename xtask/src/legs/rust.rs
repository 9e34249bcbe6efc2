//! Every Rust test there is, those in the documentation included.

use anyhow::Result;

use super::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let cargo = workspace
        .cargo()
        .args(["test", "--locked", "--workspace", "--no-fail-fast"]);
    let status = cargo.watch(|line| {
        if let Some(summary) = summary(line) {
            tally.passed += summary.passed;
            tally.failed += summary.failed;
        }
    })?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1; // what does not compile has no summary
    }
    Ok(tally)
}

/// The counts of a line like `test result: ok. 4 passed; 0 failed; 0 ignored; …`.
fn summary(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |what: &str| {
        counts
            .split("; ")
            .find_map(|part| part.strip_suffix(what)?.trim().parse().ok())
    };
    Some(Tally {
        passed: count("passed")?,
        failed: count("failed")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_read() {
        let ok = "test result: ok. 14 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(
            summary(ok),
            Some(Tally {
                passed: 14,
                failed: 0
            })
        );
        let failed =
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            summary(failed),
            Some(Tally {
                passed: 3,
                failed: 2
            })
        );
    }

    #[test]
    fn other_lines_are_not() {
        for line in [
            "test a_test ... ok",
            "running 4 tests",
            "test result: ok.",
            "",
        ] {
            assert_eq!(summary(line), None, "{line}");
        }
    }
}
