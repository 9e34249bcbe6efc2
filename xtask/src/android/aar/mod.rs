//! The AAR: everything that an Android app adds to itself with one line of its build.

mod classes;
mod pom;
mod symbols;

use anyhow::{Result, ensure};

use super::abi;
use super::library::{self, FILE};
use crate::archive::{self, Entries};
use crate::files;
use crate::notices;
use crate::workspace::Workspace;

/// The Kotlin of it, with its manifest, resources and rules.
const MODULE: &str = "bindings/kotlin/octroi-android";

/// What no crate says of the library: Rust's standard library, and LLVM's libunwind.
const NOTICES: &str = "bindings/android/notices.txt";

/// Writes it, and its POM, into `dist/`, and returns it. The libraries have been built.
pub(super) fn assemble(workspace: &Workspace) -> Result<Vec<u8>> {
    ensure!(
        workspace.path(MODULE).is_dir(),
        "there is no `{MODULE}`: without its classes and its manifest there is no AAR; the native libraries are in `{}`",
        library::folder(workspace).join("jni").display()
    );
    let name = format!("octroi-android-{}", env!("CARGO_PKG_VERSION"));
    let dist = workspace.path("dist");
    let aar = dist.join(format!("{name}.aar"));
    let content = archive::pack(&entries(workspace)?)?;
    files::write(&aar, &content)?;
    files::write(&dist.join(format!("{name}.pom")), pom::text(workspace)?)?;
    println!("{}", aar.display());
    Ok(content)
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
        notices::text(workspace, NOTICES, abi::ARM64.target)?.into_bytes(),
    );
    for abi in abi::ALL {
        let file = format!("jni/{}/{FILE}", abi.name);
        let library = library::folder(workspace).join(&file);
        add(&file, files::read_bytes(&library)?);
    }
    let resources = files::tree(&module.join("src/main/res"))?;
    add("R.txt", symbols::text(&resources)?.into_bytes());
    for (name, content) in resources {
        entries.insert(format!("res/{name}"), content);
    }
    Ok(entries)
}
