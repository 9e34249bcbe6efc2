//! What the APK is made of, as Maven compiles and finds it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::archive::{self, Entries};
use crate::files;
use crate::workspace::Workspace;

/// The sample; Maven builds it with the libraries of Kotlin.
const SAMPLE: &str = "android-sample";

/// Where Maven builds.
const FOLDER: &str = "bindings/kotlin";

/// Files to make an APK of.
pub(super) struct Parts {
    /// The merged manifest, as text.
    pub(super) manifest: PathBuf,
    /// An APK without code: manifest and resources.
    pub(super) resources: PathBuf,
    /// The jars whose code goes in.
    pub(super) code: Vec<PathBuf>,
    /// What R8 must leave alone: what the AAR says, what manifest and layouts name, and what the sample adds.
    pub(super) rules: [PathBuf; 3],
    /// Files that the library brings along: the notices of its authors.
    pub(super) assets: Entries,
    /// Android's own classes, and those of a JDK for Java's.
    pub(super) framework: Vec<PathBuf>,
    /// JNA's AAR.
    pub(super) jna: PathBuf,
    /// R8.
    pub(super) r8: PathBuf,
}

impl Parts {
    /// Compiles the sample, and takes the library as it is in the AAR: that is what apps get.
    pub(super) fn compile(workspace: &Workspace, aar: &[u8], folder: &Path) -> Result<Self> {
        let maven = workspace.maven().args(["--quiet", "--file", FOLDER]);
        let maven = maven.args(["--projects", "../../android-sample", "--also-make"]);
        maven
            .args(["--activate-profiles", "apk", "process-classes"])
            .run()?;

        let target = workspace.path(SAMPLE).join("target");
        let jna = target.join("apk/jna.aar");
        let aar = archive::unpack(aar)?;
        let extracted = |archive: &Entries, name: &str, file: &str| {
            let content = archive.get(name);
            let content = content.with_context(|| format!("there is no `{name}` in the AAR"))?;
            let path = folder.join(file);
            files::write(&path, content)?;
            Ok::<_, anyhow::Error>(path)
        };
        let okhttp = workspace.path(FOLDER).join("octroi-okhttp/target/classes");
        let mut code = vec![
            extracted(&aar, "classes.jar", "octroi.jar")?,
            extracted(
                &archive::unpack(&files::read_bytes(&jna)?)?,
                "classes.jar",
                "jna.jar",
            )?,
            jar(&okhttp, &folder.join("octroi-okhttp.jar"))?,
            jar(&target.join("classes"), &folder.join("sample.jar"))?,
        ];
        code.extend(paths(&target.join("apk/libraries.txt"))?);
        let mut framework = paths(&target.join("apk/framework.txt"))?;
        framework.extend(paths(&target.join("apk/java.txt"))?);
        let mut assets = aar.clone();
        assets.retain(|name, _| name.starts_with("assets/"));
        Ok(Self {
            assets,
            manifest: target.join("app/AndroidManifest.xml"),
            resources: target.join("app/app.apk"),
            code,
            rules: [
                extracted(&aar, "proguard.txt", "octroi.txt")?,
                target.join("app/rules.txt"),
                workspace.path(SAMPLE).join("rules.txt"),
            ],
            framework,
            jna,
            r8: target.join("apk/r8.jar"),
        })
    }
}

/// Packs a folder of classes: R8 reads archives.
fn jar(classes: &Path, jar: &Path) -> Result<PathBuf> {
    files::write(jar, archive::pack(&files::tree(classes)?)?)?;
    Ok(jar.to_owned())
}

/// The paths of a class path that Maven wrote.
fn paths(file: &Path) -> Result<Vec<PathBuf>> {
    let text = files::read(file)?;
    Ok(std::env::split_paths(text.trim()).collect())
}
