//! What core is built from, by itself: no crate that reads files, the network, the clock or the environment.

use anyhow::Result;

use crate::workspace::Workspace;

/// The packages that core may bring onto a phone, on any platform. What runs at build time only is not among them.
/// Before a name comes in here: what does the crate read, and what does it weigh on a phone?
const ALLOWED: [&str; 13] = [
    "itoa",
    "jiff",
    "jiff-core",
    "memchr",
    "once_cell",
    "portable-atomic",
    "portable-atomic-util",
    "rustc-hash",
    "serde",
    "serde_core",
    "serde_json",
    "thiserror",
    "zmij",
];

/// Features with which jiff asks the system for the time, its zone or its zone data. Time zones are data to core.
const JIFF_READS: [&str; 6] = [
    "std",
    "tz-system",
    "tzdb-bundle-always",
    "tzdb-bundle-platform",
    "tzdb-concatenated",
    "tzdb-zoneinfo",
];

/// A package, and the features that core alone asks of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    name: String,
    features: Vec<String>,
}

/// What core is built from when nothing else of the workspace is.
pub(super) fn of_core(workspace: &Workspace) -> Result<Vec<Dependency>> {
    let tree = [
        "tree",
        "--locked",
        "--package",
        "octroi-core",
        "--edges",
        "normal,no-proc-macro",
        "--target",
        "all",
    ];
    let printed = workspace
        .cargo()
        .args(tree)
        .args(["--prefix", "none", "--format", "{p} | {f}"])
        .read()?;
    Ok(printed
        .lines()
        .filter_map(parse)
        .filter(|dependency| dependency.name != "octroi-core")
        .collect())
}

/// Reads `jiff v0.2.43 | alloc,std`.
fn parse(line: &str) -> Option<Dependency> {
    let (package, features) = line.split_once(" | ")?;
    let name = package.split(' ').next()?.to_owned();
    let features = features
        .split([',', ' '])
        .filter(|feature| !feature.is_empty())
        .map(str::to_owned)
        .collect();
    Some(Dependency { name, features })
}

/// The differences from the list: packages it lacks, names it need not have.
pub(super) fn unlisted(dependencies: &[Dependency]) -> Vec<String> {
    let mut faults = Vec::new();
    for Dependency { name, .. } in dependencies {
        if !ALLOWED.contains(&name.as_str()) {
            faults.push(format!(
                "core may not depend on `{name}` (xtask/src/legs/layers/dependencies.rs)"
            ));
        }
    }
    for name in ALLOWED {
        if !dependencies
            .iter()
            .any(|dependency| dependency.name == name)
        {
            faults.push(format!(
                "`{name}` is allowed and core does not depend on it: take it off the list"
            ));
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

/// The features of jiff that let it read from the system.
pub(super) fn features_that_read(dependencies: &[Dependency]) -> Vec<String> {
    let jiff = dependencies
        .iter()
        .filter(|dependency| dependency.name == "jiff");
    let features = jiff.flat_map(|dependency| &dependency.features);
    features
        .filter(|feature| JIFF_READS.contains(&feature.as_str()))
        .map(|feature| format!("core asks for jiff's feature `{feature}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, features: &[&str]) -> Dependency {
        Dependency {
            name: name.to_owned(),
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
        }
    }

    #[test]
    fn lines_of_cargo_tree_are_read() {
        assert_eq!(
            parse("jiff v0.2.43 | alloc,std (*)"),
            Some(dependency("jiff", &["alloc", "std", "(*)"]))
        );
        assert_eq!(parse("itoa v1.0.18 | "), Some(dependency("itoa", &[])));
        assert_eq!(parse(""), None);
    }

    #[test]
    fn a_runtime_is_not_on_the_list() {
        let mut dependencies: Vec<_> = ALLOWED.iter().map(|name| dependency(name, &[])).collect();
        assert!(unlisted(&dependencies).is_empty());
        dependencies.push(dependency("tokio", &[]));
        assert_eq!(
            unlisted(&dependencies),
            ["core may not depend on `tokio` (xtask/src/legs/layers/dependencies.rs)"]
        );
    }

    #[test]
    fn the_list_holds_nothing_superfluous() {
        let dependencies: Vec<_> = ALLOWED
            .iter()
            .skip(1)
            .map(|name| dependency(name, &[]))
            .collect();
        assert_eq!(
            unlisted(&dependencies),
            ["`itoa` is allowed and core does not depend on it: take it off the list"]
        );
    }

    #[test]
    fn jiff_may_not_know_the_system() {
        assert!(
            features_that_read(&[
                dependency("jiff", &["alloc"]),
                dependency("serde", &["std"])
            ])
            .is_empty()
        );
        assert_eq!(
            features_that_read(&[dependency("jiff", &["alloc", "tz-system"])]),
            ["core asks for jiff's feature `tz-system`"]
        );
    }
}
