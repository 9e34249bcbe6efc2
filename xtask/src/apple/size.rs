//! How many bytes an app for the iPhone grows by: the library as the app's build links it, with what Swift calls and nothing else.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::framework::Framework;
use super::slice::{SLICES, Slice};
use crate::files;
use crate::size::Ledger;
use crate::swift::Swift;
use crate::workspace::Workspace;

/// The recorded size.
pub(super) const SIZES: Ledger = Ledger {
    path: "bindings/apple/size.toml",
    what: "the library as an app links it, by kind of machine",
    command: "apple",
};

const HEADER: &str = "bindings/api/swift/OctroiFFI.h";
const CALLER: &str = "bindings/api/swift/Octroi.swift";

/// The kind of machine that it is measured for.
pub(super) fn slice() -> &'static Slice {
    let [iphone, _] = &SLICES;
    iphone
}

impl Framework {
    /// Links a library of what Swift calls, without the rest and without names for debuggers.
    pub(crate) fn linked_size(&self, workspace: &Workspace, swift: &Swift) -> Result<u64> {
        let folder = workspace.target().join("apple");
        files::create_folder(&folder)?;
        let calls = folder.join("calls.txt");
        let functions = called(
            &files::read(&workspace.path(HEADER))?,
            &files::read(&workspace.path(CALLER))?,
        );
        ensure!(!functions.is_empty(), "`{CALLER}` calls nothing");
        files::write(&calls, functions.join("\n"))?;
        let linked = folder.join("octroi.dylib");
        let lld = swift.tool(workspace, "ld64.lld")?.args(["-arch", "arm64"]);
        let lld = lld.args(["-platform_version", "ios", "15.0", "15.0", "-dylib"]);
        let lld = lld.args(["-dead_strip", "-x", "-S", "-undefined", "dynamic_lookup"]);
        let lld = lld
            .args(["-all_load", "-exported_symbols_list"])
            .args([&calls]);
        let lld = lld.args([&self.library(slice())]).args(["-o"]);
        lld.args([&linked]).run()?;
        let linked = fs::metadata(&linked).context("nothing was linked")?;
        Ok(linked.len())
    }
}

/// What is recorded.
pub(crate) fn recorded(workspace: &Workspace) -> Result<u64> {
    SIZES.recorded(workspace, slice().identifier)
}

/// Refuses what grew.
pub(crate) fn compare(workspace: &Workspace, bytes: u64) -> Result<()> {
    SIZES.compare(workspace, slice().identifier, bytes)
}

/// The functions of the header that Swift calls, as the linker names them.
fn called(header: &str, caller: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = header.split(|letter| !is_part(letter));
    let functions = words.filter(|word| word.contains("ffi_octroi_ffi_"));
    let used: Vec<_> = caller.split(|letter| !is_part(letter)).collect();
    let mut called: Vec<_> = functions
        .filter(|function| used.contains(function))
        .map(|function| format!("_{function}"))
        .collect();
    called.sort();
    called.dedup();
    called
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_called_counts() {
        let header = "void ffi_octroi_ffi_free(RustBuffer b);\nint uniffi_octroi_ffi_fn_check(int a);\nint ffi_octroi_ffi_poll(void);";
        let caller = "try! ffi_octroi_ffi_free(self, $0)\nuniffi_octroi_ffi_fn_check(1)";
        assert_eq!(
            called(header, caller),
            ["_ffi_octroi_ffi_free", "_uniffi_octroi_ffi_fn_check"]
        );
    }
}
