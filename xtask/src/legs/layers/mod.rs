//! The layers of the house: who may depend on whom, and what core may know of the world (nothing).

mod dependencies;
mod source;

use anyhow::Result;

use super::tally::Tally;
use crate::metadata::Metadata;
use crate::workspace::Workspace;

/// Our crates, each with those of ours that it may depend on. `octroi-tests` may depend on all.
const LAYERS: [(&str, &[&str]); 16] = [
    ("octroi-core", &[]),
    ("octroi-evidence", &["octroi-core"]),
    ("octroi-exports", &["octroi-core"]),
    ("octroi-columns", &["octroi-core", "octroi-exports"]),
    ("octroi-store", &[]),
    ("octroi-updates", &["octroi-core", "octroi-store"]),
    (
        "octroi-gate",
        &[
            "octroi-core",
            "octroi-evidence",
            "octroi-store",
            "octroi-updates",
        ],
    ),
    ("octroi-publish", &["octroi-core", "octroi-updates"]),
    ("octroi-report", &["octroi-core"]),
    (
        "octroi",
        &[
            "octroi-columns",
            "octroi-core",
            "octroi-evidence",
            "octroi-exports",
            "octroi-publish",
            "octroi-report",
            "octroi-updates",
        ],
    ),
    (
        "octroi-ffi",
        &[
            "octroi-core",
            "octroi-evidence",
            "octroi-gate",
            "octroi-updates",
        ],
    ),
    ("octroi-server", &["octroi-core", "octroi-evidence"]),
    (
        "octroi-python",
        &[
            "octroi-columns",
            "octroi-core",
            "octroi-evidence",
            "octroi-exports",
        ],
    ),
    ("octroi-bindgen", &[]),
    ("octroi-reference", &[]),
    ("xtask", &[]),
];

const TESTS: &str = "octroi-tests";

pub(super) fn run(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    tally.faults(
        "our crates depend downwards",
        &upwards(&Metadata::read(workspace)?),
    );
    let core = dependencies::of_core(workspace)?;
    tally.faults(
        "core depends on what is listed",
        &dependencies::unlisted(&core),
    );
    tally.faults(
        "core's jiff reads nothing",
        &dependencies::features_that_read(&core),
    );
    tally.faults(
        "core's source names nothing of the system",
        &source::faults(workspace)?,
    );
    Ok(tally)
}

/// The dependencies between our crates that [`LAYERS`] does not have.
fn upwards(metadata: &Metadata) -> Vec<String> {
    let ours: Vec<_> = metadata
        .members()
        .map(|package| package.name.as_str())
        .collect();
    let mut faults = Vec::new();
    for package in metadata.members().filter(|package| package.name != TESTS) {
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| *name == package.name) else {
            faults.push(format!(
                "`{}` has no place in the layers (xtask/src/legs/layers/mod.rs)",
                package.name
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if ours.contains(&name) && !below.contains(&name) {
                faults.push(format!("`{}` may not depend on `{name}`", package.name));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upwards(name: &str, dependency: &str) -> Vec<String> {
        let json = format!(
            r#"{{
                "packages": [
                    {{ "id": "a", "name": "{name}", "version": "1.0.0",
                       "dependencies": [{{ "name": "{dependency}", "req": "^1" }}] }},
                    {{ "id": "b", "name": "octroi-tests", "version": "1.0.0", "dependencies": [] }},
                    {{ "id": "c", "name": "octroi-core", "version": "1.0.0", "dependencies": [] }}
                ],
                "workspace_members": ["a", "b", "c"],
                "resolve": {{ "nodes": [] }}
            }}"#
        );
        super::upwards(&Metadata::parse(&json).unwrap())
    }

    #[test]
    fn downwards_is_right() {
        assert!(upwards("octroi-exports", "octroi-core").is_empty());
        assert!(upwards("octroi-exports", "serde").is_empty());
    }

    #[test]
    fn nothing_depends_on_the_tests_and_the_reference_on_nothing() {
        assert_eq!(
            upwards("octroi", "octroi-tests"),
            ["`octroi` may not depend on `octroi-tests`"]
        );
        assert_eq!(
            upwards("octroi-reference", "octroi-core"),
            ["`octroi-reference` may not depend on `octroi-core`"]
        );
    }

    #[test]
    fn a_new_crate_must_be_given_a_place() {
        assert_eq!(
            upwards("octroi-new", "serde"),
            ["`octroi-new` has no place in the layers (xtask/src/legs/layers/mod.rs)"]
        );
    }
}
