//! Rust is laid out as rustfmt lays it out.

use anyhow::Result;

use super::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    tally.case(
        "rustfmt (mend it with `cargo fmt`)",
        workspace.cargo().args(["fmt", "--all", "--check"]).run(),
    );
    Ok(tally)
}
