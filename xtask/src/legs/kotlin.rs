//! The Kotlin of the bindings, with the real native library: every vector through the typed API, the guard in front of real servers,
//! and the library for Android and the sample app on the framework's own code.

use std::fs;

use anyhow::{Context, Result};

use super::maven;
use super::tally::Tally;
use crate::artifacts::MAVEN;
use crate::native::{self, Interface};
use crate::version;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    tally.faults("all name one version", &version::faults(workspace)?);
    provide_library(workspace, &native::OCTROI, "octroi-jvm")?;
    provide_library(workspace, &native::SERVER, "octroi-server")?;
    maven::run(workspace, &mut tally, "Kotlin tests", |maven| {
        maven.args(["verify"])
    })?;
    Ok(tally)
}

/// Puts a native library where the tests of a module take it from.
fn provide_library(workspace: &Workspace, interface: &Interface, module: &str) -> Result<()> {
    let library = interface.build(workspace)?;
    let folder = workspace
        .path(MAVEN)
        .join(module)
        .join("target/native")
        .join(native::jna_platform());
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let target = folder.join(interface.file());
    fs::copy(&library, &target).with_context(|| {
        format!(
            "cannot copy `{}` to `{}`",
            library.display(),
            target.display()
        )
    })?;
    Ok(())
}
