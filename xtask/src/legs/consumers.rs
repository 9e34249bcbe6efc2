//! What we publish, as others meet it: their programs know its coordinates and a repository, compile with the oldest Kotlin that we
//! promise, and run; an Android app gets no class twice.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use zip::ZipArchive;

use super::tally::Tally;
use crate::android;
use crate::artifacts::Repository;
use crate::files;
use crate::jvm;
use crate::workspace::Workspace;

const PROJECTS: &str = "tests/consumers";

/// What the programs print if all is well.
const SAID: [&str; 5] = [
    "octroi-jvm says: DENY",
    "octroi-jvm states in 3 parts",
    "octroi-jvm appraises: DENY",
    "octroi-okhttp lets pass: 204",
    "octroi-okhttp stops: the device may not reach `127.0.0.1`: noncompliant",
];

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut artifacts = Vec::from(jvm::artifacts(workspace)?);
    artifacts.push(android::artifact(workspace)?);
    let repository = Repository::write(workspace, &artifacts)?;
    let output = repository.build(workspace, PROJECTS)?;
    for said in SAID {
        let heard = output.contains(said).then_some(());
        tally.case(said, heard.context("nobody said that"));
    }
    tally.case(
        "an Android app gets each class once",
        once(&workspace.path(PROJECTS).join("android/target/carried")),
    );
    Ok(tally)
}

/// No class is in two of the jars and AARs of a folder.
fn once(folder: &Path) -> Result<()> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, content) in files::tree(folder)? {
        for class in classes(content).with_context(|| format!("`{file}`"))? {
            found.entry(class).or_default().push(file.clone());
        }
    }
    ensure!(
        found.contains_key("be/octroi/okhttp/GuardedKt.class")
            && found.contains_key("be/octroi/android/Gate.class")
            && found.contains_key("be/octroi/android/KeystoreSigner.class")
            && found.contains_key("be/octroi/HttpTransport.class")
            && found.contains_key("be/octroi/GateCore.class"),
        "these are not the files of an app: {found:?}"
    );
    let twice = found.iter().filter(|(_, files)| files.len() > 1);
    let twice: Vec<_> = twice
        .map(|(class, files)| format!("{class}: {}", files.join(", ")))
        .collect();
    if !twice.is_empty() {
        bail!("\n  {}", twice.join("\n  "));
    }
    Ok(())
}

/// The classes of a jar, or of the one in an AAR.
fn classes(archive: Vec<u8>) -> Result<Vec<String>> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    if let Ok(mut inner) = archive.by_name("classes.jar") {
        let mut jar = Vec::new();
        inner.read_to_end(&mut jar)?;
        return classes(jar);
    }
    let mut classes = Vec::new();
    for name in archive.file_names() {
        let name = name?;
        // A class for newer versions of Java stands in for the one of the same name; Android takes neither those nor modules.
        if name.ends_with(".class") && !name.starts_with("META-INF/") && name != "module-info.class"
        {
            classes.push(name.into_owned());
        }
    }
    Ok(classes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Entries, pack};

    fn jar(names: &[&str]) -> Vec<u8> {
        let names = names.iter();
        pack(&names.map(|name| ((*name).to_owned(), Vec::new())).collect()).unwrap()
    }

    #[test]
    fn the_classes_of_an_aar_are_in_its_jar() {
        let inner = jar(&[
            "be/octroi/Gate.class",
            "META-INF/versions/9/A.class",
            "a.txt",
        ]);
        let aar = Entries::from([("classes.jar".to_owned(), inner.clone())]);
        for archive in [inner, pack(&aar).unwrap()] {
            assert_eq!(classes(archive).unwrap(), ["be/octroi/Gate.class"]);
        }
    }
}
