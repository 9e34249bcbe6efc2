//! A clang for other machines than this one, from PyPI: zig carries one, with the headers of musl and all versions of glibc.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::python;
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
        let installed = python::provide(workspace, PINNED, "ziglang", &folder)?;
        Ok(Self {
            zig: installed.join("ziglang/zig"),
            cache: folder.join("zig-cache"),
        })
    }

    /// zig's own program.
    pub(crate) fn zig(&self) -> &Path {
        &self.zig
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
