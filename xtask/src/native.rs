//! The libraries that Kotlin and Swift call, built for this machine, or as archives for others.

use std::env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS};
use std::path::PathBuf;

use anyhow::Result;

use crate::rustup;
use crate::workspace::Workspace;

/// A library with an interface of its own: whoever loads it needs all of its functions.
pub(crate) struct Interface {
    /// The crate.
    pub(crate) package: &'static str,
    /// What Rust calls the library, and UniFFI the interface.
    pub(crate) name: &'static str,
    /// What of it is exported: a script for the linker.
    pub(crate) exports: &'static str,
}

/// What phones have, and every other machine.
pub(crate) const OCTROI: Interface = Interface {
    package: "octroi-ffi",
    name: "octroi_ffi",
    exports: "bindings/exports.map",
};

/// What servers on the JVM have besides.
pub(crate) const SERVER: Interface = Interface {
    package: "octroi-server",
    name: "octroi_server",
    exports: "bindings/server/exports.map",
};

impl Interface {
    /// Builds it, like the tests build everything, and says where it is.
    pub(crate) fn build(&self, workspace: &Workspace) -> Result<PathBuf> {
        let build = ["build", "--locked", "--package", self.package];
        workspace.cargo().args(build).run()?;
        Ok(workspace.target().join("debug").join(self.file()))
    }

    /// Its file on this machine.
    pub(crate) fn file(&self) -> String {
        format!("{DLL_PREFIX}{}{DLL_SUFFIX}", self.name)
    }

    /// Its file on Linux and Android; JNA finds it by this name.
    pub(crate) fn elf_file(&self) -> String {
        format!("lib{}.so", self.name)
    }
}

/// The standard library beneath it.
pub(crate) enum StandardLibrary {
    /// As rustup brings it: made for speed.
    Ready,
    /// Compiled with ours, for size, and without what nobody reads on a phone. Cargo calls this unstable; our toolchain is pinned.
    Small,
}

/// Of the standard library: what is small in place of fast, and no reader of debug information, nor of names, for where a panic came from.
const FEATURES: &str = "-Zbuild-std-features=optimize_for_size,backtrace-trace-only";

/// For all crates. A panic tells what is wrong, and not in which line of whose code. SHA-256 of a few kilobytes, and what rustc inlines before
/// LLVM sees it, make for speed that nobody would notice. What is dropped does not panic; if it did, that would end the app, as it does
/// while another panic passes. What derives `Debug` says the name of its variant and not what is in it: our texts never come from there.
const FLAGS: [&str; 6] = [
    "-Zlocation-detail=none",
    "--cfg",
    "sha2_backend_soft=\"compact\"",
    "-Zinline-mir=no",
    "-Zpanic-in-drop=abort",
    "-Zfmt-debug=shallow",
];

/// Between flags, as cargo reads them.
const SEPARATOR: &str = "\x1f";

/// A static library for another machine, as far as Rust makes it: what follows is up to a linker.
pub(crate) struct Archive<'a> {
    pub(crate) interface: &'a Interface,
    pub(crate) target: &'a str,
    pub(crate) profile: &'a str,
    pub(crate) standard_library: StandardLibrary,
    /// What the compiler is told besides, once it compiles everything together.
    pub(crate) options: &'a [&'a str],
    /// A variable of the environment, and its value.
    pub(crate) environment: Option<(&'a str, &'a str)>,
}

impl Archive<'_> {
    /// Builds it and says where it is.
    pub(crate) fn build(&self, workspace: &Workspace) -> Result<PathBuf> {
        let Interface { package, name, .. } = self.interface;
        let what = ["rustc", "--locked", "--package", package, "--lib"];
        let how = ["--crate-type", "staticlib", "--profile", self.profile];
        let cargo = workspace.cargo().args(what).args(how);
        let cargo = cargo.args(["--target", self.target]);
        let cargo = match self.standard_library {
            StandardLibrary::Ready => {
                rustup::provide_target(workspace, self.target)?;
                cargo
            }
            StandardLibrary::Small => {
                rustup::provide_component(workspace, "rust-src")?;
                let cargo = cargo.args(["-Zbuild-std=std,panic_unwind", FEATURES]);
                let cargo = cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join(SEPARATOR));
                cargo.env("RUSTC_BOOTSTRAP", "1")
            }
        };
        let cargo = match self.environment {
            Some((variable, value)) => cargo.env(variable, value),
            None => cargo,
        };
        cargo.args(["--"]).args(self.options).run()?;
        let folder = workspace.target().join(self.target).join(self.profile);
        Ok(folder.join(format!("lib{name}.a")))
    }
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
