//! Where the project lies, and the tools that run in it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::tool::Tool;

/// The workspace that this command belongs to.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace of the `cargo` that started us.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .context("started without cargo: run `cargo xtask …`")?;
        let root = manifest.parent().context("xtask lies in no workspace")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The folder of build results that everything shares, but builds that would disturb the others.
    pub(crate) fn target(&self) -> PathBuf {
        let common = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        self.path(common)
    }

    /// A program that will run at the root.
    pub(crate) fn tool(&self, program: &str) -> Tool {
        Tool::new(program, &self.root)
    }

    /// Maven. Cargo has added the folders of its builds to those in which libraries are found; what a jar holds is what counts.
    pub(crate) fn maven(&self) -> Tool {
        self.tool("mvn").env("LD_LIBRARY_PATH", "").args([
            "--batch-mode",
            "--no-transfer-progress",
            "-Dstyle.color=never",
        ])
    }

    /// Cargo, of the toolchain that started us.
    pub(crate) fn cargo(&self) -> Tool {
        self.tool("cargo")
    }
}
