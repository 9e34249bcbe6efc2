//! From the start of a process to its first verdict.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::clock;

const RECORD: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../policies/examples/service-phone.json"
);
const ROUNDS: usize = 301;

/// How long they take, in milliseconds.
pub(crate) struct Start {
    /// `octroi check` of one phone.
    pub(crate) check: f64,
    /// `octroi --version`, which is a process and nothing else.
    pub(crate) version: f64,
}

/// Measures both, in turns.
pub(crate) fn measure(octroi: &Path) -> Result<Start> {
    let check: &[&str] = &["check", RECORD, "--at", "2023-03-28T10:00:00+02:00"];
    let mut subjects = [check, &["--version"]];
    let medians = clock::in_turns(ROUNDS, &mut subjects, |arguments| {
        let mut command = Command::new(octroi);
        command.args(*arguments).stdout(Stdio::null());
        let taken = clock::time(|| {
            let status = command.status().context("cannot start octroi")?;
            if !status.success() {
                bail!("octroi failed on {arguments:?} ({status})");
            }
            Ok(())
        })?;
        Ok(taken.as_secs_f64() * 1e3)
    })?;
    match medians.as_slice() {
        &[check, version] => Ok(Start { check, version }),
        _ => bail!("not two times"),
    }
}
