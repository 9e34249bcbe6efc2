//! Toolchains other than the project's own.

use anyhow::{Context, Result};

use crate::tool::Tool;
use crate::workspace::Workspace;

/// A toolchain by the name that rustup gives it.
pub(crate) struct Toolchain {
    name: String,
}

impl Toolchain {
    /// `nightly`, or a version; rustup takes `1.88` for another toolchain than `1.88.0`, so the short form is completed.
    pub(crate) fn new(name: &str) -> Self {
        let is_short = name.split('.').count() == 2;
        Self {
            name: if is_short {
                format!("{name}.0")
            } else {
                name.to_owned()
            },
        }
    }

    /// Installs it if it is missing.
    pub(crate) fn provide(&self, workspace: &Workspace) -> Result<()> {
        if self.is_installed(workspace)? {
            return Ok(());
        }
        workspace
            .tool("rustup")
            .args([
                "toolchain",
                "install",
                "--profile",
                "minimal",
                "--no-self-update",
                &self.name,
            ])
            .run()
    }

    /// Whether rustup has it.
    pub(crate) fn is_installed(&self, workspace: &Workspace) -> Result<bool> {
        let list = workspace
            .tool("rustup")
            .args(["toolchain", "list"])
            .read()
            .context("toolchains are managed by rustup: install it from https://rustup.rs")?;
        // `1.88.0-x86_64-unknown-linux-gnu`, followed by remarks such as `(default)`
        Ok(list.lines().any(|line| {
            line.strip_prefix(&self.name)
                .is_some_and(|rest| rest.starts_with('-'))
        }))
    }

    /// Its cargo.
    pub(crate) fn cargo(&self, workspace: &Workspace) -> Tool {
        workspace.tool("rustup").args(["run", &self.name, "cargo"])
    }
}
