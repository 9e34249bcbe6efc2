//! The gate on the JVM, as a server or an app's tests have it.

use std::collections::HashMap;

use anyhow::{Context, Result};

use crate::artifacts::Repository;
use crate::debian::{self, JAVAC, MAVEN, PIP, Program};
use crate::jvm;
use crate::workspace::Workspace;

const PROJECT: &str = "tests/bench/jvm";

/// `pip3` brings the compiler that links the native library.
const PROGRAMS: [Program; 3] = [JAVAC, MAVEN, PIP];

/// What goes into the table, by the bench's names and by the program's.
const TOLD: [(&str, &str); 3] = [
    ("check", "check(), 8 observations, state unchanged"),
    ("first", "open to first verdict, without a state"),
    ("again", "open to first verdict, with a state"),
];

/// Measures it and prints the medians.
pub(crate) fn tell(workspace: &Workspace) -> Result<()> {
    debian::provide(workspace, &PROGRAMS)?;
    measure(workspace).map(drop)
}

/// The first program without which it cannot be measured.
pub(super) fn missing() -> Option<&'static str> {
    let mut names = PROGRAMS.iter().map(|program| program.name);
    names.find(|name| !debian::is_on_path(name))
}

/// Builds what is published, and measures that.
pub(super) fn measure(workspace: &Workspace) -> Result<Medians> {
    let repository = Repository::write(workspace, &jvm::artifacts(workspace)?)?;
    Ok(Medians::read(&repository.build(workspace, PROJECT)?))
}

/// Microseconds, by what took them.
pub(super) struct Medians(HashMap<String, f64>);

impl Medians {
    /// From lines like `     [java] bench: current(): 12.3 µs`.
    fn read(output: &str) -> Self {
        let lines = output.lines().filter_map(|line| {
            let (_, told) = line.split_once("bench: ")?;
            let (what, time) = told.rsplit_once(": ")?;
            let (microseconds, _) = time.split_once(' ')?;
            Some((what.to_owned(), microseconds.parse().ok()?))
        });
        Self(lines.collect())
    }

    /// As the bench takes them.
    pub(super) fn arguments(&self) -> Result<Vec<String>> {
        let told = TOLD.iter().map(|(name, what)| {
            let median = self.0.get(*what);
            let median = median.with_context(|| format!("`{PROJECT}` did not tell: {what}"))?;
            Ok(format!("{name}={median}"))
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_gets_what_the_program_told() {
        let output = "[INFO] Executing tasks\n     [java] bench: check(), 8 observations, state unchanged: 122.6 \u{b5}s\n\
                      bench: current(): 1.5 ?s\nbench: open to first verdict, without a state: 6300.0 \u{b5}s\n\
                      bench: open to first verdict, with a state: 400.0 \u{b5}s\n[INFO] BUILD SUCCESS";
        let arguments = Medians::read(output).arguments().unwrap();
        assert_eq!(arguments, ["check=122.6", "first=6300", "again=400"]);
    }

    #[test]
    fn a_median_that_was_not_told_is_named() {
        let error = Medians::read("bench: current(): 1.5 µs").arguments();
        assert!(error.unwrap_err().to_string().contains("check(), 8"));
    }
}
