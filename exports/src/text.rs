//! From bytes to text, or a clear error.

use std::borrow::Cow;

use crate::error::{ExportError, Place};

const BOM: &[u8] = b"\xEF\xBB\xBF";
const UTF_16_LE: &[u8] = b"\xFF\xFE";
const UTF_16_BE: &[u8] = b"\xFE\xFF";
const EXPECTED: &str = "text in UTF-8, or in UTF-16 with a byte order mark";

/// The text, without its byte order mark. PowerShell's `>` writes UTF-16.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ExportError> {
    let text = if let Some(bytes) = bytes.strip_prefix(UTF_16_LE) {
        Cow::Owned(utf_16(bytes, u16::from_le_bytes)?)
    } else if let Some(bytes) = bytes.strip_prefix(UTF_16_BE) {
        Cow::Owned(utf_16(bytes, u16::from_be_bytes)?)
    } else {
        let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
        let text = core::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            wrong(bytes, at, format!("the byte 0x{byte:02X}"))
        })?;
        Cow::Borrowed(text)
    };
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        return Err(wrong(text.as_bytes(), at, "the byte 0x00".to_owned()));
    }
    if text.trim().is_empty() {
        return Err(ExportError::new(Place::Whole, "nothing", "an export"));
    }
    Ok(text)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ExportError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = character.map_err(|error| {
            let found = format!("the lone surrogate 0x{:04X}", error.unpaired_surrogate());
            wrong(text.as_bytes(), text.len(), found)
        })?;
        text.push(character);
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(wrong(
            text.as_bytes(),
            text.len(),
            "half a character of UTF-16".to_owned(),
        ))
    }
}

fn wrong(text: &[u8], at: usize, found: String) -> ExportError {
    ExportError::new(Place::in_text(text, at), found, EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16_of(text: &str, bom: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mut encoded = bom.to_vec();
        encoded.extend(text.encode_utf16().flat_map(bytes));
        encoded
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let text = "package:é𝄞\n";
        let utf_8 = [BOM, text.as_bytes()].concat();
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(&utf_8).unwrap(), text);
        assert_eq!(
            decode(&utf_16_of(text, UTF_16_LE, u16::to_le_bytes)).unwrap(),
            text
        );
        assert_eq!(
            decode(&utf_16_of(text, UTF_16_BE, u16::to_be_bytes)).unwrap(),
            text
        );
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let cases: [(&[u8], &str); 8] = [
            (b"", "the whole export: found nothing, expected an export"),
            (
                b" \r\n",
                "the whole export: found nothing, expected an export",
            ),
            (BOM, "the whole export: found nothing, expected an export"),
            (
                UTF_16_LE,
                "the whole export: found nothing, expected an export",
            ),
            (
                b"package:a\nna\xEFve",
                "line 2, column 3: found the byte 0xEF, expected ",
            ),
            (
                b"p\0a\0c\0",
                "line 1, column 2: found the byte 0x00, expected ",
            ),
            (
                b"\xFF\xFEp\0a",
                "line 1, column 2: found half a character of UTF-16, expected ",
            ),
            (
                b"\xFF\xFEp\0\0\xD8",
                "line 1, column 2: found the lone surrogate 0xD800, expected ",
            ),
        ];
        for (bytes, expected) in cases {
            let error = decode(bytes).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
