//! Google's NDK.

use std::env::consts::OS;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::API;
use crate::android::abi::Abi;
use crate::tool::Tool;
use crate::workspace::Workspace;

/// An NDK on this machine.
pub(crate) struct Ndk {
    programs: PathBuf,
}

impl Ndk {
    /// The NDK in this folder.
    pub(super) fn find(home: &Path) -> Result<Self> {
        let system = match OS {
            "macos" => "darwin",
            system => system,
        };
        // It has this name on Arm machines too.
        let prebuilt = format!("toolchains/llvm/prebuilt/{system}-x86_64/bin");
        let programs = home.join(prebuilt);
        ensure!(
            programs.is_dir(),
            "`ANDROID_NDK_HOME` holds no NDK: there is no folder `{}`",
            programs.display()
        );
        Ok(Self { programs })
    }

    /// Its clang, about to link a library.
    pub(super) fn linker(&self, workspace: &Workspace, abi: &Abi) -> Tool {
        let clang = self.programs.join(format!("{}{API}-clang", abi.ndk));
        let clang = clang.display().to_string();
        workspace.tool(&clang).args(["-shared", "-fuse-ld=lld"])
    }
}

/// Arguments of lld, as clang hands them on; their order matters.
pub(super) fn wrapped(arguments: &[String]) -> impl Iterator<Item = String> {
    arguments.iter().map(|argument| {
        if argument.starts_with('-') {
            format!("-Wl,{argument}")
        } else {
            argument.clone()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_wrapped_and_files_are_not() {
        let arguments = ["--whole-archive", "target/lib.a", "-lc"].map(str::to_owned);
        assert_eq!(
            wrapped(&arguments).collect::<Vec<_>>(),
            ["-Wl,--whole-archive", "target/lib.a", "-Wl,-lc"]
        );
    }

    #[test]
    fn a_folder_without_ndk_is_refused() {
        let error = Ndk::find(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(
            error.starts_with("`ANDROID_NDK_HOME` holds no NDK"),
            "{error}"
        );
    }
}
