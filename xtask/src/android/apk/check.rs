//! What a phone, and a store, would refuse.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use goblin::elf::Elf;
use goblin::elf::program_header::PT_LOAD;
use roxmltree::Document;
use zip::{CompressionMethod, ZipArchive};

use super::archive::{self, PAGE};
use super::{JNA, dex};
use crate::elf::FILE;
use crate::files;
use crate::workspace::Workspace;

/// All that the app may ask for. `QUERY_ALL_PACKAGES` is not among them, and never will be.
const PERMISSIONS: [&str; 3] = [
    "INTERNET",
    "RECEIVE_BOOT_COMPLETED",
    "REQUEST_DELETE_PACKAGES",
];

/// Of each kind one: they bear these names only as long as the AAR's rules say so.
const OURS: [&str; 6] = [
    "IntegrityCheckingUniffiLib",
    "RustBuffer$ByValue",
    "UniffiCallbackInterfaceClockMethod0",
    "UniffiLib",
    "UniffiRustCallStatus",
    "UniffiVTableCallbackInterfaceClock",
];

/// Maven unpacks it for the resources.
const AAPT: &str = "android-sample/target/aapt2/prebuilt/linux/aapt2_64";

const ANDROID: &str = "http://schemas.android.com/apk/res/android";

/// Whether it asks for these permissions, and for no other.
pub(super) fn permissions(workspace: &Workspace, apk: &Path) -> Result<()> {
    let aapt = workspace.path(AAPT).display().to_string();
    let said = workspace
        .tool(&aapt)
        .args(["dump", "permissions"])
        .args([apk]);
    let asked = asked(&said.read()?);
    let allowed: BTreeSet<_> = PERMISSIONS
        .map(|name| format!("android.permission.{name}"))
        .into();
    ensure!(asked == allowed, "it asks for {asked:?}");
    Ok(())
}

/// The names in lines like `uses-permission: name='android.permission.INTERNET'`.
fn asked(said: &str) -> BTreeSet<String> {
    let asked = said
        .lines()
        .filter(|line| line.starts_with("uses-permission"));
    asked
        .filter_map(|line| line.split('\'').nth(1))
        .map(str::to_owned)
        .collect()
}

/// Whether Android finds each library for each kind of processor, and maps it as it lies in the file.
pub(super) fn libraries(apk: &Path) -> Result<()> {
    let file = File::open(apk).with_context(|| format!("cannot read `{}`", apk.display()))?;
    let mut archive = ZipArchive::new(file)?;
    let names: Vec<_> = archive.file_names().collect::<Result<_, _>>()?;
    let names: BTreeSet<String> = names.into_iter().map(Into::into).collect();
    for abi in crate::android::abi::ALL {
        for library in [FILE, JNA] {
            let name = format!("lib/{}/{library}", abi.name);
            ensure!(names.contains(&name), "there is no `{name}`");
        }
    }
    for name in names.iter().filter(|name| archive::is_library(name)) {
        let file = archive.by_name(name)?;
        let start = file.data_start().unwrap_or_default();
        ensure!(
            file.compression() == CompressionMethod::Stored && start.is_multiple_of(PAGE.into()),
            "`{name}` is compressed, or lies at {start}"
        );
    }
    for (name, content) in archive::unpack(&files::read_bytes(apk)?)? {
        // Phones with such pages have no processor of 32 bits.
        if archive::is_library(&name) && !name.contains(crate::android::abi::ARM.name) {
            let elf = Elf::parse(&content).with_context(|| format!("`{name}`"))?;
            let loaded = elf
                .program_headers
                .iter()
                .filter(|part| part.p_type == PT_LOAD);
            let least = loaded.map(|part| part.p_align).min().unwrap_or_default();
            ensure!(
                least >= PAGE.into(),
                "`{name}` wants pages of {least} bytes"
            );
        }
    }
    Ok(())
}

/// Whether the classes are there that Android starts by their names.
pub(super) fn manifest(apk: &Path, manifest: &str) -> Result<()> {
    let named = named(manifest)?;
    ensure!(named.len() >= 3, "the manifest names {named:?} only");
    let defined = defined(apk)?;
    let missing: Vec<_> = named.difference(&defined).collect();
    ensure!(missing.is_empty(), "there is no {missing:?}");
    Ok(())
}

/// The classes of the application, and of what stands in it.
fn named(manifest: &str) -> Result<BTreeSet<String>> {
    let document = Document::parse(manifest)?;
    let package = document
        .root_element()
        .attribute("package")
        .unwrap_or_default();
    let started = ["application", "activity", "service", "receiver", "provider"];
    let started = document
        .descendants()
        .filter(|node| started.contains(&node.tag_name().name()));
    let names = started.filter_map(|node| node.attribute((ANDROID, "name")));
    let full = names.map(|name| match name.strip_prefix('.') {
        Some(name) => format!("{package}.{name}"),
        None => name.to_owned(),
    });
    Ok(full.map(|name| name.replace('.', "/")).collect())
}

/// Whether the classes are there that JNA's native code looks up by their names, and those of ours that it fills in or calls.
pub(super) fn natives(apk: &Path) -> Result<()> {
    let entries = archive::unpack(&files::read_bytes(apk)?)?;
    let mut wanted: BTreeSet<String> = OURS.map(|name| format!("be/octroi/{name}")).into();
    for (name, content) in &entries {
        if name.ends_with(JNA) {
            wanted.extend(looked_up(content));
        }
    }
    ensure!(wanted.len() >= 20, "JNA's libraries name {wanted:?} only");
    let defined = defined(apk)?;
    let missing: Vec<_> = wanted.difference(&defined).collect();
    ensure!(missing.is_empty(), "there is no {missing:?}");
    Ok(())
}

/// The names of JNA's classes among the strings of a library.
fn looked_up(library: &[u8]) -> BTreeSet<String> {
    let strings = library.split(|byte| *byte == 0);
    let texts = strings.filter_map(|string| std::str::from_utf8(string).ok());
    texts
        .filter(|text| text.starts_with("com/sun/jna/") && !text.contains([';', '(', ' ']))
        .map(str::to_owned)
        .collect()
}

fn defined(apk: &Path) -> Result<BTreeSet<String>> {
    let mut defined = BTreeSet::new();
    for (name, content) in archive::unpack(&files::read_bytes(apk)?)? {
        if name.ends_with(".dex") {
            defined.extend(dex::classes(&content).with_context(|| format!("`{name}`"))?);
        }
    }
    Ok(defined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_read_without_their_limits() {
        let said = "package: a.b\nuses-permission: name='x.INTERNET'\nuses-permission-sdk-23: name='x.Y'\npermission: z\n";
        assert_eq!(
            asked(said),
            ["x.INTERNET".to_owned(), "x.Y".to_owned()].into()
        );
    }

    #[test]
    fn what_is_started_is_named_in_full() {
        let manifest = r#"<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="a.b">
            <uses-permission android:name="x"/>
            <application android:name=".App"><activity android:name=".Main"><intent-filter><action android:name="y"/></intent-filter></activity>
            <service android:name="c.Service"/></application></manifest>"#;
        let named: Vec<_> = named(manifest).unwrap().into_iter().collect();
        assert_eq!(named, ["a/b/App", "a/b/Main", "c/Service"]);
    }

    #[test]
    fn what_native_code_looks_up_is_among_its_strings() {
        let library = b"\x7fELF\0com/sun/jna/Native\0(Lcom/sun/jna/Pointer;)V\0Lcom/sun/jna/X;\0com/sun/jna/Structure$ByValue\0";
        let found: Vec<_> = looked_up(library).into_iter().collect();
        assert_eq!(
            found,
            ["com/sun/jna/Native", "com/sun/jna/Structure$ByValue"]
        );
    }
}
