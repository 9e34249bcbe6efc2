//! `cargo xtask android`: the native libraries for phones, checked, the AAR, and the sample as an APK.

mod aar;
pub(crate) mod abi;
mod apk;
pub(crate) mod bionic;
mod check;
mod imports;
mod library;
mod toolchain;

use std::path::PathBuf;

use anyhow::{Result, bail};

use self::abi::Abi;
use self::apk::Apk;
use self::imports::Imports;
pub(crate) use self::toolchain::Linker;
use crate::artifacts::Artifact;
use crate::debian;
use crate::elf::FILE;
use crate::files;
use crate::size::{Ledger, Sizes};
use crate::workspace::Workspace;

/// Their recorded sizes.
const SIZES: Ledger = Ledger {
    path: "bindings/android/size.toml",
    what: "`liboctroi_ffi.so`, by kind of processor",
    command: "android",
};

/// Builds and checks the libraries, and puts the AAR and the sample together. With `write`, records their sizes.
pub(crate) fn run(workspace: &Workspace, write: bool) -> Result<()> {
    let mut sizes = Sizes::default();
    for library in libraries(workspace)? {
        println!("{}: {} bytes", library.abi.name, library.bytes());
        sizes.insert(library.abi.name.to_owned(), library.bytes());
        if !write {
            library.compare_size(workspace)?;
        }
    }
    if write {
        SIZES.write(workspace, &sizes)?;
    }
    let aar = packed(workspace)?;
    aar.write(workspace, &workspace.path("dist"))?;
    sample(workspace, &aar)?.check(workspace)
}

/// The recorded size of the library that nearly every phone loads.
pub(crate) fn recorded_size(workspace: &Workspace) -> Result<u64> {
    SIZES.recorded(workspace, abi::ARM64.name)
}

/// The sample around the AAR.
pub(crate) fn sample(workspace: &Workspace, aar: &Artifact) -> Result<Apk> {
    debian::provide(workspace, &apk::PROGRAMS)?;
    Apk::assemble(workspace, &aar.content)
}

/// The AAR, with libraries that were built and checked.
pub(crate) fn artifact(workspace: &Workspace) -> Result<Artifact> {
    libraries(workspace)?;
    packed(workspace)
}

/// The AAR, with libraries that have been built.
pub(crate) fn packed(workspace: &Workspace) -> Result<Artifact> {
    aar::artifact(workspace)
}

fn libraries(workspace: &Workspace) -> Result<Vec<Library<'static>>> {
    let linker = Linker::provide(workspace)?;
    let mut libraries = Vec::new();
    for abi in &abi::ALL {
        let library = Library::build(workspace, &linker, abi)?;
        library.check(workspace)?;
        libraries.push(library);
    }
    Ok(libraries)
}

/// A native library that was built.
pub(crate) struct Library<'a> {
    abi: &'a Abi,
    content: Vec<u8>,
}

impl<'a> Library<'a> {
    /// Where it is, once it was built.
    pub(crate) fn path(workspace: &Workspace, abi: &Abi) -> PathBuf {
        library::path(workspace, abi)
    }

    /// Builds it for one kind of processor.
    pub(crate) fn build(workspace: &Workspace, linker: &Linker, abi: &'a Abi) -> Result<Self> {
        let path = library::build(workspace, linker, abi)?;
        let content = files::read_bytes(&path)?;
        Ok(Self { abi, content })
    }

    /// Refuses what some Android would not load.
    pub(crate) fn check(&self, workspace: &Workspace) -> Result<()> {
        let faults = check::faults(&self.content, self.abi, &Imports::read(workspace)?)?;
        if !faults.is_empty() {
            bail!("{FILE} for {}:\n  {}", self.abi.name, faults.join("\n  "));
        }
        Ok(())
    }

    /// Refuses growth that nobody meant.
    pub(crate) fn compare_size(&self, workspace: &Workspace) -> Result<()> {
        SIZES.compare(workspace, self.abi.name, self.bytes())
    }

    /// How large it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.content.len() as u64
    }
}
