//! The sample app as a phone installs it: what Android's own build does, without its SDK.
//!
//! Maven compiles the classes and links the resources, R8 makes one small dex file of all code, and what is packed here is
//! signed with a key of this machine.

mod archive;
mod check;
mod dex;
mod parts;
mod shrink;
mod sign;

use std::path::PathBuf;

use anyhow::{Context, Result};

use self::archive::Entries;
use self::parts::Parts;
use super::abi;
use super::library;
use crate::debian::{JAVAC, MAVEN, Program};
use crate::elf::FILE;
use crate::files;
use crate::workspace::Workspace;

/// What it takes beyond the Rust toolchain.
pub(crate) const PROGRAMS: [Program; 3] = [
    JAVAC,
    MAVEN,
    Program {
        name: "apksigner",
        package: "apksigner",
    },
];

/// The library of JNA's that calls ours.
const JNA: &str = "libjnidispatch.so";

/// The sample, packed and signed.
pub(crate) struct Apk {
    path: PathBuf,
    /// The manifest that it was made with, as text.
    manifest: String,
}

impl Apk {
    /// Builds it into `dist/`. The libraries and the AAR have been built.
    pub(crate) fn assemble(workspace: &Workspace, aar: &[u8]) -> Result<Self> {
        let folder = library::folder(workspace).join("apk");
        let parts = Parts::compile(workspace, aar, &folder)?;
        let mut entries = archive::unpack(&files::read_bytes(&parts.resources)?)?;
        entries.extend(shrink::code(workspace, &parts, &folder)?);
        entries.extend(libraries(workspace, &parts)?);
        entries.extend(parts.assets.clone());
        let unsigned = folder.join("unsigned.apk");
        files::write(&unsigned, archive::pack(&entries)?)?;
        let path = workspace.path("dist/octroi-sample.apk");
        sign::sign(workspace, &unsigned, &path, &folder)?;
        let manifest = files::read(&parts.manifest)?;
        println!("{}", path.display());
        Ok(Self { path, manifest })
    }

    /// What must be true of it, each with what was found.
    pub(crate) fn checks(&self, workspace: &Workspace) -> [(&'static str, Result<()>); 5] {
        [
            (
                "the APK is signed, and whole",
                sign::verify(workspace, &self.path),
            ),
            (
                "the APK asks for three permissions",
                check::permissions(workspace, &self.path),
            ),
            ("the APK's libraries load", check::libraries(&self.path)),
            (
                "the APK has what its manifest names",
                check::manifest(&self.path, &self.manifest),
            ),
            (
                "the APK has what native code asks for",
                check::natives(&self.path),
            ),
        ]
    }

    /// Refuses one that a phone would not install or start.
    pub(crate) fn check(&self, workspace: &Workspace) -> Result<()> {
        for (name, result) in self.checks(workspace) {
            result.with_context(|| format!("not so: {name}"))?;
        }
        Ok(())
    }
}

/// The native libraries, ours and JNA's, for each kind of processor.
fn libraries(workspace: &Workspace, parts: &Parts) -> Result<Entries> {
    let jna = archive::unpack(&files::read_bytes(&parts.jna)?)?;
    let mut entries = Entries::new();
    for abi in abi::ALL {
        let ours = library::folder(workspace)
            .join("jni")
            .join(abi.name)
            .join(FILE);
        let theirs = jna
            .get(&format!("jni/{}/{JNA}", abi.name))
            .with_context(|| format!("JNA has no library for {}", abi.name))?;
        entries.insert(
            format!("lib/{}/{FILE}", abi.name),
            files::read_bytes(&ours)?,
        );
        entries.insert(format!("lib/{}/{JNA}", abi.name), theirs.clone());
    }
    Ok(entries)
}
