//! The library that Kotlin and Swift call, built for this machine, or as an archive for others.

use std::env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS};
use std::path::PathBuf;

use anyhow::Result;

use crate::rustup;
use crate::workspace::Workspace;

/// Builds it, like the tests build everything, and says where it is.
pub(crate) fn library(workspace: &Workspace) -> Result<PathBuf> {
    let build = ["build", "--locked", "--package", "octroi-ffi"];
    workspace.cargo().args(build).run()?;
    Ok(workspace.target().join("debug").join(file_name()))
}

/// The standard library beneath it.
pub(crate) enum StandardLibrary {
    /// As rustup brings it: made for speed.
    Ready,
    /// Compiled with ours, for size, and without all that reads debug information to print where a panic came from: a fifth of what a
    /// phone would carry. Cargo calls this unstable; our toolchain is pinned.
    Small,
}

/// Builds it for another machine as far as Rust does, and says where it is: what follows is up to a linker.
pub(crate) fn archive(
    workspace: &Workspace,
    target: &str,
    profile: &str,
    standard_library: StandardLibrary,
) -> Result<PathBuf> {
    let what = ["rustc", "--locked", "--package", "octroi-ffi", "--lib"];
    let how = ["--crate-type", "staticlib", "--profile", profile];
    let cargo = workspace.cargo().args(what).args(how);
    let cargo = cargo.args(["--target", target]);
    let cargo = match standard_library {
        StandardLibrary::Ready => {
            rustup::provide_target(workspace, target)?;
            cargo
        }
        StandardLibrary::Small => {
            let small = "-Zbuild-std-features=optimize_for_size";
            let cargo = cargo.args(["-Zbuild-std=std,panic_unwind", small]);
            cargo.env("RUSTC_BOOTSTRAP", "1")
        }
    };
    cargo.run()?;
    let folder = workspace.target().join(target).join(profile);
    Ok(folder.join("liboctroi_ffi.a"))
}

/// The library's file.
pub(crate) fn file_name() -> String {
    format!("{DLL_PREFIX}octroi_ffi{DLL_SUFFIX}")
}

/// What JNA calls this machine: the folder of a jar in which it looks for libraries.
pub(crate) fn jna_platform() -> String {
    let system = match OS {
        "macos" => "darwin",
        "windows" => "win32",
        system => system,
    };
    format!("{system}-{}", ARCH.replace('_', "-"))
}
