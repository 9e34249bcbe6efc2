//! Debian's Swift in a folder: the older Debian that most have carries none, and the newer one is not mixed into it.
//!
//! Its packages are fetched and checked by apt, with the keys of the machine, and run by bubblewrap, with the project to read and the
//! target folder to write.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::debian::{self, Program};
use crate::files;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// The Debian that has it, and the version that it has for as long as it is supported.
const SUITE: &str = "trixie";
const VERSION: &str = "6.0.3";
const MIRROR: &str = "http://deb.debian.org/debian";

/// What is in the folder.
const PACKAGES: &str = "base-files,bash,coreutils,dash,git,libc6-dev,libstdc++-14-dev,swiftlang";

/// What neither building nor testing needs: half of what is in the packages.
const LEFT_OUT: [&str; 15] = [
    "./dev/*",
    "./usr/share/doc/*",
    "./usr/share/info/*",
    "./usr/share/locale/*",
    "./usr/share/man/*",
    "./usr/libexec/swift/bin/clangd*",
    "./usr/libexec/swift/bin/docc",
    "./usr/libexec/swift/bin/lldb*",
    "./usr/libexec/swift/bin/sourcekit-lsp",
    "./usr/libexec/swift/lib/libLTO.so*",
    "./usr/libexec/swift/lib/liblldb*",
    "./usr/libexec/swift/lib/libsourcekitdInProc*",
    "./usr/libexec/swift/lib/swift/FrameworkABIBaseline/*",
    "./usr/libexec/swift/lib/swift/embedded/*",
    "./usr/libexec/swift/lib/swift_static/*",
];

const PROGRAMS: [Program; 2] = [
    Program {
        name: "mmdebstrap",
        package: "mmdebstrap",
    },
    Program {
        name: "bwrap",
        package: "bubblewrap",
    },
];

/// The folder.
pub(crate) struct Root(PathBuf);

impl Root {
    /// Installs it, unless it is there.
    pub(super) fn provide(workspace: &Workspace) -> Result<Self> {
        debian::provide(workspace, &PROGRAMS)?;
        let folder = cache(workspace).join(format!("swift-{VERSION}"));
        let root = Self(folder);
        if !root.0.exists() {
            root.install(workspace)?;
        }
        Ok(root)
    }

    /// A program in it. Nothing of the machine is seen but the project, and nothing is written but the target folder.
    pub(super) fn tool(&self, workspace: &Workspace, program: &str) -> Result<Tool> {
        let project = workspace.path("");
        let target = workspace.target();
        let home = target.join("swift-home");
        files::create_folder(&home)?;
        let tool = self.bare(workspace).args(["--ro-bind"]);
        let tool = tool.args([&project, &project]).args(["--bind"]);
        let tool = tool.args([&target, &target]).args(["--chdir"]);
        let tool = tool.args([&project]).args(["--setenv", "HOME"]);
        Ok(tool.args([home.as_os_str(), program.as_ref()]))
    }

    fn bare(&self, workspace: &Workspace) -> Tool {
        // To write, so that bubblewrap can make the folders that the project is mounted on.
        let tool = workspace
            .tool("bwrap")
            .args(["--bind".as_ref(), self.0.as_os_str()]);
        let tool = tool.args(["/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]);
        let path = ["--setenv", "PATH", "/usr/libexec/swift/bin:/usr/bin:/bin"];
        tool.args(["--die-with-parent"]).args(path)
    }

    fn install(&self, workspace: &Workspace) -> Result<()> {
        let partial = Self(self.0.with_extension("partial"));
        let archive = self.0.with_extension("tar");
        if partial.0.exists() {
            fs::remove_dir_all(&partial.0).with_context(|| cannot("remove", &partial.0))?;
        }
        files::create_folder(&partial.0)?;
        let include = format!("--include={PACKAGES}");
        let make = workspace
            .tool("mmdebstrap")
            .args(["--variant=extract", &include, SUITE]);
        make.args([&archive]).args([MIRROR]).run()?;
        let tar = workspace
            .tool("tar")
            .args(["--extract", "--no-same-owner", "--file"]);
        let tar = tar
            .args([&archive])
            .args(["--directory"])
            .args([&partial.0]);
        tar.args(LEFT_OUT.map(|left_out| format!("--exclude={left_out}")))
            .run()?;
        fs::remove_file(&archive).with_context(|| cannot("remove", &archive))?;
        for name in ["dev", "proc", "tmp"] {
            files::create_folder(&partial.0.join(name))?;
        }
        let version = partial
            .bare(workspace)
            .args(["swift", "--version"])
            .read()?;
        ensure!(
            version.contains(&format!("Swift version {VERSION}")),
            "{SUITE} has another Swift than {VERSION}: {version}"
        );
        fs::rename(&partial.0, &self.0).with_context(|| cannot("rename", &partial.0))
    }
}

/// Where caches lie; in the target folder where the machine has no place for them.
fn cache(workspace: &Workspace) -> PathBuf {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let cache = given("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(given("HOME")?).join(".cache")));
    cache.map_or_else(
        || workspace.target().join("cache"),
        |cache| cache.join("octroi"),
    )
}

fn cannot(what: &str, path: &Path) -> String {
    format!("cannot {what} `{}`", path.display())
}
