//! What the authors of the code in the library ask to be said: their names, and their licences.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::files;
use crate::metadata::{Metadata, Package};
use crate::workspace::Workspace;

/// Files of a crate that hold its licence, the one first that asks for least where there is a choice.
const FILES: [&str; 7] = [
    "LICENSE-MIT",
    "LICENSE-MIT.md",
    "LICENSE",
    "LICENSE.md",
    "LICENSE.txt",
    "LICENCE",
    "LICENSE-APACHE",
];

/// The texts that are nowhere in the crates under them, and where they are.
const ELSEWHERE: [(&str, &str); 2] = [
    ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    ("MPL-2.0", "https://www.mozilla.org/MPL/2.0/"),
];

/// The text that follows the names of the authors, for crates that name the licence and do not bring it.
const MIT: &str = include_str!("mit.txt");

/// The notices for all that is linked into the libraries of these crates for a target, below those of a file, which names what no crate does.
pub(crate) fn text(
    workspace: &Workspace,
    head: &str,
    target: &str,
    packages: &[&str],
) -> Result<String> {
    let linked = linked(workspace, target, packages)?;
    let metadata = Metadata::read(workspace)?;
    let mut notices: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for package in &metadata.packages {
        // Ours are under the licence of the whole.
        if package.source.is_some() && linked.contains(&package.named()) {
            notices.entry(notice(package)?).or_default().push(package);
        }
    }
    let head = files::read(&workspace.path(head))?;
    Ok(format!("{head}{}", rendered(&notices)))
}

/// `name vVersion` of each crate whose code is in a library: nothing that only helps to build it.
fn linked(workspace: &Workspace, target: &str, packages: &[&str]) -> Result<Vec<String>> {
    let tree = ["tree", "--locked", "--prefix", "none"];
    let what = ["--edges", "normal,no-proc-macro", "--target", target];
    let packages = packages.iter().flat_map(|one| ["--package", one]);
    let cargo = workspace.cargo().args(tree).args(what).args(packages);
    let lines = cargo.args(["--format", "{p}"]).read()?;
    Ok(lines.lines().map(named).collect())
}

/// Without the remarks behind it.
fn named(line: &str) -> String {
    line.split(" (").next().unwrap_or_default().to_owned()
}

/// The text of its licence.
fn notice(package: &Package) -> Result<String> {
    let folder = package.manifest_path.parent().unwrap_or(Path::new(""));
    for file in FILES {
        let path = folder.join(file);
        if fs::exists(&path).unwrap_or_default() {
            return Ok(files::read(&path)?.replace("\r\n", "\n").trim().to_owned());
        }
    }
    let license = package.license.as_deref().unwrap_or_default();
    if license == "MIT" && !package.authors.is_empty() {
        let authors = package.authors.join(", ");
        return Ok(format!(
            "MIT License\n\nCopyright (c) {authors}\n\n{}",
            MIT.trim_end()
        ));
    }
    let known = ELSEWHERE.iter().find(|(name, _)| *name == license);
    let (_, address) = known.with_context(|| {
        format!(
            "{} brings no licence text in {}",
            package.named(),
            FILES.join(", ")
        )
    })?;
    Ok(format!("{license}: {address}"))
}

/// Each text once, below all who use it, with the address of their source (which the MPL asks for).
fn rendered(notices: &BTreeMap<String, Vec<&Package>>) -> String {
    let mut text = String::new();
    for (notice, packages) in notices {
        text.push_str("\n----------------------------------------\n\n");
        for package in packages {
            let (name, version) = (&package.name, &package.version);
            text.push_str(&format!(
                "{name} {version} (https://crates.io/crates/{name}/{version})\n"
            ));
        }
        text.push_str(&format!("\n{notice}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_of_cargo_are_no_part_of_a_name() {
        assert_eq!(
            named("octroi-ffi v0.1.0 (/home/me/bindings)"),
            "octroi-ffi v0.1.0"
        );
        assert_eq!(named("log v0.4.35 (*)"), "log v0.4.35");
    }
}
