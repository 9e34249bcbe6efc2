//! ZIP archives that are the same whenever and wherever they are packed.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Names and contents, in the order of the names.
pub(crate) type Entries = BTreeMap<String, Vec<u8>>;

/// Packs them, each compressed.
pub(crate) fn pack(entries: &Entries) -> Result<Vec<u8>> {
    pack_each(entries, |_| options())
}

/// Compressed, with the first instant that the format knows.
pub(crate) fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
}

/// Packs them, each in its own way.
pub(crate) fn pack_each(
    entries: &Entries,
    options: impl Fn(&str) -> SimpleFileOptions,
) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        let packed = archive.start_file(name.as_str(), options(name));
        packed.with_context(|| format!("cannot pack `{name}`"))?;
        archive
            .write_all(content)
            .with_context(|| format!("cannot pack `{name}`"))?;
    }
    let archive = archive.finish().context("cannot finish an archive")?;
    Ok(archive.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn what_is_packed_comes_back_in_order_and_without_dates() {
        let files = [("res/xml/a.xml", "<a/>"), ("AndroidManifest.xml", "<m/>")];
        let entries: Entries = files
            .map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec()))
            .into();
        let packed = pack(&entries).unwrap();
        assert_eq!(packed, pack(&entries).unwrap());
        let mut archive = ZipArchive::new(Cursor::new(packed)).unwrap();
        let names = archive.file_names();
        let names: Vec<_> = names.map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["AndroidManifest.xml", "res/xml/a.xml"]);
        let mut file = archive.by_name("res/xml/a.xml").unwrap();
        assert_eq!(file.last_modified(), Some(DateTime::DEFAULT));
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        assert_eq!(content, "<a/>");
    }
}
