//! `cargo xtask audit`: cargo-deny itself, for those who can reach the advisory database.

use anyhow::{Result, bail};

use crate::workspace::Workspace;

/// Advisories, and with the real tool what the `deny` leg checks with its own means.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if workspace
        .cargo()
        .args(["deny", "--version"])
        .read()
        .is_err()
    {
        bail!("cargo-deny is missing: cargo install cargo-deny --version '^0.20' --locked");
    }
    workspace
        .cargo()
        .args(["deny", "check", "advisories", "licenses", "bans", "sources"])
        .run()
}
