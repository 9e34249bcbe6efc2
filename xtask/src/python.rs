//! Packages from PyPI, by their digests, below the target folder: nothing of Python's own is changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;
use crate::workspace::Workspace;

/// Installs what a file of requirements pins below a folder, unless it is there.
pub(crate) fn provide(
    workspace: &Workspace,
    requirements: &str,
    package: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let pinned = files::read(&workspace.path(requirements))?;
    let version = version(&pinned, package);
    let version = version.with_context(|| format!("`{requirements}` names no `{package}`"))?;
    let installed = folder.join(format!("{package}-{version}"));
    if !installed.exists() {
        let partial = folder.join(format!("{package}.partial"));
        let pip = [
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
        ];
        let pip = workspace.tool("python3").args(pip);
        let pip = pip.args(["--require-hashes", "--only-binary", ":all:", "--no-deps"]);
        let pip = pip.args(["--upgrade", "--requirement", requirements]);
        pip.args(["--target".as_ref(), partial.as_os_str()]).run()?;
        fs::rename(&partial, &installed)
            .with_context(|| format!("cannot rename `{}`", partial.display()))?;
    }
    Ok(installed)
}

/// Packages by themselves, as after `pip install` on a new machine; nothing of the one that it is on is seen.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// An empty one in place of what was there.
    pub(crate) fn new(workspace: &Workspace, name: &str) -> Result<Self> {
        let folder = workspace.target().join("python").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot remove `{}`", folder.display()))?;
        }
        let create = workspace
            .tool("python3")
            .args(["-m", "venv", "--without-pip"]);
        create.args([&folder]).run()?;
        Ok(Self { folder })
    }

    /// Its Python.
    pub(crate) fn python(&self) -> PathBuf {
        self.folder.join("bin/python")
    }

    /// Installs with these arguments.
    pub(crate) fn install(&self, workspace: &Workspace, arguments: &[&str]) -> Result<()> {
        let pip = workspace.tool("python3").args(["-m", "pip", "--python"]);
        let pip = pip.args([self.python()]);
        let pip = pip.args(["install", "--disable-pip-version-check", "--quiet"]);
        pip.args(arguments).run()
    }
}

fn version<'a>(requirements: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = requirements.lines();
    let pinned = lines.find_map(|line| line.strip_prefix(package)?.strip_prefix("=="))?;
    pinned.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_pinned_one() {
        let requirements = "# Clang\nziglang==0.15.2 \\\n    --hash=sha256:80\n";
        assert_eq!(version(requirements, "ziglang"), Some("0.15.2"));
        assert_eq!(version("zig\n", "ziglang"), None);
        assert_eq!(version("a-tuf==1\ntuf==7.0.1 \\\n", "tuf"), Some("7.0.1"));
    }
}
