//! Stand-ins for Android's own libraries, with which a computer with Linux runs the native library for x86-64.

use std::ffi::{OsStr, OsString};

use anyhow::Result;

use super::abi::X86_64;
use super::imports::Imports;
use super::library;
use crate::files;
use crate::workspace::Workspace;

/// The one that is not empty: what is in none of them, glibc has.
const LIBC: &str = "libc.so";
const SOURCE: &str = "bindings/android/libc.c";

/// Builds them, and returns them as `LD_PRELOAD` wants them: what one of them has goes before what glibc has.
pub(crate) fn libraries(workspace: &Workspace) -> Result<OsString> {
    let folder = library::folder(workspace).join("bionic");
    files::create_folder(&folder)?;
    let mut libraries = Vec::new();
    for name in Imports::read(workspace)?.libraries(&X86_64).into_keys() {
        let library = folder.join(name);
        let source = if name == LIBC { SOURCE } else { "/dev/null" };
        let cc = workspace.tool("cc").args(["-shared", "-fPIC", "-O1"]);
        let cc = cc.args([&format!("-Wl,-soname,{name}"), "-x", "c", source]);
        cc.args([OsStr::new("-o"), library.as_os_str()]).run()?;
        libraries.push(library.into_os_string());
    }
    Ok(libraries.join(OsStr::new(":")))
}
