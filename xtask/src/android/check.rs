//! What a native library must be, so that every Android from 8 on loads it.

use anyhow::{Context, Result};
use goblin::elf::Elf;
use goblin::elf::dynamic::{DF_1_NOW, DT_TEXTREL};
use goblin::elf::program_header::{
    PF_W, PF_X, PT_ARM_EXIDX, PT_GNU_EH_FRAME, PT_GNU_RELRO, PT_GNU_STACK, PT_LOAD, ProgramHeader,
};
use goblin::elf::sym::STB_WEAK;

use super::abi::Abi;
use super::imports::Imports;
use super::library;

/// The largest pages of a phone.
const PAGE: u64 = 16 * 1024;

/// How the names begin that Kotlin calls.
const EXPORTS: [&str; 2] = ["ffi_octroi_ffi_", "uniffi_octroi_ffi_"];

/// What is wrong with a library.
pub(crate) fn faults(library: &[u8], abi: &Abi, imports: &Imports) -> Result<Vec<String>> {
    let elf = Elf::parse(library).context("no ELF file")?;
    let mut faults = kind(&elf, abi);
    faults.extend(segments(&elf));
    faults.extend(names(&elf, abi, imports));
    Ok(faults)
}

/// A stripped library for this processor, that bears its name.
fn kind(elf: &Elf<'_>, abi: &Abi) -> Vec<String> {
    let debug = elf.section_headers.iter().any(|section| {
        let name = elf.shdr_strtab.get_at(section.sh_name);
        name.is_some_and(|name| name.starts_with(".debug"))
    });
    let rules = [
        (
            elf.header.e_machine == abi.machine,
            "is for another processor",
        ),
        (elf.is_lib, "is no shared library"),
        (elf.soname == Some(library::FILE), "does not bear its name"),
        (elf.syms.is_empty() && !debug, "is not stripped"),
        (
            elf.rpaths.is_empty() && elf.runpaths.is_empty(),
            "looks for libraries in folders of its own",
        ),
    ];
    broken(&rules)
}

/// Pages of 16 KiB; nothing both written and run; nothing written once it is loaded; panics find their way.
fn segments(elf: &Elf<'_>) -> Vec<String> {
    let segments = &elf.program_headers;
    let all = |kind| {
        segments
            .iter()
            .filter(move |segment| segment.p_type == kind)
    };
    let is_aligned = |segment: &ProgramHeader| {
        let shift = segment.p_vaddr.wrapping_sub(segment.p_offset);
        segment.p_align.is_multiple_of(PAGE) && shift.is_multiple_of(PAGE)
    };
    let may_change = PF_W | PF_X;
    let dynamic = elf.dynamic.as_ref();
    let rules = [
        (
            all(PT_LOAD).count() > 0 && all(PT_LOAD).all(is_aligned),
            "has segments that are not aligned to 16 KiB",
        ),
        (
            all(PT_LOAD).all(|segment| segment.p_flags & may_change != may_change),
            "has a segment that is both written and run",
        ),
        (
            all(PT_GNU_STACK).count() == 1 && all(PT_GNU_STACK).all(|stack| !stack.is_executable()),
            "wants an executable stack",
        ),
        (
            all(PT_GNU_RELRO).count() == 1,
            "leaves what is relocated writable",
        ),
        (
            dynamic.is_some_and(|dynamic| dynamic.info.flags_1 & DF_1_NOW != 0),
            "is not bound when it is loaded",
        ),
        (
            dynamic
                .is_some_and(|dynamic| dynamic.dyns.iter().all(|entry| entry.d_tag != DT_TEXTREL)),
            "relocates its code",
        ),
        (
            all(PT_GNU_EH_FRAME).chain(all(PT_ARM_EXIDX)).count() == 1,
            "has no index of its unwinding tables",
        ),
    ];
    broken(&rules)
}

/// What it takes and what it gives.
fn names(elf: &Elf<'_>, abi: &Abi, imports: &Imports) -> Vec<String> {
    let libraries = imports.libraries(abi);
    let mut faults = Vec::new();
    for library in &elf.libraries {
        if !libraries.contains_key(library) {
            faults.push(format!("needs `{library}`, which is not listed"));
        }
    }
    for symbol in elf.dynsyms.iter().filter(|symbol| symbol.st_name != 0) {
        let name = elf.dynstrtab.get_at(symbol.st_name).unwrap_or_default();
        if !symbol.is_import() {
            if !EXPORTS.iter().any(|start| name.starts_with(start)) {
                faults.push(format!("exports `{name}`"));
            }
        } else if symbol.st_bind() != STB_WEAK {
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

fn broken(rules: &[(bool, &str)]) -> Vec<String> {
    let broken = rules.iter().filter(|(kept, _)| !kept);
    broken.map(|(_, fault)| (*fault).to_owned()).collect()
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
