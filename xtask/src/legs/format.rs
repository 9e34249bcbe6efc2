//! Rust is laid out as rustfmt lays it out.

use anyhow::Result;

use super::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let fmt = ["fmt", "--all", "--check"];
    tally.case("cargo fmt", workspace.cargo().args(fmt).run());
    let apart = [
        ("the fuzz targets", "tests/fuzz/Cargo.toml"),
        ("the bench", "tests/bench/Cargo.toml"),
    ];
    for (what, manifest) in apart {
        let fmt = ["fmt", "--check", "--manifest-path", manifest];
        tally.case(
            &format!("cargo fmt on {what}"),
            workspace.cargo().args(fmt).run(),
        );
    }
    Ok(tally)
}
