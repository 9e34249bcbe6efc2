//! Counting cases.

use anyhow::{Result, anyhow};

/// How many cases passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Cases that passed.
    pub(crate) passed: usize,
    /// Cases that failed.
    pub(crate) failed: usize,
    /// The names of those that failed, as far as they have one.
    pub(crate) failures: Vec<String>,
    /// What cases counted by themselves: a test that walks through a space says how large it is.
    pub(crate) counts: Vec<String>,
}

impl Tally {
    /// Counts one case, and says why it failed if it did.
    pub(crate) fn case(&mut self, name: &str, result: Result<()>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(error) => {
                println!("FAILED {name}: {error:#}");
                self.failed += 1;
                self.failures.push(name.to_owned());
            }
        }
    }

    /// Counts one case that passes if nothing was found.
    pub(crate) fn faults(&mut self, name: &str, faults: &[String]) {
        let found = if faults.is_empty() {
            Ok(())
        } else {
            Err(anyhow!("\n  {}", faults.join("\n  ")))
        };
        self.case(name, found);
    }

    /// All cases.
    pub(crate) fn cases(&self) -> usize {
        self.passed + self.failed
    }
}
