//! APKs are ZIP archives in which some files lie as they are, at an address that Android maps into memory.

use std::io::{Cursor, Read};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive};

use crate::archive;
pub(super) use crate::archive::Entries;

/// The largest pages of a phone: a library begins on one.
pub(super) const PAGE: u16 = 16 * 1024;

/// Packs them. The signer leaves them where they are, because each says how it is aligned.
pub(super) fn pack(entries: &Entries) -> Result<Vec<u8>> {
    archive::pack_each(entries, options)
}

/// All files of an archive.
pub(super) fn unpack(archive: &[u8]) -> Result<Entries> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).context("no ZIP archive")?;
    let mut entries = Entries::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        if file.is_file() {
            let mut content = Vec::new();
            file.read_to_end(&mut content)?;
            entries.insert(file.name()?.into_owned(), content);
        }
    }
    Ok(entries)
}

/// Libraries and the table of resources are read in place; the rest is compressed.
fn options(name: &str) -> SimpleFileOptions {
    let options = archive::options();
    if is_library(name) {
        let stored = options.compression_method(CompressionMethod::Stored);
        stored.with_android_alignment(PAGE)
    } else if name == "resources.arsc" {
        let stored = options.compression_method(CompressionMethod::Stored);
        stored.with_android_alignment(4)
    } else {
        options
    }
}

/// Whether it is a native library.
pub(super) fn is_library(name: &str) -> bool {
    name.starts_with("lib/") && name.ends_with(".so")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_lie_uncompressed_on_pages_of_their_own() {
        let names = ["classes.dex", "lib/x86_64/a.so", "lib/x86_64/b.so"];
        let entries: Entries = names.map(|name| (name.to_owned(), vec![7; 999])).into();
        let packed = pack(&entries).unwrap();
        assert_eq!(unpack(&packed).unwrap(), entries);
        let mut archive = ZipArchive::new(Cursor::new(packed)).unwrap();
        for (name, method, page) in [
            (names[0], CompressionMethod::Deflated, 1),
            (names[1], CompressionMethod::Stored, u64::from(PAGE)),
            (names[2], CompressionMethod::Stored, u64::from(PAGE)),
        ] {
            let file = archive.by_name(name).unwrap();
            assert_eq!(file.compression(), method, "{name}");
            assert!(file.data_start().unwrap().is_multiple_of(page), "{name}");
        }
    }
}
