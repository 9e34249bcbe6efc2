//! Instructions, as callgrind counts them: the same on a busy machine as on an idle one.
//!
//! Plain callgrind and not gungraun, which is made of it: its macros want a runner of the very same version installed, and
//! what is left here is one command and one line to read.

use std::env;
use std::hint::black_box;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::case::{Case, Run, prepared};
use crate::workload::Workload;

/// The first argument of the run inside callgrind.
pub(crate) const COUNTED: &str = "counted";

/// Hash tables are seeded anew in each run, and grow at times: the mean of so many.
const TIMES: u32 = 100;

/// The instructions of one run.
pub(crate) fn instructions(case: &Case) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(concat!(
            "--toggle-collect=",
            env!("CARGO_CRATE_NAME"),
            "::count::repeat*"
        ))
        .arg(env::current_exe().context("cannot find this program")?)
        .args([COUNTED, case.name])
        .output()
        .context("cannot start `valgrind`")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("`{}` failed inside valgrind: {said}", case.name);
    }
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, collected) = collected.with_context(|| format!("callgrind counted nothing: {said}"))?;
    match collected.trim().parse::<u64>()? / u64::from(TIMES) {
        0 => bail!("callgrind did not see `{}` run", case.name),
        instructions => Ok(instructions),
    }
}

/// What runs inside callgrind.
pub(crate) fn counted(name: &str) -> Result<()> {
    let workload = Workload::new()?;
    let mut run = prepared(&workload, name)?;
    // What is made at first use is no part of it.
    run()?;
    repeat(&mut run, TIMES)
}

/// Runs it again and again. Callgrind knows it by its name, and counts in it only.
#[inline(never)]
pub(crate) fn repeat(run: &mut Run, times: u32) -> Result<()> {
    for _ in 0..times {
        black_box(run()?);
    }
    Ok(())
}
