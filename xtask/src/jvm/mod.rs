//! `cargo xtask jvm`: the jars for servers, desktops and their tests.

mod library;

use anyhow::Result;

use crate::archive::{self, Entries};
use crate::artifacts::{Artifact, NOTICES, classes};
use crate::elf::FILE;
use crate::notices;
use crate::workspace::Workspace;

const JVM: &str = "octroi-jvm";
const OKHTTP: &str = "octroi-okhttp";

/// Packs both and writes them.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let dist = workspace.path("dist");
    artifacts(workspace)?
        .iter()
        .try_for_each(|artifact| artifact.write(workspace, &dist))
}

/// Both, packed.
pub(crate) fn artifacts(workspace: &Workspace) -> Result<[Artifact; 2]> {
    let library = library::build(workspace)?;
    classes::compile(workspace, &[JVM, OKHTTP])?;
    let mut entries = classes::of(workspace, JVM)?;
    // Where JNA looks for it.
    entries.insert(format!("{}/{FILE}", library::JNA_PLATFORM), library);
    let notices = notices::text(workspace, NOTICES, library::TARGET)?;
    entries.insert(
        "META-INF/octroi/notices.txt".to_owned(),
        notices.into_bytes(),
    );
    Ok([
        jar(JVM, &[JVM], &entries)?,
        jar(OKHTTP, &[OKHTTP], &classes::of(workspace, OKHTTP)?)?,
    ])
}

fn jar(
    name: &'static str,
    modules: &'static [&'static str],
    entries: &Entries,
) -> Result<Artifact> {
    Ok(Artifact {
        name,
        modules,
        packaging: "jar",
        content: archive::pack(entries)?,
    })
}
