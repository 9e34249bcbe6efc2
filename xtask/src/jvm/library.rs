//! The native libraries in the jar: for Linux on x86-64, from the oldest glibc on that Rust itself supports.

use anyhow::{Context, Result, ensure};
use goblin::elf::Elf;
use goblin::elf::header::EM_X86_64;

use crate::clang::Clang;
use crate::elf;
use crate::files;
use crate::glibc;
use crate::native::{Archive, Interface, StandardLibrary};
use crate::workspace::Workspace;

/// What Rust calls the machine.
pub(super) const TARGET: &str = "x86_64-unknown-linux-gnu";
/// What JNA calls it: the folder in a jar.
pub(super) const JNA_PLATFORM: &str = "linux-x86-64";
/// What zig calls it, with the glibc to link against.
const ZIG: &str = "x86_64-linux-gnu.2.17";
const PROFILE: &str = "dist";

const OPTIONS: [&str; 8] = [
    "-shared",
    "-s",
    "-Wl,--gc-sections",
    "-Wl,--build-id=none",
    "-Wl,-z,relro",
    "-Wl,-z,now",
    "-Wl,-z,max-page-size=16384",
    "-Wl,--whole-archive",
];

/// Builds the one of an interface, and refuses it if some machine that it is for would.
pub(super) fn build(workspace: &Workspace, interface: &Interface) -> Result<Vec<u8>> {
    let file = interface.elf_file();
    let archive = Archive {
        interface,
        target: TARGET,
        profile: PROFILE,
        standard_library: StandardLibrary::Ready,
        options: &[],
        environment: None,
    };
    let archive = archive.build(workspace)?;
    let clang = Clang::provide(workspace)?;
    let library = workspace.target().join("jvm").join(&file);
    files::create_folder(&workspace.target().join("jvm"))?;
    let exports = workspace.path(interface.exports);
    let zig = clang.tool(workspace, "cc").args(["-target", ZIG]);
    let zig = zig.args(OPTIONS).args([&archive]);
    let zig = zig.args([
        "-Wl,--no-whole-archive",
        "-lunwind",
        "-lm",
        "-ldl",
        "-lpthread",
    ]);
    let zig = zig.args([format!("-Wl,--version-script={}", exports.display())]);
    let zig = zig.args([format!("-Wl,-soname,{file}")]);
    zig.args(["-o".as_ref(), library.as_os_str()]).run()?;
    let library = files::read_bytes(&library)?;
    let faults = faults(&library, interface)?;
    ensure!(
        faults.is_empty(),
        "{file} for {JNA_PLATFORM}:\n  {}",
        faults.join("\n  ")
    );
    Ok(library)
}

fn faults(library: &[u8], interface: &Interface) -> Result<Vec<String>> {
    let elf = Elf::parse(library).context("no ELF file")?;
    let mut faults = elf::faults(&elf, EM_X86_64, interface);
    faults.extend(glibc::faults(&elf));
    Ok(faults)
}
