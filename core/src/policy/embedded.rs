//! The packs that ship with octroi.

use once_cell::sync::OnceCell;

use super::Policy;
use crate::read::ReadError;

/// A pack as it is carried: people read the files, with lines and indents, and a phone does not.
macro_rules! pack {
    ($name:literal) => {{
        const PACK: &[u8] = include_bytes!(concat!("../../packs/", $name, ".json"));
        const LENGTH: usize = compacted(PACK, &mut []);
        static COMPACT: [u8; LENGTH] = {
            let mut compact = [0; LENGTH];
            compacted(PACK, &mut compact);
            compact
        };
        &COMPACT
    }};
}

static PACKS: [&[u8]; 2] = [pack!("be-brussels-local"), pack!("be-brussels-region")];

/// The policies that ship with octroi, read at the first use.
///
/// # Errors
///
/// None in a build that was tested: the packs are data, and a pack that cannot be read is an error like that of any other.
pub fn embedded() -> Result<&'static [Policy], ReadError> {
    static EMBEDDED: OnceCell<Vec<Policy>> = OnceCell::new();
    EMBEDDED
        .get_or_try_init(|| PACKS.iter().map(|json| Policy::from_json(json)).collect())
        .map(Vec::as_slice)
}

/// Writes JSON without the spaces between its parts, as far as there is room, and says how long it is.
const fn compacted(json: &[u8], room: &mut [u8]) -> usize {
    let (mut json, mut room) = (json, room);
    let (mut length, mut is_text, mut is_escaped) = (0, false, false);
    while let [byte, rest @ ..] = json {
        json = rest;
        if is_text || !byte.is_ascii_whitespace() {
            if let [place, rest @ ..] = room {
                *place = *byte;
                room = rest;
            }
            length += 1;
        }
        is_text ^= *byte == b'"' && !is_escaped;
        is_escaped = is_text && *byte == b'\\' && !is_escaped;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever reads a text on a phone reads it with its spaces.
    #[test]
    fn only_what_stands_between_the_parts_is_left_out() {
        const WRITTEN: &[u8] = br#"{ "a \" b" : [ 1, "\\", " " ] }
"#;
        let mut compact = [0; 23];
        assert_eq!(compacted(WRITTEN, &mut compact), compact.len());
        assert_eq!(compact.as_slice(), br#"{"a \" b":[1,"\\"," "]}"#);
        let read = |json| serde_json::from_slice::<serde_json::Value>(json).unwrap();
        let files: [&[u8]; 2] = [
            include_bytes!("../../packs/be-brussels-local.json"),
            include_bytes!("../../packs/be-brussels-region.json"),
        ];
        for (pack, file) in PACKS.iter().zip(files) {
            assert_eq!(read(pack), read(file));
            assert!(pack.len() < file.len());
        }
    }
}
