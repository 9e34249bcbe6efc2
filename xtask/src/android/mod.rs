//! `cargo xtask android`: the native libraries for phones, checked, and the AAR.

mod aar;
pub(crate) mod abi;
pub(crate) mod bionic;
mod check;
mod imports;
mod library;
mod size;
mod toolchain;

use std::path::PathBuf;

use anyhow::{Result, bail};

use self::abi::Abi;
use self::imports::Imports;
use self::size::Sizes;
pub(crate) use self::toolchain::Linker;
use crate::artifacts::Artifact;
use crate::elf::FILE;
use crate::files;
use crate::workspace::Workspace;

/// Builds and checks the libraries, and packs and writes the AAR. With `write`, records their sizes.
pub(crate) fn run(workspace: &Workspace, write: bool) -> Result<()> {
    let mut sizes = Sizes::default();
    for library in libraries(workspace)? {
        println!("{}: {} bytes", library.abi.name, library.bytes());
        sizes.record(library.abi, library.bytes());
        if !write {
            library.compare_size(workspace)?;
        }
    }
    if write {
        sizes.write(workspace)?;
    }
    aar::artifact(workspace)?.write(workspace, &workspace.path("dist"))
}

/// The AAR, with libraries that were built and checked.
pub(crate) fn artifact(workspace: &Workspace) -> Result<Artifact> {
    libraries(workspace)?;
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
        Sizes::read(workspace)?.compare(self.abi, self.bytes())
    }

    /// How large it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.content.len() as u64
    }
}
