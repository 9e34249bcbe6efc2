//! What is generated is what its sources say.

use anyhow::{Result, anyhow};

use super::tally::Tally;
use crate::generate;
use crate::workspace::Workspace;

/// Everything but the foreign surface.
pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    compared(workspace, generate::GENERATORS)
}

/// What Kotlin and Swift see.
pub(super) fn bindings(workspace: &Workspace) -> Result<Tally> {
    compared(workspace, generate::BINDINGS)
}

fn compared(workspace: &Workspace, generators: &[generate::Generator]) -> Result<Tally> {
    let comparison = generate::compare(workspace, generators)?;
    let mut tally = Tally {
        passed: comparison.fresh,
        ..Tally::default()
    };
    for stale in comparison.stale {
        let fault = anyhow!("{}; run `cargo xtask generate`", stale.fault);
        tally.case(&stale.path.display().to_string(), Err(fault));
    }
    Ok(tally)
}
