//! Android's own libraries as far as a linker asks: their names, and the names in them.

use std::path::Path;

use anyhow::Result;

use crate::android::abi::Abi;
use crate::android::imports::Imports;
use crate::clang::Clang;
use crate::files;
use crate::workspace::Workspace;

/// Writes each library that [`Imports`] lists into `folder`.
pub(super) fn write(
    workspace: &Workspace,
    clang: &Clang,
    abi: &Abi,
    imports: &Imports,
    folder: &Path,
) -> Result<()> {
    for (library, names) in imports.libraries(abi) {
        let source = folder.join(library).with_extension("s");
        files::write(&source, assembler(names))?;
        let zig = clang.tool(workspace, "cc").args(["-target", abi.musl]);
        let zig = zig.args(["-shared", "-nostdlib", &format!("-Wl,-soname,{library}")]);
        let target = folder.join(library);
        zig.args(["-o".as_ref(), target.as_os_str(), source.as_os_str()])
            .run()?;
    }
    Ok(())
}

/// Every name at the same place: the linker wants to know only that it is there.
fn assembler<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names = names.into_iter();
    names
        .map(|name| format!(".globl {name}\n{name}:\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_global_labels() {
        assert_eq!(
            assembler(["free", "malloc"]),
            ".globl free\nfree:\n.globl malloc\nmalloc:\n"
        );
    }
}
