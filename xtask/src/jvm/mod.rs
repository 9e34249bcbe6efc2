//! `cargo xtask jvm`: the jars for servers, desktops and their tests.

mod library;

use anyhow::Result;

use crate::archive::{self, Entries};
use crate::artifacts::{Artifact, NOTICES, classes};
use crate::native::{OCTROI, SERVER};
use crate::notices;
use crate::workspace::Workspace;

const JVM: &str = "octroi-jvm";
/// What a server does with statements: in the same jar, and in no library for phones.
const ON_SERVERS: &str = "octroi-server";
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
    let libraries = [&OCTROI, &SERVER];
    classes::compile(workspace, &[JVM, ON_SERVERS, OKHTTP])?;
    let mut entries = classes::of(workspace, JVM)?;
    entries.extend(classes::of(workspace, ON_SERVERS)?);
    for interface in libraries {
        // Where JNA looks for it.
        let place = format!("{}/{}", library::JNA_PLATFORM, interface.elf_file());
        entries.insert(place, library::build(workspace, interface)?);
    }
    let packages = libraries.map(|interface| interface.package);
    let notices = notices::text(workspace, NOTICES, library::TARGET, &packages)?;
    entries.insert(
        "META-INF/octroi/notices.txt".to_owned(),
        notices.into_bytes(),
    );
    Ok([
        jar(JVM, &[JVM, ON_SERVERS], &entries)?,
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
