//! What others add to their apps and servers with a line of their build: jars and the AAR, with their POMs.

pub(crate) mod classes;
mod consumer;
mod pom;

use std::path::Path;

use anyhow::Result;

pub(crate) use self::consumer::Repository;
use crate::files;
use crate::version::VERSION;
use crate::workspace::Workspace;

/// What no crate says of the libraries in them: Rust's standard library, and LLVM's libunwind.
pub(crate) const NOTICES: &str = "bindings/notices.txt";

/// Where Maven builds, a folder for each module.
pub(crate) const MAVEN: &str = "bindings/kotlin";

const GROUP: &str = "be.octroi";

/// Something to publish.
pub(crate) struct Artifact {
    /// Its name for Maven.
    pub(crate) name: &'static str,
    /// The modules whose classes are in it, the one first that it bears the name of.
    pub(crate) modules: &'static [&'static str],
    /// `jar` or `aar`.
    pub(crate) packaging: &'static str,
    /// The file.
    pub(crate) content: Vec<u8>,
}

impl Artifact {
    /// Writes it into a folder, and into the Maven repository `maven` in that folder.
    pub(crate) fn write(&self, workspace: &Workspace, folder: &Path) -> Result<()> {
        let stem = format!("{}-{VERSION}", self.name);
        let file = format!("{stem}.{}", self.packaging);
        let group = GROUP.replace('.', "/");
        let place = folder.join("maven").join(group).join(self.name);
        let place = place.join(VERSION);
        let pom = pom::text(workspace, self)?;
        files::write(&folder.join(&file), &self.content)?;
        files::write(&place.join(&file), &self.content)?;
        files::write(&place.join(format!("{stem}.pom")), pom)?;
        println!("{}", folder.join(file).display());
        Ok(())
    }
}
