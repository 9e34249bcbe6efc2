//! What a native library must be, so that every Android from 8 on loads it.

use anyhow::{Context, Result};
use goblin::elf::Elf;
use goblin::elf::sym::STB_WEAK;

use super::abi::Abi;
use super::imports::Imports;
use crate::elf;
use crate::native::OCTROI;

/// What is wrong with a library.
pub(crate) fn faults(library: &[u8], abi: &Abi, imports: &Imports) -> Result<Vec<String>> {
    let elf = Elf::parse(library).context("no ELF file")?;
    let mut faults = elf::faults(&elf, abi.machine, &OCTROI);
    faults.extend(taken(&elf, abi, imports));
    Ok(faults)
}

/// What it takes that not every Android gives.
fn taken(elf: &Elf<'_>, abi: &Abi, imports: &Imports) -> Vec<String> {
    let libraries = imports.libraries(abi);
    let mut faults = Vec::new();
    for library in &elf.libraries {
        if !libraries.contains_key(library) {
            faults.push(format!("needs `{library}`, which is not listed"));
        }
    }
    for symbol in elf.dynsyms.iter().filter(|symbol| symbol.is_import()) {
        let name = elf.dynstrtab.get_at(symbol.st_name).unwrap_or_default();
        if !name.is_empty() && symbol.st_bind() != STB_WEAK {
            // The loader looks only through what is needed.
            let mut loaded = libraries
                .iter()
                .filter(|(library, _)| elf.libraries.contains(library));
            if !loaded.any(|(_, names)| names.contains(name)) {
                faults.push(format!("imports `{name}`, which is not listed"));
            }
        }
    }
    faults
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{env, fs};

    use super::*;
    use crate::android::abi;

    #[test]
    fn a_program_for_computers_is_refused_with_every_reason() {
        let program = fs::read(env::current_exe().unwrap()).unwrap();
        let imports = Imports::parse(r#"every = { "libc.so" = ["free"] }"#).unwrap();
        let faults = faults(&program, &abi::ARM, &imports).unwrap();
        for fault in [
            "is for another processor",
            "does not bear its name",
            "is not stripped",
            "needs `libc.so.6`, which is not listed",
            "imports `malloc`, which is not listed",
        ] {
            assert!(faults.iter().any(|found| found == fault), "{faults:?}");
        }
    }

    #[test]
    fn what_is_no_library_at_all_is_an_error() {
        let imports = Imports::parse("every = {}").unwrap();
        assert!(faults(b"MZ", &abi::ARM64, &imports).is_err());
    }
}
