//! How many bytes libraries have: recorded, so that growth is seen, and meant.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use crate::files;
use crate::workspace::Workspace;

/// What may come by accident, in per cent.
const TOLERATED: u64 = 2;

/// A file of sizes.
pub(crate) struct Ledger {
    /// The file.
    pub(crate) path: &'static str,
    /// What its numbers are.
    pub(crate) what: &'static str,
    /// The command that builds and records.
    pub(crate) command: &'static str,
}

/// Sizes, by what they are the sizes of.
pub(crate) type Sizes = BTreeMap<String, u64>;

impl Ledger {
    /// Records them.
    pub(crate) fn write(&self, workspace: &Workspace, sizes: &Sizes) -> Result<()> {
        let Self {
            path,
            what,
            command,
        } = self;
        let head = format!(
            "# Bytes of {what}. Growth beyond {TOLERATED} % fails `cargo xtask test {command}`; if it is\n\
             # meant, `cargo xtask {command} --write` puts the new numbers here.\n"
        );
        let table = toml::to_string(sizes).context("cannot write sizes")?;
        files::write(&workspace.path(path), format!("{head}{table}"))
    }

    /// What is recorded.
    pub(crate) fn recorded(&self, workspace: &Workspace, name: &str) -> Result<u64> {
        self.find(&self.read(workspace)?, name)
    }

    /// Refuses what grew.
    pub(crate) fn compare(&self, workspace: &Workspace, name: &str, bytes: u64) -> Result<()> {
        self.compare_with(&self.read(workspace)?, name, bytes)
    }

    fn read(&self, workspace: &Workspace) -> Result<Sizes> {
        let source = files::read(&workspace.path(self.path))?;
        toml::from_str(&source).with_context(|| format!("`{}` holds no sizes", self.path))
    }

    fn find(&self, sizes: &Sizes, name: &str) -> Result<u64> {
        let recorded = sizes.get(name).copied();
        recorded.with_context(|| format!("`{}` does not know {name}", self.path))
    }

    fn compare_with(&self, sizes: &Sizes, name: &str, bytes: u64) -> Result<()> {
        let recorded = self.find(sizes, name)?;
        ensure!(
            bytes * 100 <= recorded * (100 + TOLERATED),
            "{name} grew from {recorded} to {bytes} bytes; if that is meant: cargo xtask {} --write",
            self.command
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_must_be_meant() {
        let ledger = Ledger {
            path: "size.toml",
            what: "libraries",
            command: "build",
        };
        let sizes = Sizes::from([("arm".to_owned(), 1000)]);
        assert!(ledger.compare_with(&sizes, "arm", 900).is_ok());
        assert!(ledger.compare_with(&sizes, "arm", 1020).is_ok());
        assert!(ledger.compare_with(&sizes, "arm", 1021).is_err());
        assert!(ledger.compare_with(&sizes, "x86", 1).is_err());
    }
}
