//! The native library: Rust makes an archive of it, and a linker a shared library of the archive.
//!
//! Rust could do both, but it would export UniFFI's descriptions of the interface too, for which only its generator has
//! a use.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::abi::Abi;
use super::toolchain::Linker;
use crate::files;
use crate::workspace::Workspace;

/// Its file; JNA finds it by this name.
pub(crate) const FILE: &str = "liboctroi_ffi.so";

const PROFILE: &str = "mobile";

/// The standard library, compiled with ours: made for speed, and with all that reads debug information to print where a panic
/// came from, it would be a fifth of what a phone carries. Cargo calls this unstable; our toolchain is pinned.
const STANDARD_LIBRARY: [&str; 2] = [
    "-Zbuild-std=std,panic_unwind",
    "-Zbuild-std-features=optimize_for_size",
];

/// Options of the linker, whoever starts it.
const OPTIONS: [&str; 11] = [
    "-soname=liboctroi_ffi.so",
    "--gc-sections",
    "--icf=all",
    "--as-needed",
    "--no-undefined",
    "--eh-frame-hdr",
    "--hash-style=gnu",
    "--build-id=none",
    "--strip-all",
    "-znow",
    // Since Android 15 some phones have pages of this size.
    "-zmax-page-size=16384",
];

/// What it needs of Android, and the unwinder, which Android does not lend.
const LIBRARIES: [&str; 5] = ["-lunwind", "-ldl", "-llog", "-lm", "-lc"];

/// Builds it for one kind of processor and says where it is.
pub(crate) fn build(workspace: &Workspace, linker: &Linker, abi: &Abi) -> Result<PathBuf> {
    let archive = archive(workspace, abi)?;
    let folder = folder(workspace).join("jni").join(abi.name);
    files::create_folder(&folder)?;
    let library = folder.join(FILE);
    let exports = workspace.path("bindings/android/exports.map");
    linker.link(workspace, abi, &arguments(&archive, &exports), &library)?;
    Ok(library)
}

/// Where everything for Android is built.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("android")
}

fn archive(workspace: &Workspace, abi: &Abi) -> Result<PathBuf> {
    let what = ["rustc", "--locked", "--package", "octroi-ffi", "--lib"];
    let how = ["--crate-type", "staticlib", "--profile", PROFILE];
    let cargo = workspace.cargo().args(what).args(how);
    let cargo = cargo.args(["--target", abi.target]).args(STANDARD_LIBRARY);
    cargo.env("RUSTC_BOOTSTRAP", "1").run()?;
    let folder = workspace.target().join(abi.target).join(PROFILE);
    Ok(folder.join("liboctroi_ffi.a"))
}

/// The whole archive, since nothing asks for parts of it; what is not exported nor used by what is, the linker drops.
fn arguments(archive: &Path, exports: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = OPTIONS.map(str::to_owned).into();
    arguments.extend([
        format!("--version-script={}", exports.display()),
        "--whole-archive".to_owned(),
        archive.display().to_string(),
        "--no-whole-archive".to_owned(),
    ]);
    arguments.extend(LIBRARIES.map(str::to_owned));
    arguments
}
