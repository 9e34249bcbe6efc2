//! The table at the end, and its last line.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use super::tally::Tally;

/// How a leg ended.
pub(super) struct Outcome {
    /// Its name.
    pub(super) leg: &'static str,
    /// The least number of cases that it must have.
    pub(super) floor: usize,
    /// How long it took.
    pub(super) time: Duration,
    /// What it counted, or why it could not run.
    pub(super) tally: Result<Tally>,
}

impl Outcome {
    fn passed(&self) -> usize {
        self.tally.as_ref().map_or(0, |tally| tally.passed)
    }

    fn cases(&self) -> usize {
        self.tally.as_ref().map_or(0, Tally::cases)
    }

    /// Failures: those of its cases, and at least one if the leg failed as a whole.
    fn failed(&self) -> usize {
        match &self.tally {
            Err(_) => 1,
            Ok(tally) => tally.failed.max(usize::from(tally.cases() < self.floor)),
        }
    }

    fn result(&self) -> String {
        match &self.tally {
            Err(error) => format!("COULD NOT RUN: {error}"),
            Ok(tally) if tally.failed > 0 => {
                format!("FAILED: {} of {} cases", tally.failed, tally.cases())
            }
            Ok(tally) if tally.cases() < self.floor => {
                format!(
                    "FAILED: fewer cases than the floor ({} < {})",
                    tally.cases(),
                    self.floor
                )
            }
            Ok(_) => "ok".to_owned(),
        }
    }
}

/// How all legs ended.
#[derive(Default)]
pub(super) struct Report {
    outcomes: Vec<Outcome>,
}

impl Report {
    /// Adds a leg.
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    /// Whether nothing failed.
    pub(super) fn passed(&self) -> bool {
        self.failed() == 0
    }

    fn failed(&self) -> usize {
        self.outcomes.iter().map(Outcome::failed).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12}{:>8}{:>8}{:>9}  result",
            "leg", "cases", "floor", "time"
        )?;
        for outcome in &self.outcomes {
            writeln!(
                f,
                "{:<12}{:>8}{:>8}{:>7.1} s  {}",
                outcome.leg,
                outcome.cases(),
                outcome.floor,
                outcome.time.as_secs_f64(),
                outcome.result()
            )?;
        }
        writeln!(f)?;
        for outcome in &self.outcomes {
            for count in outcome.tally.iter().flat_map(|tally| &tally.counts) {
                writeln!(f, "{}: {count}", outcome.leg)?;
            }
            for name in outcome.tally.iter().flat_map(|tally| &tally.failures) {
                writeln!(f, "FAILED {}: {name}", outcome.leg)?;
            }
        }
        let passed: usize = self.outcomes.iter().map(|outcome| outcome.passed()).sum();
        writeln!(f, "{passed} passed, {} failed", self.failed())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn report(floor: usize, tally: Result<Tally>) -> (bool, String) {
        let mut report = Report::default();
        report.add(Outcome {
            leg: "rust",
            floor,
            time: Duration::from_millis(1540),
            tally,
        });
        (report.passed(), report.to_string())
    }

    fn tally(passed: usize, failures: &[&str]) -> Result<Tally> {
        let failures: Vec<_> = failures.iter().map(|&name| name.to_owned()).collect();
        Ok(Tally {
            passed,
            failed: failures.len(),
            failures,
            counts: Vec::new(),
        })
    }

    #[test]
    fn all_is_well() {
        let (passed, text) = report(3, tally(4, &[]));
        assert!(passed);
        assert_eq!(
            text,
            "leg            cases   floor     time  result\n\
             rust               4       3    1.5 s  ok\n\
             \n4 passed, 0 failed\n"
        );
    }

    #[test]
    fn cases_that_fail_are_named() {
        let (passed, text) = report(3, tally(4, &["a_holiday", "a_weekend"]));
        assert!(!passed);
        assert!(text.contains("FAILED: 2 of 6 cases"));
        assert!(
            text.ends_with(
                "\nFAILED rust: a_holiday\nFAILED rust: a_weekend\n4 passed, 2 failed\n"
            )
        );
    }

    #[test]
    fn too_few_cases_are_a_failure() {
        let (passed, text) = report(5, tally(4, &[]));
        assert!(!passed);
        assert!(text.contains("FAILED: fewer cases than the floor (4 < 5)"));
        assert!(text.ends_with("\n4 passed, 1 failed\n"));
    }

    #[test]
    fn a_leg_that_could_not_run_is_a_failure() {
        let (passed, text) = report(0, Err(anyhow!("`javac` is missing")));
        assert!(!passed);
        assert!(text.contains("COULD NOT RUN: `javac` is missing"));
        assert!(text.ends_with("\n0 passed, 1 failed\n"));
    }
}
