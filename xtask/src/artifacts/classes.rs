//! The classes that Maven compiles of a module.

use anyhow::Result;

use super::MAVEN;
use crate::archive::Entries;
use crate::files;
use crate::workspace::Workspace;

/// Compiles these modules, and whatever they stand on.
pub(crate) fn compile(workspace: &Workspace, modules: &[&str]) -> Result<()> {
    let maven = workspace.maven().args(["--quiet", "--file", MAVEN]);
    let maven = maven.args(["--projects", &modules.join(","), "--also-make"]);
    maven.args(["compile"]).run()
}

/// The classes of a module that was compiled, and what Kotlin's compiler wants to know of them.
pub(crate) fn of(workspace: &Workspace, module: &str) -> Result<Entries> {
    let mut classes = files::tree(&workspace.path(MAVEN).join(module).join("target/classes"))?;
    classes.retain(|name, _| is_class(name));
    Ok(classes)
}

/// The rest are the native libraries that the tests run with.
fn is_class(name: &str) -> bool {
    name.ends_with(".class") || name.ends_with(".kotlin_module")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_native_library_is_no_class() {
        assert!(is_class("be/octroi/Gate.class"));
        assert!(is_class("META-INF/octroi-jvm.kotlin_module"));
        assert!(!is_class("linux-x86-64/liboctroi_ffi.so"));
    }
}
