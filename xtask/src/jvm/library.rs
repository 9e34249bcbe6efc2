//! The native libraries in the jar: for Linux on x86-64, from the oldest glibc on that Rust itself supports.

use anyhow::{Context, Result, ensure};
use goblin::elf::Elf;
use goblin::elf::header::EM_X86_64;

use crate::clang::Clang;
use crate::elf;
use crate::files;
use crate::native::{Archive, Interface, StandardLibrary};
use crate::workspace::Workspace;

/// What Rust calls the machine.
pub(super) const TARGET: &str = "x86_64-unknown-linux-gnu";
/// What JNA calls it: the folder in a jar.
pub(super) const JNA_PLATFORM: &str = "linux-x86-64";
/// What zig calls it, with the glibc to link against.
const ZIG: &str = "x86_64-linux-gnu.2.17";
/// The same glibc, as a library says which one it needs.
const OLDEST_GLIBC: [u32; 2] = [2, 17];

const PROFILE: &str = "dist";

/// The parts of glibc, as they were named then.
const LIBRARIES: [&str; 6] = [
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "ld-linux-x86-64.so.2",
];

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
    let needed = elf.libraries.iter();
    let further = needed.filter(|library| !LIBRARIES.contains(library));
    faults.extend(further.map(|library| format!("needs `{library}`")));
    let versions = elf.verneed.iter().flatten();
    for version in versions.flat_map(|library| library.iter().collect::<Vec<_>>()) {
        let name = elf.dynstrtab.get_at(version.vna_name).unwrap_or_default();
        if !is_old_enough(name) {
            faults.push(format!("needs `{name}`"));
        }
    }
    Ok(faults)
}

/// Whether it is a version of glibc, and every machine has that one.
fn is_old_enough(version: &str) -> bool {
    let Some(numbers) = version.strip_prefix("GLIBC_") else {
        return false;
    };
    let numbers: Result<Vec<u32>, _> = numbers.split('.').map(str::parse).collect();
    numbers.is_ok_and(|numbers| numbers.as_slice() <= OLDEST_GLIBC.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::OCTROI;

    #[test]
    fn a_newer_glibc_is_refused() {
        for old in ["GLIBC_2.2.5", "GLIBC_2.3.4", "GLIBC_2.17"] {
            assert!(is_old_enough(old), "{old}");
        }
        for new in ["GLIBC_2.17.1", "GLIBC_2.28", "GLIBC_PRIVATE", "GCC_3.0"] {
            assert!(!is_old_enough(new), "{new}");
        }
    }

    /// Like a library that was linked on somebody's machine.
    #[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
    #[test]
    fn a_program_of_this_machine_is_refused() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let faults = faults(&program, &OCTROI).unwrap();
        assert!(
            faults.iter().any(|fault| fault == "needs `libgcc_s.so.1`"),
            "{faults:?}"
        );
    }
}
