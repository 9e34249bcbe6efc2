//! What the libraries may take from Android: `bindings/android/imports.toml`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::abi::Abi;
use crate::files;
use crate::workspace::Workspace;

const PATH: &str = "bindings/android/imports.toml";

/// The names in each of Android's libraries.
type Libraries = BTreeMap<String, BTreeSet<String>>;

/// The names that may be imported.
#[derive(Deserialize)]
pub(crate) struct Imports {
    every: Libraries,
    /// What only one kind of processor needs, by Android's name of it.
    #[serde(flatten)]
    further: BTreeMap<String, Libraries>,
}

impl Imports {
    /// Reads the list.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        Self::parse(&files::read(&workspace.path(PATH))?)
    }

    pub(super) fn parse(source: &str) -> Result<Self> {
        toml::from_str(source).with_context(|| format!("`{PATH}` is not a list of imports"))
    }

    /// Each of Android's libraries, and the names in it.
    pub(super) fn libraries<'a>(&'a self, abi: &Abi) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
        let further = self.further.get(abi.name).into_iter().flatten();
        let mut libraries: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (library, names) in self.every.iter().chain(further) {
            let known = libraries.entry(library).or_default();
            known.extend(names.iter().map(String::as_str));
        }
        libraries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::android::abi;

    #[test]
    fn a_processor_adds_to_what_every_one_needs() {
        let source = r#"
            every = { "libc.so" = ["free"], "libdl.so" = [] }
            armeabi-v7a = { "libc.so" = ["__aeabi_memcpy"] }
        "#;
        let imports = Imports::parse(source).unwrap();
        let names = |abi| imports.libraries(abi)["libc.so"].len();
        assert_eq!((names(&abi::ARM64), names(&abi::ARM)), (1, 2));
        assert!(imports.libraries(&abi::ARM)["libdl.so"].is_empty());
    }
}
