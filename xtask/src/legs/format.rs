//! Rust is laid out as rustfmt lays it out.

use anyhow::Result;

use super::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let fmt = ["fmt", "--all", "--check"];
    tally.case("cargo fmt", workspace.cargo().args(fmt).run());
    let fuzz = ["fmt", "--check", "--manifest-path", "tests/fuzz/Cargo.toml"];
    tally.case(
        "cargo fmt on the fuzz targets",
        workspace.cargo().args(fuzz).run(),
    );
    Ok(tally)
}
