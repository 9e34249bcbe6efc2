//! No package is there that may not be, and none is asked for in whatever version.

use super::rules::{Ban, Bans};
use crate::metadata::{Metadata, Package};

/// The packages that may not be there, and the wildcards.
pub(super) fn faults(rules: &Bans, metadata: &Metadata) -> Vec<String> {
    let mut faults = Vec::new();
    for package in &metadata.packages {
        for ban in rules.deny.iter().filter(|ban| ban.name == package.name) {
            if !is_wrapped(package, ban, metadata) {
                faults.push(format!(
                    "{}: banned: {}",
                    package.described(metadata),
                    ban.reason
                ));
            }
        }
        for private in private(package, metadata) {
            faults.push(format!(
                "{}: can be published, but `{private}` can not",
                package.described(metadata)
            ));
        }
        for wildcard in wildcards(package) {
            faults.push(format!(
                "{}: asks for any version of `{wildcard}`",
                package.described(metadata)
            ));
        }
    }
    faults
}

/// Whether only those depend on it that may.
fn is_wrapped(package: &Package, ban: &Ban, metadata: &Metadata) -> bool {
    !ban.wrappers.is_empty()
        && metadata
            .dependents(package)
            .all(|dependent| ban.wrappers.contains(&dependent.name))
}

/// The private crates of ours without which a public one does not compile.
fn private<'a>(package: &'a Package, metadata: &'a Metadata) -> impl Iterator<Item = &'a str> {
    let is_needed = |kind: &Option<String>| kind.as_deref() != Some("dev");
    let is_private = |name: &str| {
        let mut ours = metadata.members();
        ours.any(|other| other.name == name && other.is_private())
    };
    let dependencies = package
        .dependencies
        .iter()
        .filter(|_| !package.is_private());
    dependencies
        .filter(move |one| one.path.is_some() && is_needed(&one.kind) && is_private(&one.name))
        .map(|dependency| dependency.name.as_str())
}

/// What it asks for in any version. A private crate may do so for a neighbour in the workspace.
fn wildcards(package: &Package) -> impl Iterator<Item = &str> {
    let is_wildcard = |path: &Option<String>| path.is_none() || !package.is_private();
    let dependencies = package.dependencies.iter();
    dependencies
        .filter(move |dependency| dependency.req == "*" && is_wildcard(&dependency.path))
        .map(|dependency| dependency.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        multiple-versions = "allow"
        wildcards = "deny"
        allow-wildcard-paths = true
        deny = [
            { crate = "openssl-sys", reason = "no OpenSSL" },
            { crate = "uniffi", wrappers = ["octroi-ffi"], reason = "octroi-ffi alone" },
        ]
    "#;

    /// One crate of ours that depends on one package.
    fn faults_of(
        ours: &str,
        publish: &str,
        dependency: &str,
        req: &str,
        path: &str,
    ) -> Vec<String> {
        let json = format!(
            r#"{{
                "packages": [
                    {{ "id": "a", "name": "{ours}", "version": "1.0.0", "publish": {publish},
                       "dependencies": [{{ "name": "{dependency}", "req": "{req}", "path": {path} }}] }},
                    {{ "id": "b", "name": "{dependency}", "version": "2.0.0", "dependencies": [] }}
                ],
                "workspace_members": ["a"],
                "resolve": {{ "nodes": [
                    {{ "id": "a", "dependencies": ["b"] }}, {{ "id": "b", "dependencies": [] }}
                ] }}
            }}"#
        );
        faults(
            &toml::from_str(RULES).unwrap(),
            &Metadata::parse(&json).unwrap(),
        )
    }

    #[test]
    fn a_banned_package_is_a_fault() {
        assert_eq!(
            faults_of("octroi", "null", "openssl-sys", "^2", "null"),
            ["openssl-sys 2.0.0 (brought in by octroi): banned: no OpenSSL"]
        );
        assert!(faults_of("octroi", "null", "serde", "^2", "null").is_empty());
    }

    #[test]
    fn a_wrapper_alone_may_depend_on_a_banned_package() {
        assert!(faults_of("octroi-ffi", "null", "uniffi", "^2", "null").is_empty());
        assert_eq!(
            faults_of("octroi-core", "null", "uniffi", "^2", "null"),
            ["uniffi 2.0.0 (brought in by octroi-core): banned: octroi-ffi alone"]
        );
    }

    #[test]
    fn any_version_is_a_fault_but_between_private_neighbours() {
        let fault = ["octroi 1.0.0: asks for any version of `serde`"];
        assert_eq!(faults_of("octroi", "[]", "serde", "*", "null"), fault);
        assert_eq!(
            faults_of("octroi", "null", "serde", "*", "\"/serde\""),
            fault
        );
        assert!(faults_of("octroi", "[]", "serde", "*", "\"/serde\"").is_empty());
    }

    /// Nobody could compile it who gets it from a registry.
    #[test]
    fn what_can_be_published_stands_on_nothing_private() {
        let faults_of = |publish: &str, kind: &str| {
            let json = format!(
                r#"{{
                    "packages": [
                        {{ "id": "a", "name": "octroi", "version": "1.0.0", "publish": {publish}, "dependencies":
                           [{{ "name": "octroi-store", "req": "^1", "path": "/store", "kind": {kind} }}] }},
                        {{ "id": "b", "name": "octroi-store", "version": "1.0.0", "publish": [], "dependencies": [] }}
                    ],
                    "workspace_members": ["a", "b"],
                    "resolve": {{ "nodes": [] }}
                }}"#
            );
            faults(
                &toml::from_str(RULES).unwrap(),
                &Metadata::parse(&json).unwrap(),
            )
        };
        assert_eq!(
            faults_of("null", "null"),
            ["octroi 1.0.0: can be published, but `octroi-store` can not"]
        );
        assert!(faults_of("null", "\"dev\"").is_empty());
        assert!(faults_of("[]", "null").is_empty());
    }
}
