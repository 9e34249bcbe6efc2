//! How many bytes the libraries have: `bindings/android/size.toml`, so that growth is seen, and meant.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use super::abi::Abi;
use crate::files;
use crate::workspace::Workspace;

const PATH: &str = "bindings/android/size.toml";

const HEAD: &str = "# Bytes of `liboctroi_ffi.so`, by kind of processor. Growth beyond 2 % fails `cargo xtask test android`; if it is
# meant, `cargo xtask android --write` puts the new numbers here.
";

/// What may come by accident, in per cent.
const TOLERATED: u64 = 2;

/// The recorded sizes.
#[derive(Default)]
pub(crate) struct Sizes(BTreeMap<String, u64>);

impl Sizes {
    /// Reads them.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let source = files::read(&workspace.path(PATH))?;
        let sizes = toml::from_str(&source);
        Ok(Self(
            sizes.with_context(|| format!("`{PATH}` holds no sizes"))?,
        ))
    }

    /// Notes one.
    pub(crate) fn record(&mut self, abi: &Abi, bytes: u64) {
        self.0.insert(abi.name.to_owned(), bytes);
    }

    /// Writes them.
    pub(crate) fn write(&self, workspace: &Workspace) -> Result<()> {
        let table = toml::to_string(&self.0).context("cannot write sizes")?;
        files::write(&workspace.path(PATH), format!("{HEAD}{table}"))
    }

    /// Refuses what grew.
    pub(crate) fn compare(&self, abi: &Abi, bytes: u64) -> Result<()> {
        let recorded = self.0.get(abi.name).copied();
        let recorded = recorded.with_context(|| format!("`{PATH}` does not know {}", abi.name))?;
        ensure!(
            bytes * 100 <= recorded * (100 + TOLERATED),
            "{} grew from {recorded} to {bytes} bytes; if that is meant: cargo xtask android --write",
            abi.name
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::android::abi;

    #[test]
    fn growth_must_be_meant() {
        let mut sizes = Sizes::default();
        sizes.record(&abi::ARM64, 1000);
        assert!(sizes.compare(&abi::ARM64, 900).is_ok());
        assert!(sizes.compare(&abi::ARM64, 1020).is_ok());
        assert!(sizes.compare(&abi::ARM64, 1021).is_err());
        assert!(sizes.compare(&abi::ARM, 1).is_err());
    }
}
