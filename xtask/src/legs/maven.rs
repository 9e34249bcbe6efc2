//! Maven's tests, counted.

use anyhow::Result;

use super::tally::Tally;
use crate::artifacts::MAVEN;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// Runs Maven where the Kotlin stands, with what `asked` adds, and counts its tests as `what`.
pub(super) fn run(
    workspace: &Workspace,
    tally: &mut Tally,
    what: &str,
    asked: impl FnOnce(Tool) -> Tool,
) -> Result<()> {
    let maven = workspace.maven().args(["--file", MAVEN]);
    let mut cases = 0;
    let failed = tally.failed;
    let status = asked(maven).watch(|line| {
        if let Some((passed, failed)) = summary(line) {
            cases += passed + failed;
            tally.passed += passed;
            tally.failed += failed;
        }
        tally.failures.extend(failure(line).map(str::to_owned));
    })?;
    tally.counts.push(format!("{cases} {what}"));
    if !status.success() && tally.failed == failed {
        tally.failed += 1; // what does not compile has no summary
    }
    Ok(())
}

/// The counts of a module's line like `[INFO] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0`.
fn summary(line: &str) -> Option<(usize, usize)> {
    let (_, counts) = line.split_once("] Tests run: ")?;
    let mut counts = counts.split(", ").map(|part| {
        let number = part.rsplit(' ').next().unwrap_or_default();
        number.parse::<usize>().ok()
    });
    let mut next = || counts.next().flatten();
    let (run, failures, errors, skipped) = (next()?, next()?, next()?, next()?);
    // A class has its line too, with the time that it took.
    if counts.next().is_some() {
        return None;
    }
    let failed = failures + errors;
    Some((run.saturating_sub(failed + skipped), failed))
}

/// The class in a line like `[ERROR] Tests run: 4, …, Time elapsed: 1 s <<< FAILURE! -- in be.octroi.VectorsTest`.
fn failure(line: &str) -> Option<&str> {
    let (_, class) = line.split_once("<<< FAILURE! -- in ")?;
    Some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_counted_once() {
        let class = "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.5 s <<< FAILURE! -- in be.octroi.VectorsTest";
        assert_eq!(
            (summary(class), failure(class)),
            (None, Some("be.octroi.VectorsTest"))
        );
        let module = "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1";
        assert_eq!((summary(module), failure(module)), (Some((1, 2)), None));
    }
}
