//! What is generated is what its sources say.

use anyhow::{Result, anyhow};

use super::tally::Tally;
use crate::generate;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let comparison = generate::compare(workspace)?;
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
