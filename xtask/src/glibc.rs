//! What a library may ask of a Linux machine: the oldest glibc that Rust itself supports (2.17, of 2012).

use goblin::elf::Elf;

/// As a library says which one it needs.
const OLDEST: [u32; 2] = [2, 17];

/// The parts of glibc, as they were named then, and its loaders.
const LIBRARIES: [&str; 7] = [
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
];

/// What a library asks for beyond that.
pub(crate) fn faults(elf: &Elf<'_>) -> Vec<String> {
    let needed = elf.libraries.iter();
    let further = needed.filter(|library| !LIBRARIES.contains(library));
    let mut faults: Vec<_> = further
        .map(|library| format!("needs `{library}`"))
        .collect();
    let versions = elf.verneed.iter().flatten();
    for version in versions.flat_map(|library| library.iter().collect::<Vec<_>>()) {
        let name = elf.dynstrtab.get_at(version.vna_name).unwrap_or_default();
        if !is_old_enough(name) {
            faults.push(format!("needs `{name}`"));
        }
    }
    faults
}

/// Whether it is a version of glibc, and every machine has that one.
fn is_old_enough(version: &str) -> bool {
    let Some(numbers) = version.strip_prefix("GLIBC_") else {
        return false;
    };
    let numbers: Result<Vec<u32>, _> = numbers.split('.').map(str::parse).collect();
    numbers.is_ok_and(|numbers| numbers.as_slice() <= OLDEST.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let faults = faults(&Elf::parse(&program).unwrap());
        assert!(
            faults.iter().any(|fault| fault == "needs `libgcc_s.so.1`"),
            "{faults:?}"
        );
    }
}
