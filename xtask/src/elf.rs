//! What a native library must be, whoever loads it.

use goblin::elf::Elf;
use goblin::elf::dynamic::{DF_1_NOW, DT_TEXTREL};
use goblin::elf::program_header::{
    PF_W, PF_X, PT_ARM_EXIDX, PT_GNU_EH_FRAME, PT_GNU_RELRO, PT_GNU_STACK, PT_LOAD, ProgramHeader,
};

use crate::native::Interface;

/// The file of the one for phones.
pub(crate) const FILE: &str = "liboctroi_ffi.so";

/// The largest pages of a phone.
const PAGE: u64 = 16 * 1024;

/// What is wrong with the library of an interface for this kind of processor.
pub(crate) fn faults(elf: &Elf<'_>, machine: u16, interface: &Interface) -> Vec<String> {
    let mut faults = kind(elf, machine, &interface.elf_file());
    faults.extend(segments(elf));
    faults.extend(exports(elf, interface.name));
    faults
}

/// A stripped library for this processor, that bears its name.
fn kind(elf: &Elf<'_>, machine: u16, file: &str) -> Vec<String> {
    let debug = elf.section_headers.iter().any(|section| {
        let name = elf.shdr_strtab.get_at(section.sh_name);
        name.is_some_and(|name| name.starts_with(".debug"))
    });
    let rules = [
        (elf.header.e_machine == machine, "is for another processor"),
        (elf.is_lib, "is no shared library"),
        (elf.soname == Some(file), "does not bear its name"),
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

/// What others could call that Kotlin does not.
fn exports(elf: &Elf<'_>, interface: &str) -> Vec<String> {
    let called = [
        format!("ffi_{interface}_rustbuffer_"),
        format!("ffi_{interface}_uniffi_contract_version"),
        format!("uniffi_{interface}_"),
    ];
    let names = elf.dynsyms.iter().filter(|symbol| !symbol.is_import());
    let names = names.filter_map(|symbol| elf.dynstrtab.get_at(symbol.st_name));
    names
        .filter(|name| !name.is_empty() && !called.iter().any(|start| name.starts_with(start)))
        .map(|name| format!("exports `{name}`"))
        .collect()
}

fn broken(rules: &[(bool, &str)]) -> Vec<String> {
    let broken = rules.iter().filter(|(kept, _)| !kept);
    broken.map(|(_, fault)| (*fault).to_owned()).collect()
}
