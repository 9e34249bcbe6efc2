//! The AAR: everything that an Android app adds to itself with one line of its build.

mod symbols;

use anyhow::{Result, ensure};

use super::abi;
use super::library;
use crate::archive::{self, Entries};
use crate::artifacts::{Artifact, MAVEN, NOTICES, classes};
use crate::elf::FILE;
use crate::files;
use crate::native::OCTROI;
use crate::notices;
use crate::workspace::Workspace;

const NAME: &str = "octroi-android";

/// The JVM's module too: on a phone there is one artefact.
const MODULES: [&str; 2] = [NAME, "octroi-jvm"];

/// Packs it. The libraries have been built.
pub(super) fn artifact(workspace: &Workspace) -> Result<Artifact> {
    Ok(Artifact {
        name: NAME,
        modules: &MODULES,
        packaging: "aar",
        content: archive::pack(&entries(workspace)?)?,
    })
}

fn entries(workspace: &Workspace) -> Result<Entries> {
    let module = workspace.path(MAVEN).join(NAME);
    let mut entries = Entries::new();
    let mut add = |name: &str, content: Vec<u8>| entries.insert(name.to_owned(), content);
    add("classes.jar", archive::pack(&compiled(workspace)?)?);
    let manifest = module.join("src/main/AndroidManifest.xml");
    add("AndroidManifest.xml", files::read_bytes(&manifest)?);
    add(
        "proguard.txt",
        files::read_bytes(&module.join("proguard.txt"))?,
    );
    // The same on any of Android's processors.
    let notices = notices::text(workspace, NOTICES, abi::ARM64.target, &[OCTROI.package])?;
    add("assets/octroi/notices.txt", notices.into_bytes());
    for abi in abi::ALL {
        let file = format!("jni/{}/{FILE}", abi.name);
        add(&file, files::read_bytes(&library::path(workspace, &abi))?);
    }
    let resources = files::tree(&module.join("src/main/res"))?;
    add("R.txt", symbols::text(&resources)?.into_bytes());
    for (name, content) in resources {
        entries.insert(format!("res/{name}"), content);
    }
    Ok(entries)
}

fn compiled(workspace: &Workspace) -> Result<Entries> {
    classes::compile(workspace, &MODULES)?;
    let mut all = Entries::new();
    for module in MODULES {
        for (name, content) in classes::of(workspace, module)? {
            ensure!(!all.contains_key(&name), "`{name}` is compiled twice");
            all.insert(name, content);
        }
    }
    Ok(all)
}
