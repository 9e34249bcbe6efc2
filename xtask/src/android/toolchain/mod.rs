//! What links for Android: the NDK where there is one, else what Rust brings and a few small files of our own.

mod ndk;
mod stubs;
mod unwind;

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::ndk::Ndk;
use super::abi::Abi;
use super::imports::Imports;
use super::library;
use crate::clang::Clang;
use crate::rustup;
use crate::workspace::Workspace;

/// The oldest Android that it is for.
pub(super) const API: u8 = 26;

/// A linker, and the libraries that it takes besides ours.
pub(crate) enum Linker {
    /// Google's.
    Ndk(Ndk),
    /// Rust's own lld, with clang for what must be compiled.
    Own(Clang),
}

impl Linker {
    /// The NDK of `ANDROID_NDK_HOME`, else Rust's own.
    pub(crate) fn provide(workspace: &Workspace) -> Result<Self> {
        // Of it are compiled the standard library and, without an NDK, the unwinder.
        rustup::provide_component(workspace, "rust-src")?;
        match env::var_os("ANDROID_NDK_HOME") {
            Some(home) => Ok(Self::Ndk(Ndk::find(Path::new(&home))?)),
            None => Clang::provide(workspace).map(Self::Own),
        }
    }

    /// Links `library` for one kind of processor; the arguments are lld's.
    pub(super) fn link(
        &self,
        workspace: &Workspace,
        abi: &Abi,
        arguments: &[String],
        library: &Path,
    ) -> Result<()> {
        let tool = match self {
            Self::Ndk(ndk) => ndk.linker(workspace, abi).args(ndk::wrapped(arguments)),
            Self::Own(clang) => {
                let folder = library::folder(workspace).join("link").join(abi.name);
                let imports = Imports::read(workspace)?;
                stubs::write(workspace, clang, abi, &imports, &folder)?;
                unwind::archive(workspace, clang, abi, &folder)?;
                let start = folder.join("start.o");
                let source = workspace.path("bindings/android/start.c");
                clang.compile(workspace, abi.musl, &source, &start, &[])?;
                let lld = lld(workspace)?.display().to_string();
                let tool = workspace.tool(&lld).args(["-flavor", "gnu", "-shared"]);
                let tool = tool.args(["-L".as_ref(), folder.as_os_str(), start.as_os_str()]);
                tool.args(arguments)
            }
        };
        tool.args(["-o".as_ref(), library.as_os_str()]).run()
    }
}

/// Where the toolchain lies that builds the project.
fn sysroot(workspace: &Workspace) -> Result<PathBuf> {
    let path = workspace
        .tool("rustc")
        .args(["--print", "sysroot"])
        .read()?;
    Ok(PathBuf::from(path.trim()))
}

/// The linker that Rust brings for its own use.
fn lld(workspace: &Workspace) -> Result<PathBuf> {
    let libraries = workspace.tool("rustc").args(["--print", "target-libdir"]);
    let folder = libraries.read()?;
    Ok(Path::new(folder.trim())
        .with_file_name("bin")
        .join("rust-lld"))
}
