//! What `cargo metadata` knows: our crates and all they depend on, on any platform, with every feature.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace::Workspace;

/// Every package, and who depends on whom.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    /// Every package.
    pub(crate) packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

/// One package in one version.
#[derive(Deserialize)]
pub(crate) struct Package {
    /// Its unique id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its licence, as an SPDX expression.
    pub(crate) license: Option<String>,
    /// Who wrote it, where they say so.
    #[serde(default)]
    pub(crate) authors: Vec<String>,
    /// Where it comes from; nothing for a folder on this machine.
    pub(crate) source: Option<String>,
    /// Its manifest, on this machine.
    #[serde(default)]
    pub(crate) manifest_path: PathBuf,
    /// What its manifest asks for.
    pub(crate) dependencies: Vec<Dependency>,
    /// The registries that it may be published to; none at all for a private crate.
    publish: Option<Vec<String>>,
}

/// What a manifest asks for.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    /// The package.
    pub(crate) name: String,
    /// The versions.
    pub(crate) req: String,
    /// The folder, if it is one on this machine.
    pub(crate) path: Option<String>,
    /// What it is for: `dev` and `build`, or nothing said.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Metadata {
    /// Asks cargo.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let arguments = [
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--all-features",
        ];
        Self::parse(&workspace.cargo().args(arguments).read()?)
    }

    /// Reads what cargo printed.
    pub(crate) fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).context("`cargo metadata` printed something unknown")
    }

    /// Our own crates.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The packages that depend on this one, of whatever kind the dependency is.
    pub(crate) fn dependents<'a>(
        &'a self,
        package: &'a Package,
    ) -> impl Iterator<Item = &'a Package> {
        let nodes = self
            .resolve
            .nodes
            .iter()
            .filter(|node| node.dependencies.contains(&package.id));
        nodes.filter_map(|node| self.packages.iter().find(|package| package.id == node.id))
    }
}

impl Package {
    /// Name and version, and who brought it in.
    pub(crate) fn described(&self, metadata: &Metadata) -> String {
        let mut dependents: Vec<_> = metadata
            .dependents(self)
            .map(|dependent| dependent.name.as_str())
            .collect();
        dependents.sort_unstable();
        dependents.dedup();
        let mut text = format!("{} {}", self.name, self.version);
        if !dependents.is_empty() {
            text = format!("{text} (brought in by {})", dependents.join(", "));
        }
        text
    }

    /// Name and version, like `cargo tree` shows them.
    pub(crate) fn named(&self) -> String {
        format!("{} v{}", self.name, self.version)
    }

    /// Whether it is published nowhere.
    pub(crate) fn is_private(&self) -> bool {
        self.publish.as_ref().is_some_and(Vec::is_empty)
    }
}
