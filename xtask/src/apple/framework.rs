//! The folder `Octroi.xcframework`: for each kind of machine the library, its header and its module map; and what holds for all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use plist::{Dictionary, Value};

use super::slice::Slice;
use crate::files;
use crate::native::OCTROI;
use crate::notices;
use crate::swift::Swift;
use crate::workspace::Workspace;

/// The library in each slice.
const LIBRARY: &str = "liboctroi_ffi.a";

/// Where each slice has its headers: there in a folder of their own, since an app's build throws those of all frameworks together.
const HEADERS: &str = "Headers";

/// The description that Xcode reads first.
pub(super) const DESCRIPTION: &str = "Info.plist";

/// What Apple's stores ask of everybody's code.
pub(super) const PRIVACY: &str = "PrivacyInfo.xcprivacy";

/// What becomes the headers.
const API: &str = "bindings/api/swift";

/// What no crate says of the library.
const NOTICES: &str = "bindings/apple/notices.txt";

/// The framework, laid out.
pub(crate) struct Framework {
    pub(super) path: PathBuf,
    pub(super) slices: Vec<&'static Slice>,
}

impl Framework {
    /// Builds the slices and lays them out in `dist/`.
    pub(super) fn assemble(workspace: &Workspace, slices: Vec<&'static Slice>) -> Result<Self> {
        let path = workspace.path(super::FRAMEWORK);
        if path.exists() {
            fs::remove_dir_all(&path)
                .with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
        let api = workspace.path(API);
        for slice in &slices {
            let folder = path.join(slice.identifier);
            let copy =
                |from: &Path, to: &str| files::write(&folder.join(to), files::read_bytes(from)?);
            copy(&slice.build(workspace)?, LIBRARY)?;
            copy(
                &api.join("OctroiFFI.h"),
                &format!("{HEADERS}/OctroiFFI/OctroiFFI.h"),
            )?;
            let map = format!("{HEADERS}/OctroiFFI/module.modulemap");
            copy(&api.join("OctroiFFI.modulemap"), &map)?;
        }
        let mut description = Vec::new();
        let written = described(&slices).to_writer_xml(&mut description);
        written.context("cannot write a property list")?;
        files::write(&path.join(DESCRIPTION), description)?;
        let privacy = workspace
            .path("bindings/swift/Sources/Octroi")
            .join(PRIVACY);
        files::write(&path.join(PRIVACY), files::read_bytes(&privacy)?)?;
        let notices = notices::text(workspace, NOTICES, "aarch64-apple-ios", &[OCTROI.package])?;
        files::write(&path.join("notices.txt"), notices)?;
        Ok(Self { path, slices })
    }

    /// The library of a slice.
    pub(super) fn library(&self, slice: &Slice) -> PathBuf {
        self.path.join(slice.identifier).join(LIBRARY)
    }

    /// Has clang read the headers as an app's build does: by their module map, for each system.
    pub(crate) fn compile(&self, workspace: &Workspace, swift: &Swift) -> Result<()> {
        for slice in &self.slices {
            let headers = self
                .path
                .join(slice.identifier)
                .join(HEADERS)
                .join("OctroiFFI");
            let cache = workspace.target().join("swift-home/modules");
            let clang = swift
                .tool(workspace, "clang")?
                .args(["-target", &slice.triple()]);
            let clang = clang.args(["-fsyntax-only", "-Werror", "-ffreestanding", "-fmodules"]);
            let clang = clang.args([format!("-fmodules-cache-path={}", cache.display())]);
            let clang = clang.args([format!(
                "-fmodule-map-file={}/module.modulemap",
                headers.display()
            )]);
            let clang = clang.args(["-x", "objective-c", "-"]);
            clang.filter(
                "@import OctroiFFI;\nRustBuffer octroi(RustBuffer buffer) { return buffer; }\n",
            )?;
        }
        Ok(())
    }
}

/// What Xcode reads first.
fn described(slices: &[&Slice]) -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    let libraries = slices.iter().map(|slice| {
        let mut library = Dictionary::new();
        let mut set = |key: &str, value| library.insert(key.to_owned(), value);
        set("BinaryPath", text(LIBRARY));
        set("HeadersPath", text(HEADERS));
        set("LibraryIdentifier", text(slice.identifier));
        set("LibraryPath", text(LIBRARY));
        set("SupportedArchitectures", Value::Array(vec![text("arm64")]));
        set("SupportedPlatform", text(slice.platform));
        if let Some(variant) = slice.variant {
            set("SupportedPlatformVariant", text(variant));
        }
        Value::Dictionary(library)
    });
    Value::Dictionary(Dictionary::from_iter([
        (
            "AvailableLibraries".to_owned(),
            Value::Array(libraries.collect()),
        ),
        ("CFBundlePackageType".to_owned(), text("XFWK")),
        ("XCFrameworkFormatVersion".to_owned(), text("1.0")),
    ]))
}
