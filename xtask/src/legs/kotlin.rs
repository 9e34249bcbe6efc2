//! The Kotlin of the bindings, with the real native library: every vector through the typed API, the guard in front of real servers,
//! and the library for Android and the sample app on the framework's own code.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::maven;
use super::tally::Tally;
use crate::artifacts::MAVEN;
use crate::native;
use crate::workspace::Workspace;

/// The modules, by their folders.
const MODULES: [&str; 4] = [
    "octroi-jvm",
    "octroi-okhttp",
    "octroi-android",
    "../../android-sample",
];

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    tally.case("the POMs bear our version", versions(workspace));
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

/// Maven and cargo give one version to what they build.
fn versions(workspace: &Workspace) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let poms = MODULES.map(|module| format!("{MAVEN}/{module}/pom.xml"));
    for path in [format!("{MAVEN}/pom.xml")].iter().chain(&poms) {
        let pom = fs::read_to_string(workspace.path(path))
            .with_context(|| format!("cannot read `{path}`"))?;
        ensure!(
            pom_version(&pom) == Some(version),
            "`{path}` has another version than {version}"
        );
    }
    Ok(())
}

/// The first version that stands in a POM: its own, or its parent's.
fn pom_version(pom: &str) -> Option<&str> {
    let (_, rest) = pom.split_once("<version>")?;
    rest.split_once("</version>").map(|(version, _)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_module_is_its_parents() {
        let pom = "<parent>\n<version>0.1.0</version>\n</parent><version>2</version>";
        assert_eq!(pom_version(pom), Some("0.1.0"));
        assert_eq!(pom_version("<project/>"), None);
    }
}
