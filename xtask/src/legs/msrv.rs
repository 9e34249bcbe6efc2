//! The crates that can be published, and the command, compile with the oldest Rust that they promise (`rust-version`).

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::tally::Tally;
use crate::rustup::Toolchain;
use crate::workspace::Workspace;

const PROMISING: [&str; 5] = [
    "octroi-core",
    "octroi-evidence",
    "octroi-exports",
    "octroi-report",
    "octroi",
];

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let toolchain = Toolchain::new(&promised(workspace)?);
    toolchain.provide(workspace)?;
    let target = workspace.target().join("msrv");
    let mut tally = Tally::default();
    for package in PROMISING {
        let check = toolchain
            .cargo(workspace)
            .args(["check", "--locked", "--package", package]);
        tally.case(package, check.env("CARGO_TARGET_DIR", &target).run());
    }
    Ok(tally)
}

#[derive(Deserialize)]
struct Manifest {
    workspace: WorkspaceTable,
}

#[derive(Deserialize)]
struct WorkspaceTable {
    package: PackageTable,
}

#[derive(Deserialize)]
struct PackageTable {
    #[serde(rename = "rust-version")]
    rust_version: String,
}

/// The workspace's `rust-version`.
fn promised(workspace: &Workspace) -> Result<String> {
    let source =
        fs::read_to_string(workspace.path("Cargo.toml")).context("cannot read `Cargo.toml`")?;
    let manifest: Manifest =
        toml::from_str(&source).context("`Cargo.toml` names no `rust-version`")?;
    Ok(manifest.workspace.package.rust_version)
}
