//! `classes.jar`: what Maven compiles, of the module for Android and of the one that it stands on.

use anyhow::{Result, ensure};

use crate::archive::Entries;
use crate::files;
use crate::workspace::Workspace;

const FOLDER: &str = "bindings/kotlin";

/// Those of the JVM's module too: on a phone there is one artefact.
const MODULES: [&str; 2] = ["octroi-jvm", "octroi-android"];

/// The classes, freshly compiled, and what Kotlin's compiler wants to know of them.
pub(super) fn compiled(workspace: &Workspace) -> Result<Entries> {
    let maven = ["--batch-mode", "--no-transfer-progress", "--quiet"];
    let maven = workspace.tool("mvn").args(maven).args(["--file", FOLDER]);
    let maven = maven.args(["--projects", "octroi-android", "--also-make"]);
    maven.args(["-Dstyle.color=never", "compile"]).run()?;
    let mut classes = Entries::new();
    for module in MODULES {
        for (name, content) in
            files::tree(&workspace.path(FOLDER).join(module).join("target/classes"))?
        {
            if is_class(&name) {
                ensure!(!classes.contains_key(&name), "`{name}` is compiled twice");
                classes.insert(name, content);
            }
        }
    }
    Ok(classes)
}

/// The rest are the native libraries for computers.
fn is_class(name: &str) -> bool {
    name.ends_with(".class") || name.ends_with(".kotlin_module")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_library_for_computers_reaches_a_phone() {
        assert!(is_class("be/octroi/Gate.class"));
        assert!(is_class("META-INF/octroi-jvm.kotlin_module"));
        assert!(!is_class("linux-x86-64/liboctroi_ffi.so"));
    }
}
