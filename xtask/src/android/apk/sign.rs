//! Signing, by Debian's `apksigner`, with a key that was made here and is good for nothing else.

use std::path::Path;

use anyhow::Result;

use crate::android::toolchain::API;
use crate::files;
use crate::workspace::Workspace;

/// It protects a key that protects nothing.
const PASSWORD: &str = "android";

/// Signs it. The key stays below the target folder, so that the next build can be installed over this one.
pub(super) fn sign(
    workspace: &Workspace,
    unsigned: &Path,
    signed: &Path,
    folder: &Path,
) -> Result<()> {
    let key = folder.join("debug.keystore");
    if !key.exists() {
        let keytool = workspace.tool("keytool").args(["-genkeypair", "-noprompt"]);
        let keytool = keytool.args(["-keyalg", "EC", "-groupname", "secp256r1"]);
        let keytool = keytool.args(["-alias", "debug", "-dname", "CN=octroi sample"]);
        let keytool = keytool.args(["-validity", "10000", "-storepass", PASSWORD]);
        keytool
            .args(["-keystore".as_ref(), key.as_os_str()])
            .run()?;
    }
    if let Some(folder) = signed.parent() {
        files::create_folder(folder)?;
    }
    let signer = workspace.tool("apksigner").args(["sign"]);
    let signer = signer.args(["--ks".as_ref(), key.as_os_str()]);
    let signer = signer.args(["--ks-pass", &format!("pass:{PASSWORD}")]);
    let signer = signer.args(["--min-sdk-version", &API.to_string()]);
    // The first scheme is for Android before 7.
    let signer = signer.args(["--v1-signing-enabled", "false"]);
    let signer = signer.args(["--v4-signing-enabled", "false"]);
    let signer = signer.args(["--out".as_ref(), signed.as_os_str()]);
    signer.args([unsigned]).run()
}

/// Whether every Android that it is for takes the signature.
pub(super) fn verify(workspace: &Workspace, apk: &Path) -> Result<()> {
    let signer = workspace.tool("apksigner").args(["verify", "-Werr"]);
    let signer = signer.args(["--min-sdk-version", &API.to_string()]);
    signer.args([apk]).run()
}
