//! The AAR: everything that an Android app adds to itself with one line of its build.

mod archive;
mod classes;
mod notices;
mod pom;
mod symbols;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use self::archive::Entries;
use super::abi;
use super::library::{self, FILE};
use crate::files;
use crate::workspace::Workspace;

/// The Kotlin of it, with its manifest, resources and rules.
const MODULE: &str = "bindings/kotlin/octroi-android";

/// Writes it, and its POM, into `dist/`. The libraries have been built.
pub(super) fn assemble(workspace: &Workspace) -> Result<()> {
    ensure!(
        workspace.path(MODULE).is_dir(),
        "there is no `{MODULE}`: without its classes and its manifest there is no AAR; the native libraries are in `{}`",
        library::folder(workspace).join("jni").display()
    );
    let name = format!("octroi-android-{}", env!("CARGO_PKG_VERSION"));
    let dist = workspace.path("dist");
    let aar = dist.join(format!("{name}.aar"));
    files::write(&aar, archive::pack(&entries(workspace)?)?)?;
    files::write(&dist.join(format!("{name}.pom")), pom::text(workspace)?)?;
    println!("{}", aar.display());
    Ok(())
}

fn entries(workspace: &Workspace) -> Result<Entries> {
    let module = workspace.path(MODULE);
    let mut entries = Entries::new();
    let mut add = |name: &str, content: Vec<u8>| entries.insert(name.to_owned(), content);
    add(
        "classes.jar",
        archive::pack(&classes::compiled(workspace)?)?,
    );
    let manifest = module.join("src/main/AndroidManifest.xml");
    add("AndroidManifest.xml", files::read_bytes(&manifest)?);
    add(
        "proguard.txt",
        files::read_bytes(&module.join("proguard.txt"))?,
    );
    add(
        "assets/octroi/notices.txt",
        notices::text(workspace)?.into_bytes(),
    );
    for abi in abi::ALL {
        let file = format!("jni/{}/{FILE}", abi.name);
        let library = library::folder(workspace).join(&file);
        add(&file, files::read_bytes(&library)?);
    }
    let resources = tree(&module.join("src/main/res"))?;
    add("R.txt", symbols::text(&resources)?.into_bytes());
    for (name, content) in resources {
        entries.insert(format!("res/{name}"), content);
    }
    Ok(entries)
}

/// The files below a folder, by their names from there, with `/` on every system.
fn tree(root: &Path) -> Result<Entries> {
    let mut entries = Entries::new();
    let mut folders: Vec<(PathBuf, String)> = vec![(root.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let list = fs::read_dir(&folder);
        for entry in list.with_context(|| format!("cannot read `{}`", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{prefix}{name}");
            if path.is_dir() {
                folders.push((path, format!("{name}/")));
            } else {
                entries.insert(name, files::read_bytes(&path)?);
            }
        }
    }
    Ok(entries)
}
