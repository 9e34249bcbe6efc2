//! The native library: Rust makes an archive of it, and a linker a shared library of the archive.
//!
//! Rust could do both, but it would export UniFFI's descriptions of the interface too, for which only its generator has
//! a use.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::abi::Abi;
use super::toolchain::Linker;
use crate::elf::FILE;
use crate::files;
use crate::native::{Archive, OCTROI, StandardLibrary};
use crate::workspace::Workspace;

const PROFILE: &str = "mobile";

/// A piece of code that occurs twice becomes a function only if that is worth its entries in the unwinding tables, of which LLVM
/// does not know: 33 bytes.
const COMPILER_OPTIONS: [&str; 1] = ["-Cllvm-args=-outliner-benefit-threshold=33"];

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
    let archive = Archive {
        interface: &OCTROI,
        target: abi.target,
        profile: PROFILE,
        standard_library: StandardLibrary::Small,
        options: &COMPILER_OPTIONS,
        environment: None,
    };
    let archive = archive.build(workspace)?;
    let library = path(workspace, abi);
    library.parent().map_or(Ok(()), files::create_folder)?;
    let exports = workspace.path(OCTROI.exports);
    let arguments = arguments(abi, &archive, &exports);
    linker.link(workspace, abi, &arguments, &library)?;
    Ok(library)
}

/// Where it is, once it was built.
pub(super) fn path(workspace: &Workspace, abi: &Abi) -> PathBuf {
    folder(workspace).join("jni").join(abi.name).join(FILE)
}

/// Where everything for Android is built.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("android")
}

/// The whole archive, since nothing asks for parts of it; what is not exported nor used by what is, the linker drops.
fn arguments(abi: &Abi, archive: &Path, exports: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = OPTIONS.map(str::to_owned).into();
    arguments.push(format!("--pack-dyn-relocs={}", abi.relocations));
    arguments.extend([
        format!("--version-script={}", exports.display()),
        "--whole-archive".to_owned(),
        archive.display().to_string(),
        "--no-whole-archive".to_owned(),
    ]);
    arguments.extend(LIBRARIES.map(str::to_owned));
    arguments
}
