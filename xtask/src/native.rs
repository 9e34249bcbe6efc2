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

/// Builds it for another machine as far as Rust does, and says where it is: what follows is up to a linker.
pub(crate) fn archive(workspace: &Workspace, target: &str, profile: &str) -> Result<PathBuf> {
    rustup::provide_target(workspace, target)?;
    let what = ["rustc", "--locked", "--package", "octroi-ffi", "--lib"];
    let how = ["--crate-type", "staticlib", "--profile", profile];
    let cargo = workspace.cargo().args(what).args(how);
    cargo.args(["--target", target]).run()?;
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
