//! Toolchains other than the project's own, and additions to that one.

use anyhow::{Context, Result};

use crate::tool::Tool;
use crate::workspace::Workspace;

const WHERE: &str = "toolchains are managed by rustup: install it from https://rustup.rs";

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
            .context(WHERE)?;
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

/// Installs the standard library for another machine than this one; does nothing if it is there.
///
/// rustup must not run twice at a time: it breaks its own folder.
pub(crate) fn provide_target(workspace: &Workspace, target: &str) -> Result<()> {
    add(workspace, "target", target)
}

/// Installs a component; does nothing if it is there.
pub(crate) fn provide_component(workspace: &Workspace, component: &str) -> Result<()> {
    add(workspace, "component", component)
}

fn add(workspace: &Workspace, kind: &str, name: &str) -> Result<()> {
    let rustup = workspace.tool("rustup").args([kind, "list", "--installed"]);
    let installed = rustup.read().context(WHERE)?;
    // A component bears the name of its target behind its own, or not.
    if installed.lines().any(|line| line.starts_with(name)) {
        return Ok(());
    }
    workspace.tool("rustup").args([kind, "add", name]).run()
}
