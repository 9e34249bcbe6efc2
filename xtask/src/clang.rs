//! A clang for other machines than this one, from PyPI: zig carries one, with the headers of musl and all versions of glibc.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// Its version and digests.
const PINNED: &str = "bindings/requirements.txt";

/// Options for every file: small, to be put into a shared library, and panics may pass.
const OPTIONS: [&str; 7] = [
    "-Os",
    "-fPIC",
    "-funwind-tables",
    "-ffunction-sections",
    "-fvisibility=hidden",
    // What zig adds by itself, and would want libraries for.
    "-fno-sanitize=all",
    "-fno-stack-protector",
];

/// Clang, installed.
pub(crate) struct Clang {
    zig: PathBuf,
    cache: PathBuf,
}

impl Clang {
    /// Installs it below the target folder, unless it is there.
    pub(crate) fn provide(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target().join("clang");
        let pinned = files::read(&workspace.path(PINNED))?;
        let version = version(&pinned).with_context(|| format!("`{PINNED}` names no version"))?;
        let installed = folder.join(format!("ziglang-{version}"));
        if !installed.exists() {
            let partial = folder.join("ziglang.partial");
            let pip = [
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--quiet",
            ];
            let pip = workspace.tool("python3").args(pip);
            let pip = pip.args(["--require-hashes", "--only-binary", ":all:", "--no-deps"]);
            let pip = pip.args(["--upgrade", "--requirement", PINNED]);
            pip.args(["--target".as_ref(), partial.as_os_str()]).run()?;
            fs::rename(&partial, &installed)
                .with_context(|| format!("cannot rename `{}`", partial.display()))?;
        }
        Ok(Self {
            zig: installed.join("ziglang/zig"),
            cache: folder.join("zig-cache"),
        })
    }

    /// Compiles a file of C, C++ or assembler.
    pub(crate) fn compile(
        &self,
        workspace: &Workspace,
        target: &str,
        source: &Path,
        object: &Path,
        options: &[String],
    ) -> Result<()> {
        let language = if source.extension().is_some_and(|ending| ending == "cpp") {
            "c++"
        } else {
            "cc"
        };
        let clang = self.tool(workspace, language).args(["-target", target]);
        let clang = clang.args(["-c", "-w"]).args(OPTIONS).args(options);
        clang
            .args(["-o".as_ref(), object.as_os_str(), source.as_os_str()])
            .run()
    }

    /// One of zig's commands.
    pub(crate) fn tool(&self, workspace: &Workspace, command: &str) -> Tool {
        let tool = workspace.tool(&self.zig.display().to_string());
        tool.env("ZIG_GLOBAL_CACHE_DIR", &self.cache)
            .env("ZIG_LOCAL_CACHE_DIR", &self.cache)
            .args([command])
    }
}

fn version(requirements: &str) -> Option<&str> {
    let (_, rest) = requirements.split_once("ziglang==")?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_pinned_one() {
        let requirements = "# Clang\nziglang==0.15.2 \\\n    --hash=sha256:80\n";
        assert_eq!(version(requirements), Some("0.15.2"));
        assert_eq!(version("zig\n"), None);
    }
}
