//! Which classes a dex file defines (<https://source.android.com/docs/core/runtime/dex-format>).

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

/// Where the header says how many there are of each, and behind it where they begin.
const STRINGS: usize = 0x38;
const TYPES: usize = 0x40;
const CLASSES: usize = 0x60;

/// The names of the classes, as `com/sun/jna/Native`.
pub(super) fn classes(dex: &[u8]) -> Result<BTreeSet<String>> {
    ensure!(dex.starts_with(b"dex\n"), "no dex file");
    let (strings, types, classes) = (
        word(dex, STRINGS + 4)?,
        word(dex, TYPES + 4)?,
        word(dex, CLASSES + 4)?,
    );
    (0..word(dex, CLASSES)?)
        .map(|index| {
            let kind = word(dex, classes + index * 32)?;
            let name = word(dex, types + kind * 4)?;
            descriptor(dex, word(dex, strings + name * 4)?)
        })
        .collect()
}

/// The string that begins there: its length, which a zero at the end makes superfluous, and `Lcom/sun/jna/Native;`.
fn descriptor(dex: &[u8], at: usize) -> Result<String> {
    let mut bytes = dex.get(at..).unwrap_or_default().iter().copied();
    // The last byte of a length is below 128.
    bytes
        .find(|byte| *byte < 0x80)
        .context("a string without a length")?;
    let text: Vec<u8> = bytes.take_while(|byte| *byte != 0).collect();
    let text = String::from_utf8(text).context("a class name that is not UTF-8")?;
    let name = text
        .strip_prefix('L')
        .and_then(|name| name.strip_suffix(';'));
    Ok(name.context("a class that is none")?.to_owned())
}

fn word(dex: &[u8], at: usize) -> Result<usize> {
    let bytes = dex.get(at..).and_then(<[u8]>::first_chunk);
    let bytes = bytes.context("the dex file ends too early")?;
    Ok(usize::try_from(u32::from_le_bytes(*bytes))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_that_are_defined() {
        // Two strings and types, `La/B;` and `Lc;`, of which the second is defined.
        let mut dex = vec![0; 0x70];
        dex[..4].copy_from_slice(b"dex\n");
        let table = |dex: &mut Vec<u8>, at: usize, count: u32, words: &[u32]| {
            let start = u32::try_from(dex.len()).unwrap();
            dex[at..at + 4].copy_from_slice(&count.to_le_bytes());
            dex[at + 4..at + 8].copy_from_slice(&start.to_le_bytes());
            dex.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        };
        table(&mut dex, TYPES, 2, &[0, 1]);
        table(&mut dex, CLASSES, 1, &[1, 0, 0, 0, 0, 0, 0, 0]);
        let text = u32::try_from(dex.len()).unwrap() + 8;
        table(&mut dex, STRINGS, 2, &[text, text + 7]);
        dex.extend(b"\x05La/B;\0\x03Lc;\0");
        assert_eq!(classes(&dex).unwrap(), ["c".to_owned()].into());
        assert!(classes(&dex[..0x90]).is_err());
        assert!(classes(b"PK").is_err());
    }
}
