//! The Kotlin of the bindings, with the real native library: every vector through the typed API, the guard in front of real servers,
//! and the library for Android and the sample app on the framework's own code.

use std::fs;

use anyhow::{Context, Result};

use super::maven;
use super::tally::Tally;
use crate::artifacts::MAVEN;
use crate::native;
use crate::version;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    tally.faults("all name one version", &version::faults(workspace)?);
    provide_library(workspace)?;
    maven::run(workspace, &mut tally, "Kotlin tests", |maven| {
        maven.args(["verify"])
    })?;
    Ok(tally)
}

/// Puts the native library where the jar takes it from.
fn provide_library(workspace: &Workspace) -> Result<()> {
    let library = native::library(workspace)?;
    let folder = workspace
        .path(MAVEN)
        .join("octroi-jvm/target/native")
        .join(native::jna_platform());
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let target = folder.join(native::file_name());
    fs::copy(&library, &target).with_context(|| {
        format!(
            "cannot copy `{}` to `{}`",
            library.display(),
            target.display()
        )
    })?;
    Ok(())
}
