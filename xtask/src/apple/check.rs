//! Checks of a framework as it was laid out: what Xcode, the linker and Apple's stores would find wrong only later.

use std::path::Path;

use anyhow::{Context, Result};
use goblin::archive::Archive;
use goblin::mach::MachO;
use goblin::mach::constants::cputype::CPU_TYPE_ARM64;
use goblin::mach::load_command::CommandVariant;
use plist::Value;

use super::framework::{DESCRIPTION, Framework, PRIVACY};
use super::slice::Slice;
use crate::files;

/// Functions of the system of which Apple wants to know why they are called, and the category that the reason is given for.
const ASKED_FOR: [(&str, &[&str]); 3] = [
    (
        "NSPrivacyAccessedAPICategoryFileTimestamp",
        &[
            "_fgetattrlist",
            "_fstat",
            "_fstatat",
            "_getattrlist",
            "_getattrlistat",
            "_getattrlistbulk",
            "_lstat",
            "_stat",
        ],
    ),
    (
        "NSPrivacyAccessedAPICategorySystemBootTime",
        &["_mach_absolute_time"],
    ),
    (
        "NSPrivacyAccessedAPICategoryDiskSpace",
        &["_fstatfs", "_fstatvfs", "_statfs", "_statvfs"],
    ),
];

impl Framework {
    /// What is wrong with it.
    pub(crate) fn faults(&self) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        let description = read(&self.path.join(DESCRIPTION))?;
        faults.extend(missing(&self.path, &description));
        let privacy = read(&self.path.join(PRIVACY))?;
        faults.extend(unlike_promised(&privacy));
        for slice in &self.slices {
            let content = files::read_bytes(&self.library(slice))?;
            let objects = objects(&content).with_context(|| slice.identifier.to_owned())?;
            let found = objects.iter().flat_map(|object| foreign(object, slice));
            faults.extend(found.chain(undeclared(&objects, &privacy)));
        }
        faults.sort();
        faults.dedup();
        Ok(faults)
    }
}

fn read(path: &Path) -> Result<Value> {
    let value = Value::from_file(path);
    value.with_context(|| format!("`{}` is no property list", path.display()))
}

/// What the description names and the folder lacks.
fn missing(root: &Path, description: &Value) -> Vec<String> {
    let libraries = description.as_dictionary();
    let libraries = libraries.and_then(|keys| keys.get("AvailableLibraries")?.as_array());
    let libraries = libraries.into_iter().flatten();
    let mut faults = Vec::new();
    let mut count = 0;
    for library in libraries.filter_map(Value::as_dictionary) {
        count += 1;
        let text = |key: &str| library.get(key).and_then(Value::as_string).unwrap_or("?");
        for key in ["BinaryPath", "HeadersPath", "LibraryPath"] {
            let path = root.join(text("LibraryIdentifier")).join(text(key));
            if !path.exists() {
                faults.push(format!("{key}: there is no `{}`", path.display()));
            }
        }
    }
    if count == 0 {
        faults.push(format!("{DESCRIPTION} names no library"));
    }
    faults
}

/// Nobody is tracked and nothing is collected.
fn unlike_promised(privacy: &Value) -> Vec<String> {
    let keys = privacy.as_dictionary();
    let get = |key: &str| keys.and_then(|keys| keys.get(key));
    let is_empty = |key: &str| {
        get(key)
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
    };
    let mut faults = Vec::new();
    if get("NSPrivacyTracking").and_then(Value::as_boolean) != Some(false) {
        faults.push(format!("{PRIVACY} does not deny tracking"));
    }
    for key in ["NSPrivacyTrackingDomains", "NSPrivacyCollectedDataTypes"] {
        if !is_empty(key) {
            faults.push(format!("{PRIVACY}: {key} is not empty"));
        }
    }
    faults
}

/// The objects of a static library.
fn objects(library: &[u8]) -> Result<Vec<MachO<'_>>> {
    let archive = Archive::parse(library).context("no static library")?;
    let mut objects = Vec::new();
    for (name, member, _) in archive.summarize() {
        let start = usize::try_from(member.offset)?;
        let end = start + member.size();
        let content = library.get(start..end);
        let content = content.with_context(|| format!("`{name}` ends too early"))?;
        // The index, and what Rust tells itself, are no objects.
        if content.starts_with(&[0xcf, 0xfa, 0xed, 0xfe]) {
            objects.push(MachO::parse(content, 0).with_context(|| format!("`{name}`"))?);
        }
    }
    Ok(objects)
}

/// Another processor or system than that of the slice.
fn foreign(object: &MachO<'_>, slice: &Slice) -> Vec<String> {
    let mut faults = Vec::new();
    let name = slice.identifier;
    if object.header.cputype() != CPU_TYPE_ARM64 {
        faults.push(format!("{name}: an object is for another processor"));
    }
    for command in &object.load_commands {
        if let CommandVariant::BuildVersion(version) = command.command {
            if version.platform != slice.number {
                faults.push(format!("{name}: an object is for another system"));
            }
            let oldest = slice.oldest_number();
            if version.minos > oldest {
                faults.push(format!("{name}: an object wants a newer system"));
            }
        }
    }
    faults
}

/// Functions of which the privacy manifest does not say why they are called.
fn undeclared(objects: &[MachO<'_>], privacy: &Value) -> Vec<String> {
    let declared = declared(privacy);
    let mut faults = Vec::new();
    for (name, symbol) in objects.iter().flat_map(|object| object.symbols().flatten()) {
        for (category, functions) in ASKED_FOR {
            if symbol.is_undefined() && functions.contains(&name) && !declared.contains(&category) {
                faults.push(format!("{PRIVACY} does not say why `{name}` is called"));
            }
        }
    }
    faults
}

fn declared(privacy: &Value) -> Vec<&str> {
    let types = privacy.as_dictionary();
    let types = types.and_then(|keys| keys.get("NSPrivacyAccessedAPITypes")?.as_array());
    let types = types.into_iter().flatten();
    let categories = types.filter_map(|accessed| {
        let category = accessed.as_dictionary()?.get("NSPrivacyAccessedAPIType")?;
        category.as_string()
    });
    categories.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Value {
        let text = format!("<plist version=\"1.0\">{text}</plist>");
        Value::from_reader_xml(text.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_described_must_be_there() {
        let described = list(
            "<dict><key>AvailableLibraries</key><array><dict><key>LibraryIdentifier</key><string>ios</string>\
             <key>BinaryPath</key><string>a.a</string></dict></array></dict>",
        );
        let faults = missing(Path::new("/nowhere"), &described);
        assert_eq!(faults.len(), 3);
        assert!(
            faults
                .iter()
                .any(|fault| fault.contains("/nowhere/ios/a.a"))
        );
        assert_eq!(missing(Path::new("/nowhere"), &list("<dict/>")).len(), 1);
    }

    #[test]
    fn a_manifest_promises_that_nothing_is_collected() {
        let kept = "<dict><key>NSPrivacyTracking</key><false/><key>NSPrivacyTrackingDomains</key><array/>\
                    <key>NSPrivacyCollectedDataTypes</key><array/></dict>";
        assert!(unlike_promised(&list(kept)).is_empty());
        let broken = kept.replace("<false/>", "<true/>");
        assert_eq!(unlike_promised(&list(&broken)).len(), 1);
        assert_eq!(unlike_promised(&list("<dict/>")).len(), 3);
    }

    #[test]
    fn categories_are_read() {
        let manifest = "<dict><key>NSPrivacyAccessedAPITypes</key><array><dict>\
                        <key>NSPrivacyAccessedAPIType</key><string>X</string></dict></array></dict>";
        assert_eq!(declared(&list(manifest)), ["X"]);
    }
}
