//! Programs that a leg needs and Rust does not bring.
//!
//! On Debian, as root, they are installed. Elsewhere nobody's machine is changed: the error holds the commands.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::workspace::Workspace;

/// A program, and the Debian package that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its name on the path.
    pub(crate) name: &'static str,
    /// The package.
    pub(crate) package: &'static str,
}

/// A C compiler.
pub(crate) const CC: Program = Program {
    name: "cc",
    package: "gcc",
};

/// A JDK.
pub(crate) const JAVAC: Program = Program {
    name: "javac",
    package: "default-jdk-headless",
};

/// Maven.
pub(crate) const MAVEN: Program = Program {
    name: "mvn",
    package: "maven",
};

/// Python's installer.
pub(crate) const PIP: Program = Program {
    name: "pip3",
    package: "python3-pip",
};

/// What runs JavaScript outside a browser.
pub(crate) const NODE: Program = Program {
    name: "node",
    package: "nodejs",
};

/// Its installer.
pub(crate) const NPM: Program = Program {
    name: "npm",
    package: "npm",
};

/// A browser.
pub(crate) const CHROMIUM: Program = Program {
    name: "chromium",
    package: "chromium",
};

/// Sees to it that these programs are there.
pub(crate) fn provide(workspace: &Workspace, programs: &[Program]) -> Result<()> {
    let missing = missing(programs);
    if missing.is_empty() {
        return Ok(());
    }
    if !(is_debian() && is_root(workspace)) {
        bail!(instructions(&missing));
    }
    let apt = || {
        workspace
            .tool("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
    };
    apt().args(["update", "--quiet"]).run()?;
    let install = ["install", "--quiet", "--yes", "--no-install-recommends"];
    apt()
        .args(install)
        .args(missing.iter().map(|program| program.package))
        .run()?;
    match self::missing(programs).first() {
        None => Ok(()),
        Some(program) => bail!(
            "package `{}` brought no program `{}`",
            program.package,
            program.name
        ),
    }
}

fn missing(programs: &[Program]) -> Vec<Program> {
    programs
        .iter()
        .copied()
        .filter(|program| !is_on_path(program.name))
        .collect()
}

/// Whether there is a program of this name.
pub(crate) fn is_on_path(name: &str) -> bool {
    on_path(name).is_some()
}

/// Where the program of this name is.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Whether packages of Debian can be installed here.
pub(crate) fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && is_on_path("apt-get")
}

fn is_root(workspace: &Workspace) -> bool {
    workspace
        .tool("id")
        .args(["-u"])
        .read()
        .is_ok_and(|id| id.trim() == "0")
}

fn instructions(missing: &[Program]) -> String {
    let names: Vec<_> = missing
        .iter()
        .map(|program| format!("`{}`", program.name))
        .collect();
    let packages: Vec<_> = missing.iter().map(|program| program.package).collect();
    format!(
        "{} missing; on Debian: sudo apt-get update && sudo apt-get install --yes {}",
        names.join(", "),
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: Program = Program {
        name: "sh",
        package: "dash",
    };
    const JAVAC: Program = Program {
        name: "no-such-javac",
        package: "openjdk-17-jdk-headless",
    };
    const SIGNER: Program = Program {
        name: "no-such-apksigner",
        package: "apksigner",
    };

    #[test]
    fn what_is_there_is_not_missing() {
        assert_eq!(missing(&[SHELL, JAVAC]), [JAVAC]);
    }

    #[test]
    fn the_commands_are_complete() {
        assert_eq!(
            instructions(&[JAVAC, SIGNER]),
            "`no-such-javac`, `no-such-apksigner` missing; on Debian: \
             sudo apt-get update && sudo apt-get install --yes openjdk-17-jdk-headless apksigner"
        );
    }
}
