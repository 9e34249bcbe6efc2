//! Clippy and rustdoc have nothing to say.

use anyhow::Result;

use super::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let clippy = [
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--features",
        "octroi/publish,octroi/parquet",
        "--",
        "--deny",
        "warnings",
    ];
    tally.case("clippy", workspace.cargo().args(clippy).run());
    let fuzz = [
        "clippy",
        "--manifest-path",
        "tests/fuzz/Cargo.toml",
        "--no-default-features",
        "--",
        "--deny",
        "warnings",
    ];
    let fuzz = workspace
        .cargo()
        .env("CARGO_TARGET_DIR", workspace.target())
        .args(fuzz);
    tally.case("clippy on the fuzz targets", fuzz.run());
    let rustdoc = workspace.cargo().env("RUSTDOCFLAGS", "--deny warnings");
    tally.case(
        "rustdoc",
        rustdoc
            .args(["doc", "--locked", "--workspace", "--no-deps"])
            .run(),
    );
    Ok(tally)
}
