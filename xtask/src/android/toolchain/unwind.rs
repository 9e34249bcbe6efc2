//! LLVM's libunwind, from the sources of Rust's standard library: it carries a panic to where it becomes an exception.

use std::path::Path;

use anyhow::Result;

use super::sysroot;
use crate::android::abi::Abi;
use crate::clang::Clang;
use crate::files;
use crate::workspace::Workspace;

const SOURCES: &str = "lib/rustlib/src/rust/src/llvm-project/libunwind";

/// What it consists of. Arm's own tables are read by the second; elsewhere it is empty.
const FILES: [&str; 6] = [
    "libunwind.cpp",
    "Unwind-EHABI.cpp",
    "UnwindLevel1.c",
    "UnwindLevel1-gcc-ext.c",
    "UnwindRegistersRestore.S",
    "UnwindRegistersSave.S",
];

/// Without threads, since its locks would have musl's size and not bionic's. They guard a cache for libraries without an
/// index of their unwinding tables; ours has one (a check of ours), and so has all that Android loads.
const OPTIONS: [&str; 4] = [
    "-DNDEBUG",
    "-D_LIBUNWIND_IS_NATIVE_ONLY",
    "-D_LIBUNWIND_HAS_NO_THREADS",
    "-D_LIBUNWIND_HIDE_SYMBOLS",
];

/// Writes `libunwind.a` into `folder`.
pub(super) fn archive(
    workspace: &Workspace,
    clang: &Clang,
    abi: &Abi,
    folder: &Path,
) -> Result<()> {
    let sources = sysroot(workspace)?.join(SOURCES);
    let objects = folder.join("unwind");
    files::create_folder(&objects)?;
    let mut common: Vec<String> = OPTIONS.map(str::to_owned).into();
    for headers in ["include", "src"] {
        common.push(format!("-I{}", sources.join(headers).display()));
    }
    let archive = folder.join("libunwind.a");
    let mut ar = clang
        .tool(workspace, "ar")
        .args(["rcs".as_ref(), archive.as_os_str()]);
    for file in FILES {
        let object = objects.join(file).with_extension("o");
        let options = [common.as_slice(), &language(file)].concat();
        let source = sources.join("src").join(file);
        clang.compile(workspace, abi.musl, &source, &object, &options)?;
        ar = ar.args([object]);
    }
    ar.run()
}

/// The parts in C stand between a panic and its end, so that a panic passes them; those in C++ do not.
fn language(file: &str) -> Vec<String> {
    let options: &[&str] = match file.rsplit_once('.') {
        Some((_, "cpp")) => &["-std=c++20", "-fno-exceptions", "-fno-rtti"],
        Some((_, "c")) => &["-std=c17", "-fexceptions"],
        _ => &[],
    };
    options.iter().map(|&option| option.to_owned()).collect()
}
