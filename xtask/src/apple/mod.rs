//! `cargo xtask apple`: the XCFramework that apps for Apple's systems take, laid out and checked on any system.
//!
//! No linker is needed for it, and so nothing of Apple's: the slices are static libraries, which the app's build links.

mod check;
mod framework;
mod size;
mod slice;

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use self::framework::Framework;
pub(crate) use self::size::{compare as compare_size, recorded as recorded_size};
use self::slice::{SIMULATOR, SLICES, Slice};
use crate::archive;
use crate::files;
use crate::size::Sizes;
use crate::swift::Swift;
use crate::workspace::Workspace;

/// Where it is put.
pub(crate) const FRAMEWORK: &str = "dist/Octroi.xcframework";

/// Builds the slices, puts the framework and its archive into `dist/` and checks what stands there. With `write`, records the size.
/// Returns the checksum of the archive.
pub(crate) fn run(workspace: &Workspace, write: bool, simulator: bool) -> Result<String> {
    let mut slices: Vec<&Slice> = SLICES.iter().collect();
    slices.extend(simulator.then_some(&SIMULATOR));
    let framework = Framework::assemble(workspace, slices)?;
    let faults = framework.faults()?;
    if !faults.is_empty() {
        bail!("{}:\n  {}", framework.path.display(), faults.join("\n  "));
    }
    let swift = Swift::provide(workspace)?;
    framework.compile(workspace, &swift)?;
    let bytes = framework.linked_size(workspace, &swift)?;
    println!("an app grows by {bytes} bytes");
    if write {
        let sizes = Sizes::from([(size::slice().identifier.to_owned(), bytes)]);
        size::SIZES.write(workspace, &sizes)?;
    }
    size::compare(workspace, bytes)?;
    pack(workspace, &framework)
}

/// Builds what is always in it, for tests.
pub(crate) fn assemble(workspace: &Workspace) -> Result<Framework> {
    Framework::assemble(workspace, SLICES.iter().collect())
}

/// The archive that a release is downloaded as, and its checksum: both for `Package.swift`.
fn pack(workspace: &Workspace, framework: &Framework) -> Result<String> {
    let entries = files::tree(&framework.path)?.into_iter();
    let entries = entries.map(|(name, content)| (format!("Octroi.xcframework/{name}"), content));
    let packed = archive::pack(&entries.collect())?;
    let name = format!("{FRAMEWORK}.zip");
    files::write(&workspace.path(&name), &packed)?;
    let checksum = Sha256::digest(&packed);
    let checksum: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{name}\nchecksum {checksum}");
    Ok(checksum)
}
