//! `cargo xtask python`: the wheels, for Linux on x86-64 and arm64.
//!
//! They are linked against glibc 2.17, as manylinux2014 has it, whatever the machine that builds them has; one serves Python 3.10 and
//! all later ones (the stable ABI).

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use goblin::elf::Elf;
use goblin::elf::header::{EM_AARCH64, EM_X86_64};

use crate::artifacts::NOTICES;
use crate::clang::Clang;
use crate::glibc;
use crate::notices;
use crate::python;
use crate::rustup;
use crate::workspace::Workspace;

/// The version and the digests of maturin.
const PINNED: &str = "bindings/python/requirements.txt";
const MANIFEST: &str = "bindings/python/Cargo.toml";
const PACKAGE: &str = "octroi-python";
const BESIDE: &str = "bindings/python/python/octroi/notices.txt";
/// Where a wheel has what Rust brings.
const LIBRARY: &str = "octroi/_octroi.abi3.so";
/// Where it has what their authors ask to be said.
const NOTICES_INSIDE: &str = "octroi/notices.txt";
/// The only name that Python looks for in it.
const EXPORT: &str = "PyInit__octroi";

/// A kind of machine.
#[derive(Clone, Copy)]
pub(crate) struct Machine {
    /// What Rust calls it.
    target: &'static str,
    /// What ELF calls it.
    elf: u16,
}

/// Most servers.
pub(crate) const X86_64: Machine = Machine {
    target: "x86_64-unknown-linux-gnu",
    elf: EM_X86_64,
};

/// Servers with processors of Arm, such as AWS Graviton.
const AARCH64: Machine = Machine {
    target: "aarch64-unknown-linux-gnu",
    elf: EM_AARCH64,
};

/// Builds both, checks them and puts them into `dist/`.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for machine in [X86_64, AARCH64] {
        let wheel = build(workspace, machine, &workspace.path("dist"))?;
        let size = fs::metadata(&wheel).map(|metadata| metadata.len())?;
        println!("{}: {size} bytes", wheel.display());
    }
    Ok(())
}

/// Builds one into a folder that has none of it yet, and refuses it if some machine that it is for would.
pub(crate) fn build(workspace: &Workspace, machine: Machine, folder: &Path) -> Result<PathBuf> {
    let installed = workspace.target().join("python");
    let maturin = python::provide(workspace, PINNED, "maturin", &installed)?;
    let clang = Clang::provide(workspace)?;
    rustup::provide_target(workspace, machine.target)?;
    // It goes along by `pyproject.toml`.
    let notices = notices::text(workspace, NOTICES, machine.target, &[PACKAGE])?;
    let beside = workspace.path(BESIDE);
    fs::write(&beside, notices).with_context(|| format!("cannot write `{BESIDE}`"))?;
    let partial = workspace.target().join("wheel").join(machine.target);
    if partial.exists() {
        fs::remove_dir_all(&partial).context("cannot remove an old wheel")?;
    }
    let tool = workspace.tool(&maturin.join("bin/maturin").display().to_string());
    let tool = tool.env("CARGO_ZIGBUILD_ZIG_PATH", clang.zig());
    let tool = tool.args(["build", "--zig", "--compatibility", "manylinux2014"]);
    let tool = tool.args(["--locked", "--manifest-path", MANIFEST]);
    let tool = tool.args(["--target", machine.target]);
    tool.args(["--out".as_ref(), partial.as_os_str()]).run()?;
    let mut built = fs::read_dir(&partial).context("maturin wrote nothing")?;
    let wheel = built.next().context("maturin wrote no wheel")??.path();
    held(&wheel, NOTICES_INSIDE)?;
    let faults = faults(&held(&wheel, LIBRARY)?, machine)?;
    let name = wheel.file_name().context("a wheel without a name")?;
    ensure!(
        faults.is_empty(),
        "{}:\n  {}",
        name.display(),
        faults.join("\n  ")
    );
    fs::create_dir_all(folder)?;
    let there = folder.join(name);
    fs::copy(&wheel, &there).with_context(|| format!("cannot write `{}`", there.display()))?;
    Ok(there)
}

/// What a wheel has under that name.
fn held(wheel: &Path, name: &str) -> Result<Vec<u8>> {
    let file = fs::File::open(wheel).context("cannot open the wheel")?;
    let mut archive = zip::ZipArchive::new(file).context("the wheel is no archive")?;
    let mut content = Vec::new();
    let mut entry = archive
        .by_name(name)
        .with_context(|| format!("no `{name}` in the wheel"))?;
    entry.read_to_end(&mut content)?;
    Ok(content)
}

fn faults(library: &[u8], machine: Machine) -> Result<Vec<String>> {
    let elf = Elf::parse(library).context("no ELF file")?;
    let mut faults = glibc::faults(&elf);
    if elf.header.e_machine != machine.elf {
        faults.push("is for another processor".to_owned());
    }
    if !elf.syms.is_empty() {
        faults.push("is not stripped".to_owned());
    }
    for symbol in elf.dynsyms.iter().filter(|symbol| !symbol.is_import()) {
        let name = elf.dynstrtab.get_at(symbol.st_name).unwrap_or_default();
        if name != EXPORT && !name.is_empty() {
            faults.push(format!("exports `{name}`"));
        }
    }
    Ok(faults)
}
