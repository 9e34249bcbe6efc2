//! Swift: the system's, or on Debian one in a folder of its own.

mod root;

use std::path::Path;

use anyhow::{Result, bail};

use self::root::Root;
use crate::debian;
use crate::files;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// A Swift toolchain.
pub(crate) enum Swift {
    /// The one on the path.
    System,
    /// One of Debian's, that nothing of the machine knows of.
    Apart(Root),
}

impl Swift {
    /// Finds one, or installs it on Debian.
    pub(crate) fn provide(workspace: &Workspace) -> Result<Self> {
        if debian::is_on_path("swift") {
            return Ok(Self::System);
        }
        if !debian::is_debian() {
            bail!("`swift` missing; Swift 6 is to be had from https://www.swift.org/install");
        }
        Root::provide(workspace).map(Self::Apart)
    }

    /// One of its programs, to be run at the root of the project. It may write into the target folder only.
    pub(crate) fn tool(&self, workspace: &Workspace, program: &str) -> Result<Tool> {
        match self {
            Self::System => Ok(workspace.tool(program)),
            Self::Apart(root) => root.tool(workspace, program),
        }
    }

    /// Whether what it compiles can watch its own threads: not every toolchain brings what that takes, and on Linux it wants an address
    /// space that is not shuffled too much.
    pub(crate) fn sees_races(&self, workspace: &Workspace) -> Result<bool> {
        let folder = workspace.target().join("swift");
        files::create_folder(&folder)?;
        let probe = folder.join("probe");
        let compile = self.tool(workspace, "swiftc")?;
        let compile = compile.args(["-sanitize=thread", "-"]).args(["-o"]);
        if compile.args([&probe]).filter("").is_err() {
            return Ok(false);
        }
        let probe = probe.display().to_string();
        Ok(self.tool(workspace, &probe)?.read().is_ok())
    }

    /// `swift test` of a package in the project, with the library that cargo built in `library`. It is built in a folder of this name.
    pub(crate) fn test(
        &self,
        workspace: &Workspace,
        package: &str,
        library: &Path,
        name: &str,
    ) -> Result<Tool> {
        let scratch = workspace.target().join("swift").join(name);
        files::create_folder(&scratch)?;
        let tool = self.tool(workspace, "swift")?.args(["test"]);
        let tool = tool.args(["--package-path", package, "--scratch-path"]);
        let tool = tool.args([&scratch]);
        let search = format!("-L{}", library.display());
        let tool = tool.args(["-Xlinker", &search, "-Xlinker", "-rpath", "-Xlinker"]);
        Ok(tool.args([library]))
    }
}
