//! `cargo xtask release`: what is published, built from a commit, and its checksum in the manifest that Xcode reads.
//!
//! The manifest of a tag names the archive of the same release, so it is written before the tag is made. Nothing is uploaded here.

use anyhow::{Context, Result, bail, ensure};

use crate::version::{self, VERSION};
use crate::workspace::Workspace;
use crate::{android, apple, files, jvm, wheel};

const MANIFEST: &str = "Package.swift";
const CHANGELOG: &str = "CHANGELOG.md";
/// What the manifest says before it names what is downloaded: `nil`, or two lines in parentheses.
const RELEASE: &str = "let release: (url: String, checksum: String)? = ";

/// Builds all that is published into `dist/`, and writes where the archive for Apple's systems will lie into the manifest.
pub(crate) fn run(workspace: &Workspace, url: &str) -> Result<()> {
    let faults = version::faults(workspace)?;
    ensure!(
        faults.is_empty(),
        "a release has one version:\n  {}",
        faults.join("\n  ")
    );
    let changed = workspace
        .tool("git")
        .args(["status", "--porcelain"])
        .read()?;
    ensure!(
        changed.is_empty(),
        "a release is made of a commit; commit or put away first:\n{changed}"
    );
    let changelog = files::read(&workspace.path(CHANGELOG))?;
    ensure!(
        is_in_changelog(&changelog, VERSION),
        "{CHANGELOG} has no section `## [{VERSION}]`: say there what this version brings"
    );
    let manifest = workspace.path(MANIFEST);
    let text = files::read(&manifest)?;
    // Before anything is built: what is wrong with the address is said at once.
    with_release(&text, url, VERSION, "")?;

    android::run(workspace, false)?;
    jvm::run(workspace)?;
    wheel::run(workspace)?;
    let checksum = apple::run(workspace, false, true)?;
    files::write(&manifest, with_release(&text, url, VERSION, &checksum)?)?;
    println!(
        "{MANIFEST} names the archive. Now:\n  git commit --all --message 'Release {VERSION}' && git tag {VERSION}\n  \
         upload dist/Octroi.xcframework.zip to {url}, what is in dist/maven, and the wheels in dist/"
    );
    Ok(())
}

fn is_in_changelog(changelog: &str, version: &str) -> bool {
    let heading = format!("## [{version}]");
    changelog.lines().any(|line| line.starts_with(&heading))
}

/// The manifest with that archive in place of the one that it names.
fn with_release(manifest: &str, url: &str, version: &str, checksum: &str) -> Result<String> {
    // Xcode downloads it under this name, and an archive of another version would be another library.
    let is_right = url.starts_with("https://") && url.ends_with(".zip") && url.contains(version);
    if !is_right || url.contains(['"', '\\', ' ']) {
        bail!("found the address `{url}`, expected one of `https://…/{version}/….zip`");
    }
    let (before, rest) = manifest
        .split_once(RELEASE)
        .with_context(|| format!("{MANIFEST} has no `{RELEASE}`"))?;
    ensure!(!rest.contains(RELEASE), "{MANIFEST} has `{RELEASE}` twice");
    let named = rest
        .strip_prefix("(\n")
        .and_then(|rest| rest.split_once("\n)\n"));
    let after = rest
        .strip_prefix("nil\n")
        .or(named.map(|(_, after)| after))
        .with_context(|| format!("{MANIFEST} has neither `nil` nor a release after `{RELEASE}`"))?;
    // As Swift's formatter has it, which the tests of the tag ask.
    Ok(format!(
        "{before}{RELEASE}(\n    url: \"{url}\",\n    checksum: \"{checksum}\"\n)\n{after}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://example.org/octroi/1.2.3/Octroi.xcframework.zip";

    /// An app that takes a tag downloads what the tag's manifest names.
    #[test]
    fn the_manifest_of_this_repository_takes_one_release_after_the_other() {
        let manifest = include_str!("../../Package.swift");
        let first = with_release(manifest, URL, "1.2.3", "abc").unwrap();
        let named = format!("{RELEASE}(\n    url: \"{URL}\",\n    checksum: \"abc\"\n)\n\n");
        assert!(first.contains(&named), "{first}");
        let url = URL.replace("1.2.3", "1.2.4");
        let second = with_release(&first, &url, "1.2.4", "def").unwrap();
        assert_eq!(
            second,
            first.replace("1.2.3", "1.2.4").replace("abc", "def")
        );
        // Nothing else is another.
        let (before, after) = first.split_once(&named).unwrap();
        assert!(manifest.starts_with(before) && manifest.ends_with(after));
    }

    #[test]
    fn a_manifest_that_names_something_else_is_left_alone() {
        let named = format!("{RELEASE}(\n    url: \"a\",\n    checksum: \"b\"\n)\n");
        assert!(with_release(&named, URL, "1.2.3", "abc").is_ok());
        for manifest in [
            format!("{named}{named}"),
            format!("{RELEASE}named()\n\n)\n"),
            format!("{RELEASE}nil"),
            RELEASE.to_owned(),
        ] {
            assert!(
                with_release(&manifest, URL, "1.2.3", "abc").is_err(),
                "{manifest}"
            );
        }
    }

    #[test]
    fn an_address_of_another_version_or_without_tls_is_refused() {
        let manifest = include_str!("../../Package.swift");
        for url in [
            "http://example.org/1.2.3/a.zip",
            "https://example.org/1.2.4/a.zip",
            "https://example.org/1.2.3/a.tar",
            "https://example.org/1.2.3/\".zip",
        ] {
            assert!(
                with_release(manifest, url, "1.2.3", "abc").is_err(),
                "{url}"
            );
        }
        assert!(with_release("", URL, "1.2.3", "abc").is_err());
    }

    #[test]
    fn a_version_without_its_section_is_not_released() {
        let changelog = "## [Unreleased]\n\n## [1.2.30] - 2026-01-01\n";
        assert!(!is_in_changelog(changelog, "1.2.3"));
        assert!(is_in_changelog(changelog, "1.2.30"));
    }
}
