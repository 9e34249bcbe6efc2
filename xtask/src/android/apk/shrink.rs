//! R8: of all the code that came along, what the app can reach, in the form that Android runs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::archive::{self, Entries};
use super::parts::Parts;
use crate::android::toolchain::API;
use crate::files;
use crate::workspace::Workspace;

/// The dex file, and what code looks up at run time.
pub(super) fn code(workspace: &Workspace, parts: &Parts, folder: &Path) -> Result<Entries> {
    let output = folder.join("code.zip");
    if output.exists() {
        let removed = fs::remove_file(&output);
        removed.with_context(|| format!("cannot remove `{}`", output.display()))?;
    }
    let mut r8 = workspace
        .tool("java")
        .args(["-cp".as_ref(), parts.r8.as_os_str()]);
    r8 = r8.args(["com.android.tools.r8.R8", "--release"]);
    r8 = r8.args(["--min-api", &API.to_string()]);
    for classes in &parts.framework {
        r8 = r8.args(["--lib".as_ref(), classes.as_os_str()]);
    }
    for rules in &parts.rules {
        r8 = r8.args(["--pg-conf".as_ref(), rules.as_os_str()]);
    }
    r8.args(["--output".as_ref(), output.as_os_str()])
        .args(&parts.code)
        .run()?;
    let mut entries = archive::unpack(&files::read_bytes(&output)?)?;
    entries.retain(|name, _| is_used(name));
    Ok(entries)
}

/// The rest tells compilers of Kotlin what is declared, and people what licence there is.
fn is_used(name: &str) -> bool {
    name.ends_with(".dex") || name.starts_with("META-INF/services/") || name.starts_with("okhttp3/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_asks_for_at_run_time_stays_behind() {
        assert!(is_used("classes2.dex"));
        assert!(is_used(
            "META-INF/services/kotlinx.coroutines.CoroutineExceptionHandler"
        ));
        assert!(!is_used("META-INF/octroi-jvm.kotlin_module"));
        assert!(!is_used("kotlin/kotlin.kotlin_builtins"));
    }
}
