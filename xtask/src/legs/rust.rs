//! Every Rust test there is, those in the documentation included.

use anyhow::Result;

use super::tally::Tally;
use crate::workspace::Workspace;

/// How a test begins the line in which it says how much it went through.
const COUNTED: &str = "counted: ";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    test(workspace, &["--workspace"], &mut tally)?;
    // What only another build of the command does.
    let parquet = [
        "--package",
        "octroi",
        "--features",
        "parquet",
        "--test",
        "fleet",
    ];
    test(workspace, &parquet, &mut tally)?;
    Ok(tally)
}

fn test(workspace: &Workspace, which: &[&str], tally: &mut Tally) -> Result<()> {
    let failed = tally.failed;
    let test = ["test", "--locked", "--no-fail-fast"];
    let cargo = workspace.cargo().args(test).args(which);
    let cargo = cargo.args(["--", "--show-output"]);
    let status = cargo.watch(|line| {
        if let Some((passed, failed)) = summary(line) {
            tally.passed += passed;
            tally.failed += failed;
        }
        tally.failures.extend(failure(line).map(str::to_owned));
        tally
            .counts
            .extend(line.strip_prefix(COUNTED).map(str::to_owned));
    })?;
    if !status.success() && tally.failed == failed {
        tally.failed += 1; // what does not compile has no summary
    }
    Ok(())
}

/// The counts of a line like `test result: ok. 4 passed; 0 failed; 0 ignored; …`.
fn summary(line: &str) -> Option<(usize, usize)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |what: &str| {
        let mut parts = counts.split("; ");
        parts.find_map(|part| part.strip_suffix(what)?.trim().parse().ok())
    };
    Some((count("passed")?, count("failed")?))
}

/// The name in a line like `test calendar::a_holiday ... FAILED`.
fn failure(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_read() {
        let ok = "test result: ok. 14 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(summary(ok), Some((14, 0)));
        let failed =
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(summary(failed), Some((3, 2)));
    }

    #[test]
    fn failures_are_named() {
        assert_eq!(
            failure("test calendar::a_holiday ... FAILED"),
            Some("calendar::a_holiday")
        );
        let documentation = "test core/src/lib.rs - assess (line 12) ... FAILED";
        assert_eq!(
            failure(documentation),
            Some("core/src/lib.rs - assess (line 12)")
        );
    }

    #[test]
    fn other_lines_say_nothing() {
        for line in [
            "test a_test ... ok",
            "running 4 tests",
            "test result: ok.",
            "",
        ] {
            assert_eq!(summary(line), None, "{line}");
            assert_eq!(failure(line), None, "{line}");
        }
    }
}
