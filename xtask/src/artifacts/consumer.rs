//! Projects that use what we publish as everyone does: by its coordinates, from a repository.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{Artifact, GROUP};
use crate::version::VERSION;
use crate::workspace::Workspace;

/// A repository with some of what we publish.
pub(crate) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// Publishes these below the target folder.
    pub(crate) fn write(workspace: &Workspace, artifacts: &[Artifact]) -> Result<Self> {
        let folder = workspace.target().join("published");
        for artifact in artifacts {
            artifact.write(workspace, &folder)?;
        }
        Ok(Self { folder })
    }

    /// Builds and runs a project up to Maven's phase `test`, and returns what it said.
    pub(crate) fn build(&self, workspace: &Workspace, project: &str) -> Result<String> {
        // What Maven keeps has nothing of ours in it: nobody's machine has what was not published yet.
        let local = self.folder.join("local");
        clear(&local.join(GROUP.replace('.', "/")))?;
        let maven = workspace.maven().args(["--file", project]).args([
            format!("-Dmaven.repo.local={}", local.display()),
            format!(
                "-Doctroi.repository=file://{}",
                self.folder.join("maven").display()
            ),
            format!("-Doctroi.version={VERSION}"),
        ]);
        let mut output = String::new();
        let status = maven.args(["clean", "test"]).watch(|line| {
            output.push_str(line);
            output.push('\n');
        })?;
        ensure!(status.success(), "`{project}` cannot be built");
        Ok(output)
    }
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove `{}`", folder.display()))?;
    }
    Ok(())
}
