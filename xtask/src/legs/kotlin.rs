//! The Kotlin of the bindings, with the real native library: every vector through the typed API, the guard in front of real servers,
//! and the library for Android and the sample app on the framework's own code.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::tally::Tally;
use crate::native;
use crate::workspace::Workspace;

/// Where Maven builds.
const FOLDER: &str = "bindings/kotlin";

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
    let maven = workspace
        .tool("mvn")
        .args(["--batch-mode", "--no-transfer-progress"]);
    let maven = maven.args(["-Dstyle.color=never", "--file"]);
    let maven = maven.args([workspace.path(FOLDER)]).args(["verify"]);
    let mut cases = 0;
    let status = maven.watch(|line| {
        if let Some((passed, failed)) = summary(line) {
            cases += passed + failed;
            tally.passed += passed;
            tally.failed += failed;
        }
        tally.failures.extend(failure(line).map(str::to_owned));
    })?;
    tally.counts.push(format!("{cases} Kotlin tests"));
    if !status.success() && tally.failed == 0 {
        tally.failed = 1; // what does not compile has no summary
    }
    Ok(tally)
}

/// Puts the native library where the jar takes it from.
fn provide_library(workspace: &Workspace) -> Result<()> {
    let library = native::library(workspace)?;
    let folder = workspace
        .path(FOLDER)
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
    let poms = MODULES.map(|module| format!("{FOLDER}/{module}/pom.xml"));
    for path in [format!("{FOLDER}/pom.xml")].iter().chain(&poms) {
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

/// The counts of a module's line like `[INFO] Tests run: 4, Failures: 1, Errors: 0, Skipped: 0`.
fn summary(line: &str) -> Option<(usize, usize)> {
    let (_, counts) = line.split_once("] Tests run: ")?;
    let mut counts = counts.split(", ").map(|part| {
        let number = part.rsplit(' ').next().unwrap_or_default();
        number.parse::<usize>().ok()
    });
    let mut next = || counts.next().flatten();
    let (run, failures, errors, skipped) = (next()?, next()?, next()?, next()?);
    // A class has its line too, with the time that it took.
    if counts.next().is_some() {
        return None;
    }
    let failed = failures + errors;
    Some((run.saturating_sub(failed + skipped), failed))
}

/// The class in a line like `[ERROR] Tests run: 4, …, Time elapsed: 1 s <<< FAILURE! -- in be.octroi.VectorsTest`.
fn failure(line: &str) -> Option<&str> {
    let (_, class) = line.split_once("<<< FAILURE! -- in ")?;
    Some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_counted_once() {
        let class = "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.5 s <<< FAILURE! -- in be.octroi.VectorsTest";
        assert_eq!(
            (summary(class), failure(class)),
            (None, Some("be.octroi.VectorsTest"))
        );
        let module = "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1";
        assert_eq!((summary(module), failure(module)), (Some((1, 2)), None));
    }

    #[test]
    fn the_version_of_a_module_is_its_parents() {
        let pom = "<parent>\n<version>0.1.0</version>\n</parent><version>2</version>";
        assert_eq!(pom_version(pom), Some("0.1.0"));
        assert_eq!(pom_version("<project/>"), None);
    }
}
