//! `deny.toml`, in the form of cargo-deny 0.20.
//!
//! Of each key only the values that the checks beside this file honour.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace::Workspace;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rules {
    #[serde(rename = "graph")]
    _graph: Graph,
    /// Needs the advisory database, so cargo-deny itself.
    #[serde(rename = "advisories")]
    _advisories: toml::Table,
    pub(super) licenses: Licenses,
    pub(super) bans: Bans,
    pub(super) sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Graph {
    #[serde(rename = "all-features")]
    _all_features: True,
}

/// `[licenses]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Licenses {
    /// The licences that a package may be had under.
    pub(super) allow: Vec<String>,
    #[serde(rename = "include-dev")]
    _include_dev: True,
    #[serde(rename = "unused-allowed-license")]
    _unused_allowed_license: Allow,
}

/// `[bans]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Bans {
    #[serde(rename = "multiple-versions")]
    _multiple_versions: Allow,
    #[serde(rename = "wildcards")]
    _wildcards: Deny,
    #[serde(rename = "allow-wildcard-paths")]
    _allow_wildcard_paths: True,
    /// The packages that may not be there.
    pub(super) deny: Vec<Ban>,
}

/// A package that may not be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Ban {
    /// Its name.
    #[serde(rename = "crate")]
    pub(super) name: String,
    /// Why.
    pub(super) reason: String,
    /// Those that may depend on it nevertheless.
    #[serde(default)]
    pub(super) wrappers: Vec<String>,
}

/// `[sources]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Sources {
    #[serde(rename = "unknown-registry")]
    _unknown_registry: Deny,
    #[serde(rename = "unknown-git")]
    _unknown_git: Deny,
    /// The registries that packages may come from.
    pub(super) allow_registry: Vec<String>,
    /// The repositories that packages may come from.
    pub(super) allow_git: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Allow {
    Allow,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deny {
    Deny,
}

/// A switch that is on.
#[derive(Deserialize)]
#[serde(try_from = "bool")]
struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        value.then_some(Self).ok_or("expected `true`")
    }
}

impl Rules {
    /// Reads the workspace's.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let source =
            fs::read_to_string(workspace.path("deny.toml")).context("cannot read `deny.toml`")?;
        toml::from_str(&source)
            .context("`deny.toml` holds what the deny leg (xtask/src/legs/deny) cannot check")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../../../deny.toml");

    fn fault(source: &str) -> String {
        toml::from_str::<Rules>(source).err().unwrap().to_string()
    }

    #[test]
    fn a_key_that_no_check_reads_is_an_error() {
        let source = OURS.replace("[bans]", "[bans]\nskip = []");
        assert!(fault(&source).contains("unknown field `skip`"));
    }

    #[test]
    fn a_value_that_no_check_honours_is_an_error() {
        let source = OURS.replace("unknown-git = \"deny\"", "unknown-git = \"warn\"");
        assert!(fault(&source).contains("unknown variant `warn`, expected `deny`"));
        let source = OURS.replace("all-features = true", "all-features = false");
        assert!(fault(&source).contains("expected `true`"));
    }
}
