//! One document of a fleet: from its text to the record of a device, or why it cannot be read.

use octroi_core::{NonEmpty, Policies, Record, visible};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{ExportError, Kind, Options, Place, passed_over::PassedOver};

/// No message quotes more than this of what it found, in characters.
const LONGEST_QUOTE: usize = 300;

/// The longest line that is read, in bytes, without its end.
pub const LONGEST_LINE: usize = 32 << 20;

/// Why a line could not be read (`docs/forms.md`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct LineError {
    /// The device that it is about, where that is certain in spite of the error.
    #[serde(skip)]
    pub device_id: Option<NonEmpty>,
    /// What is wrong.
    pub code: LineErrorCode,
    /// The place in the line's document; empty at its top.
    pub path: String,
    /// The same for people, in English; quotes little of what it found.
    pub message: String,
    /// Whether it looks like a part of a document that has not one device on each line.
    #[serde(skip)]
    pub is_other_layout: bool,
}

/// What is wrong with a line: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineErrorCode {
    /// It is no text in UTF-8.
    Encoding,
    /// It is not well-formed JSON.
    Json,
    /// It is JSON, but no record and no other export of one device.
    Record,
    /// It is longer than a line may be.
    TooLong,
}

impl LineErrorCode {
    /// Each of them.
    pub const ALL: [LineErrorCode; 4] = [
        LineErrorCode::Encoding,
        LineErrorCode::Json,
        LineErrorCode::Record,
        LineErrorCode::TooLong,
    ];
}

impl LineError {
    /// The error of a line of more than [`LONGEST_LINE`].
    pub fn too_long() -> Self {
        let most = LONGEST_LINE >> 20;
        Self {
            device_id: None,
            code: LineErrorCode::TooLong,
            path: String::new(),
            message: format!("found a line of more than {most} MiB, expected a shorter one"),
            is_other_layout: false,
        }
    }

    /// The error of a document that stands in no line: a row of a table, say.
    pub fn of_value(device_id: Option<NonEmpty>, path: &str, found: &str, expected: &str) -> Self {
        let (found, expected) = (quotable(found), quotable(expected));
        Self {
            device_id,
            code: LineErrorCode::Record,
            path: quotable(path),
            message: format!("found {found}, expected {expected}"),
            is_other_layout: false,
        }
    }

    /// A byte that is no text, or that no text of JSON has: what stands before it still says where it is.
    fn encoding(line: &[u8], at: usize) -> Self {
        let (column, byte) = (at + 1, line.get(at).copied().unwrap_or_default());
        let path = match octroi_core::from_json::<PassedOver>(line) {
            Err(error) if error.column == column => quotable(&error.path.to_string()),
            _ => String::new(),
        };
        Self {
            device_id: None,
            code: LineErrorCode::Encoding,
            path,
            message: format!(
                "column {column}: found the byte 0x{byte:02X}, expected text in UTF-8"
            ),
            is_other_layout: false,
        }
    }

    fn no_object(line: &[u8], at: usize) -> Self {
        let found = line.get(at..).map(String::from_utf8_lossy);
        let found = found.and_then(|rest| rest.chars().next());
        let found = match found {
            Some(found) => format!("`{}`", quotable(&String::from(found))),
            None => "the end of the text".to_owned(),
        };
        let message = format!("column {}: found {found}, expected a JSON object", at + 1);
        Self {
            is_other_layout: matches!(line.get(at), Some(b'[' | b']' | b'}' | b'"')),
            ..Self::new(line, String::new(), message)
        }
    }

    fn export(line: &[u8], error: &ExportError) -> Self {
        let (found, expected) = (quotable(&error.found), quotable(&error.expected));
        let (column, path) = match &error.place {
            Place::Json { column, path, .. } => (format!("column {column}: "), quotable(path)),
            _ => (String::new(), String::new()),
        };
        let message = format!("{column}found {found}, expected {expected}");
        Self {
            is_other_layout: error.place == Place::Devices,
            ..Self::new(line, path, message)
        }
    }

    fn new(line: &[u8], path: String, message: String) -> Self {
        let well_formed = serde_json::from_slice::<IgnoredAny>(line).is_ok();
        let code = if well_formed {
            LineErrorCode::Record
        } else {
            LineErrorCode::Json
        };
        Self {
            device_id: well_formed.then(|| device_id(line)).flatten(),
            code,
            path,
            message,
            is_other_layout: false,
        }
    }
}

/// Reads the record of the device that a line holds: a record, or another JSON export of one device, recognised by its content.
///
/// # Errors
///
/// Anything else, with a code from a closed list.
pub fn read_line<'a>(line: &'a [u8], policies: &Policies) -> Result<Record<'a>, LineError> {
    let text = match str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => return Err(LineError::encoding(line, error.valid_up_to())),
    };
    read_text(text, policies).map_err(|error| match line.iter().position(|byte| *byte == 0) {
        // No JSON has such a byte, and what it means is that the text is in another encoding.
        Some(at) => LineError::encoding(line, at),
        None => error,
    })
}

fn read_text<'a>(text: &'a str, policies: &Policies) -> Result<Record<'a>, LineError> {
    let line = text.as_bytes();
    // Lists are refused here, as they are wherever an export is recognised by its content.
    let start = line.len() - line.trim_ascii_start().len();
    if line.get(start) != Some(&b'{') {
        return Err(LineError::no_object(line, start));
    }
    match Kind::of_object(text) {
        Kind::Record => Record::from_json(line, policies)
            .map_err(|error| LineError::export(line, &ExportError::of_record(text, error))),
        // What a person should know of each reading, nobody reads in a fleet: what counts of it is in the assessment.
        kind => crate::read(line, kind, policies, &Options::default())
            .map(|reading| reading.record)
            .map_err(|error| LineError::export(line, &error)),
    }
}

/// What is or would become the `device.id` of a document that is wrong somewhere else, if it stands there once.
fn device_id(line: &[u8]) -> Option<NonEmpty> {
    #[derive(Deserialize)]
    struct Document {
        device: Id<NonEmpty>,
    }
    #[derive(Deserialize)]
    struct Id<T> {
        id: T,
    }
    #[derive(Deserialize)]
    struct Named {
        name: NonEmpty,
    }
    #[derive(Deserialize)]
    struct Answer {
        host: Id<u64>,
    }
    if let Ok(Document { device }) = octroi_core::from_json(line) {
        return Some(device.id);
    }
    match Kind::of_object(str::from_utf8(line).ok()?) {
        Kind::Amapi => Some(octroi_core::from_json::<Named>(line).ok()?.name),
        Kind::Intune => Some(octroi_core::from_json::<Id<NonEmpty>>(line).ok()?.id),
        Kind::Fleetdm => {
            let host = octroi_core::from_json(line).map(|Answer { host }| host);
            let host: Id<u64> = host.or_else(|_| octroi_core::from_json(line)).ok()?;
            NonEmpty::new(host.id.to_string())
        }
        _ => None,
    }
}

/// What a line holds, fit for a message: short, and without what nobody sees.
fn quotable(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => visible(text.get(..end).unwrap_or(text)).into_owned() + "…",
        None => visible(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use octroi_core::{Deployment, embedded};

    use super::*;

    fn error_of(line: &[u8]) -> LineError {
        let policies = Policies::select(
            &Deployment::default(),
            embedded().unwrap().to_vec().as_slice(),
        )
        .unwrap();
        read_line(line, &policies).unwrap_err()
    }

    #[test]
    fn a_bad_line_says_what_is_wrong_with_it() {
        let cases: [(&[u8], LineErrorCode, &str, &str); 9] = [
            (
                b"{}",
                LineErrorCode::Record,
                "",
                "found no field `device`, ",
            ),
            (
                b" []",
                LineErrorCode::Record,
                "",
                "column 2: found `[`, expected a JSON object",
            ),
            (
                b"\x1b",
                LineErrorCode::Json,
                "",
                "column 1: found `\\u{1b}`, ",
            ),
            (
                b"{",
                LineErrorCode::Json,
                "",
                "column 1: found the end of the text, ",
            ),
            (b"\"a", LineErrorCode::Json, "", "column "),
            (b"{}{}", LineErrorCode::Json, "", "column "),
            (
                b"{\"a\xFF",
                LineErrorCode::Encoding,
                "",
                "column 4: found the byte 0xFF, expected text in UTF-8",
            ),
            (
                b"{\0}",
                LineErrorCode::Encoding,
                "",
                "column 2: found the byte 0x00, expected text in UTF-8",
            ),
            (
                b"{\"device\":{\"platform\":\"beos\"}}",
                LineErrorCode::Record,
                "device.platform",
                "column ",
            ),
        ];
        for (line, code, path, message) in cases {
            let error = error_of(line);
            assert_eq!((error.code, error.path.as_str()), (code, path), "{error:?}");
            assert!(error.message.contains(message), "{error:?}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(error_of(deep.as_bytes()).code, LineErrorCode::Json);
    }

    #[test]
    fn the_device_is_named_where_that_is_safe() {
        for (line, id) in [
            (r#"{"device":{"id":"a"}}"#, Some("a")),
            (
                r#"{"x":1,"device":{"platform":5,"id":"a"},"y":{}}"#,
                Some("a"),
            ),
            (r#"{"device":{"id":"a","id":"b"}}"#, None),
            (r#"{"device":{"id":"a"},"device":{"id":"a"}}"#, None),
            (r#"{"device":{"id":""}}"#, None),
            (r#"{"device":{"id":5}}"#, None),
            (r#"{"device":{"id":"a"}"#, None),
            (r#"{"id":"a"}"#, None),
            // What a management calls it.
            (r#"{"name":"a","managementMode":5}"#, Some("a")),
            (r#"{"name":"a","name":"a","managementMode":5}"#, None),
            (r#"{"id":"a","managedDeviceOwnerType":5}"#, Some("a")),
            (r#"{"host":{"id":7,"platform":"beos"}}"#, Some("7")),
            (
                r#"{"id":7,"osquery_version":"","platform":"beos"}"#,
                Some("7"),
            ),
            (r#"{"device":["abc"]}"#, None),
            (r#"{"device":[{"id":"abc"}]}"#, None),
            (
                r#"{"device":{"id":"a","platform":"ios"},"host":{}}"#,
                Some("a"),
            ),
        ] {
            let found = error_of(line.as_bytes()).device_id;
            assert_eq!(found.as_ref().map(NonEmpty::as_str), id, "{line}");
        }
    }

    #[test]
    fn a_message_does_not_grow_with_its_line() {
        let line = format!("{{\"\\u001b[2J{}\":1}}", "x".repeat(100_000));
        let error = error_of(line.as_bytes());
        assert!(error.message.len() < 1_000 && error.path.len() < 1_000);
        assert!(error.message.contains("\\u{1b}[2J"), "{}", error.message);
    }

    #[test]
    fn a_line_that_is_no_text_says_how_far_it_is_one() {
        for (line, path) in [
            (
                &b"{\"device\":{\"platform\":\"and\xFFroid\"}}"[..],
                "device.platform",
            ),
            (
                b"{\"host\":{\"software\":[{},{\"name\":\"\xE9\"}]}}",
                "host.software[1].name",
            ),
            (b"{\"device\":{\"id\":\"a\0b\"}}", "device.id"),
            (b"{\"device\":{\"id\":\"a\"}}\xFF", ""),
            // What comes before it is wrong, too: then nobody knows where the byte is.
            (b"{\"device\":{\"id\" \"a\",\"\xFF", ""),
        ] {
            let error = error_of(line);
            assert_eq!(error.code, LineErrorCode::Encoding, "{error:?}");
            assert_eq!(error.path, path);
            let at = line.iter().position(|byte| matches!(byte, 0 | 0x80..));
            let start = format!("column {}: found the byte 0x", at.unwrap() + 1);
            assert!(error.message.starts_with(&start), "{error:?}");
        }
    }

    /// Half of what such a line says would be passed over, and the device judged by the other half.
    #[test]
    fn a_line_with_keys_of_two_kinds_is_neither() {
        let device = r#""device":{"id":"a","platform":"android"}"#;
        let other = r#""managementMode":"DEVICE_OWNER","applicationReports":[]"#;
        for (line, path) in [
            (format!("{{{device},{other}}}"), "managementMode"),
            (format!("{{{other},{device}}}"), "device"),
        ] {
            let error = error_of(line.as_bytes());
            let id = error.device_id.as_ref().map(NonEmpty::as_str);
            assert_eq!(
                (error.code, error.path.as_str(), id),
                (LineErrorCode::Record, path, Some("a"))
            );
            let said = format!("found the key `{path}`, as ");
            assert!(error.message.contains(&said), "{error:?}");
            assert!(
                error
                    .message
                    .ends_with("expected the keys of one kind of export")
            );
        }
    }

    /// Two names that look alike are not found to be two by whoever reads only what octroi prints.
    #[test]
    fn what_nobody_sees_is_written_out() {
        let error = error_of("{\"dev\u{200b}ice\":{\"platform\":\"ios\"}}".as_bytes());
        assert_eq!(error.path, "dev\\u{200b}ice");
        assert!(
            error.message.contains("unknown field `dev\\u{200b}ice`"),
            "{error:?}"
        );
    }
}
