//! What serde says of an error, in the words of whoever wrote the document: what was found, and what was expected.

use crate::visible::{is_invisible, visible};

/// What an error found and what it expected, from what serde says of it.
///
/// serde's messages follow a fixed grammar (`serde::de::Error`), in which only what was found quotes the document; serde_json's own
/// are about syntax.
pub(crate) fn found_and_expected(
    message: &str,
    text: &[u8],
    error: &serde_json::Error,
) -> (String, String) {
    if let Some(both) = of_value(message) {
        return both;
    }
    let there = || character_at(text, error.line(), error.column());
    let (found, expected) = if error.is_eof() {
        (
            "the end of the text".to_owned(),
            "the rest of the JSON document",
        )
    } else {
        match message {
            "expected ident" => (there(), "`true`, `false` or `null`"),
            "expected value" => (there(), "a value"),
            "key must be a string" => (there(), "a key, which is a string"),
            "trailing comma" => (there(), "what a comma announces"),
            "trailing characters" => (there(), "nothing after the document"),
            "invalid number" => (there(), "a number as JSON has it"),
            "number out of range" => ("a number too large to be read".to_owned(), "a smaller one"),
            "invalid escape" => (there(), "one of JSON's escapes, such as `\\n` or `\\u00e9`"),
            "recursion limit exceeded" => (
                "more than 127 values, each inside another".to_owned(),
                "fewer",
            ),
            _ if message.contains("surrogate")
                || message.contains("hex escape")
                || message.contains("code point") =>
            {
                ("half of a pair of `\\u` escapes".to_owned(), "both halves")
            }
            _ if message.starts_with("control character") => {
                (there(), "the escape of this character, such as `\\n`")
            }
            _ => match message.strip_prefix("expected ") {
                Some(expected) => (there(), expected),
                None => (message.to_owned(), "well-formed JSON"),
            },
        }
    };
    (visible(&found).into_owned(), expected.to_owned())
}

/// The same of a value that is well formed, as it is where there is no text; `None` is an error of the text's.
pub(crate) fn of_value(message: &str) -> Option<(String, String)> {
    if let Some(field) = missing_field(message) {
        return Some((format!("no field {field}"), format!("the field {field}")));
    }
    let (found, expected) = match doubled_key(message) {
        Some(field) => (format!("the field `{field}` twice"), "each field once"),
        None => {
            let (found, expected) = message.rsplit_once(", expected ")?;
            (in_words_of_found(found), in_words(expected))
        }
    };
    Some((visible(&found).into_owned(), expected.to_owned()))
}

pub(crate) fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field ")
}

/// The key that stands twice.
pub(crate) fn doubled_key(message: &str) -> Option<&str> {
    message.strip_prefix("duplicate field `")?.strip_suffix('`')
}

fn in_words_of_found(found: &str) -> String {
    const PREFIXES: [&str; 2] = ["invalid type: ", "invalid value: "];
    let bare = PREFIXES
        .iter()
        .find_map(|prefix| found.strip_prefix(prefix))
        .unwrap_or(found);
    match bare {
        "map" => "an object".to_owned(),
        "sequence" => "an array".to_owned(),
        "unit variant" => "a word alone".to_owned(),
        "unit value" => "null".to_owned(),
        _ => {
            let word = bare.strip_prefix("unknown variant ");
            let number = bare.strip_prefix("floating point ");
            match (word, number) {
                (Some(word), _) => format!("unknown word {word}"),
                (_, Some(number)) => format!("number {number}"),
                _ => bare.to_owned(),
            }
        }
    }
}

/// What Rust calls a type, as an author would.
fn in_words(expected: &str) -> &str {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number",
        "i16" => "a whole number from -32768 to 32767",
        "a boolean" => "`true` or `false`",
        "a sequence" => "an array",
        "a map" => "an object",
        "a borrowed string" => "a string",
        "newtype variant" => "an object with that word as its key",
        _ if expected.starts_with("struct ") => "an object",
        _ => expected,
    }
}

fn character_at(text: &[u8], line: usize, column: usize) -> String {
    let line = text
        .split(|byte| *byte == b'\n')
        .nth(line.saturating_sub(1))
        .unwrap_or_default();
    let rest = String::from_utf8_lossy(line.get(column.saturating_sub(1)..).unwrap_or_default());
    match rest.chars().next() {
        Some(character) if is_invisible(character) => {
            format!("the character U+{:04X}", u32::from(character))
        }
        Some(character) => format!("`{character}`"),
        None => "the end of the line".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Deployment, Policies, Policy, Record, embedded};

    fn of_record(json: &str) -> String {
        let policies = Policies::new(embedded().unwrap().to_vec()).unwrap();
        Record::from_json(json.as_bytes(), &policies)
            .unwrap_err()
            .to_string()
    }

    /// The first pack, with its term for removal written otherwise.
    fn of_term(term: &str) -> String {
        let pack = embedded().unwrap().first().unwrap().to_json();
        let mut pack: serde_json::Value = serde_json::from_str(&pack).unwrap();
        let place = pack.pointer_mut("/rules/0/removal/term").unwrap();
        *place = "here".into();
        let pack = pack.to_string().replace("\"here\"", term);
        let error = Policy::from_json(pack.as_bytes()).unwrap_err();
        let before = pack.find(term).unwrap();
        let at = error.column - before;
        format!(
            "{at}: `{}`: found {}, expected {}",
            error.path, error.found, error.expected
        )
    }

    /// Whoever writes a record in an editor is sent to the line that is wrong, and not to the one after it.
    #[test]
    fn an_error_stands_where_what_is_wrong_begins() {
        let device = r#""device":{"platform":"ios"}"#;
        for (json, error) in [
            (
                format!(
                    "{{{device},\n\"observations\":[{{\"apps\":[\n {{\"version\":\"1\"}}\n\n]}}]}}"
                ),
                "line 3, column 2: `observations[0].apps[0]`: found an app without `id`, `scheme` or `name`, expected one of them",
            ),
            (
                "{\"device\":{\n \"ownershp\"\n\n:\"personal\"}}".to_owned(),
                "line 2, column 2: `device.ownershp`: found unknown field `ownershp`, expected one of `id`, `platform`, `ownership`, `funding`",
            ),
            (
                "{\"device\":\n {\"id\":\"a\"\n}\n}".to_owned(),
                "line 2, column 2: `device`: found no field `platform`, expected the field `platform`",
            ),
            (
                "{\"device\":{\"id\":\"a\",\n \"id\":\"b\"\n}}".to_owned(),
                "line 2, column 2: `device.id`: found the field `id` twice, expected each field once",
            ),
            (
                format!(
                    "{{{device},\n\"declarations\":{{\"tiktok\":\"absent\",\n  \"tik\\u0074ok\":\"absent\"}}}}"
                ),
                "line 3, column 3: `declarations.tiktok`: found the field `tiktok` twice, expected each field once",
            ),
            (
                format!("{{{device},\n\"declarations\":{{\"\":\"absent\"}}}}"),
                "line 2, column 17: `declarations.`: found string \"\", expected a string that is not empty",
            ),
        ] {
            assert_eq!(of_record(&json), error);
        }
    }

    #[test]
    fn a_form_of_one_key_says_what_is_wrong_with_its_keys() {
        for (term, error) in [
            (
                r#"{"working_days":5,"by":"2023-04-03"}"#,
                "19: `rules[0].removal.term.by`: found a second key, expected an object of one key",
            ),
            (
                r#"{"by":"2023-04-03","by":"2023-04-04"}"#,
                "20: `rules[0].removal.term.by`: found a second key, expected an object of one key",
            ),
            (
                r#""by""#,
                "1: `rules[0].removal.term`: found a word alone, expected an object with that word as its key",
            ),
            (
                r#"{"days":5}"#,
                "2: `rules[0].removal.term.days`: found unknown word `days`, expected one of `working_days`, `calendar_days`, `by`",
            ),
            (
                "[5]",
                "1: `rules[0].removal.term`: found an array, expected one of `working_days`, `calendar_days`, `by`",
            ),
            (
                r#"{"working_days":"5"}"#,
                "17: `rules[0].removal.term.working_days`: found string \"5\", expected a whole number from 0 to 65535",
            ),
            (
                r#"{"working_days":-1.5}"#,
                "17: `rules[0].removal.term.working_days`: found number `-1.5`, expected a whole number from 0 to 65535",
            ),
        ] {
            assert_eq!(of_term(term), error, "{term}");
        }
    }

    /// The document is quoted, and does not write the message.
    #[test]
    fn what_was_found_may_say_anything() {
        for (json, found, expected) in [
            (
                r#"{"when_undetermined":"x, expected y"}"#,
                "unknown word `x, expected y`",
                "`permit` or `deny`",
            ),
            (
                r#"{"zones, expected `x`":1}"#,
                "unknown field `zones, expected `x``",
                "one of `administration`, ",
            ),
            (
                r#"{"notified_on":{"a":"2023-03-27","a":"2023-03-28"}}"#,
                "the field `a` twice",
                "each field once",
            ),
            (
                r#"{"observation_valid_for":"1, expected 2 at line 3 column 4"}"#,
                "string \"1, expected 2 at line 3 column 4\"",
                "an ISO 8601 duration",
            ),
            (
                "{\"when_undetermined\":\"per\u{200b}mit\"}",
                "unknown word `per\\u{200b}mit`",
                "`permit` or `deny`",
            ),
            (
                "{\"zone\u{202e}s\":1}",
                "unknown field `zone\\u{202e}s`",
                "one of ",
            ),
            (
                "{\"administration\":\u{200b}\"x\"}",
                "the character U+200B",
                "a value",
            ),
        ] {
            let error = Deployment::from_json(json.as_bytes()).unwrap_err();
            assert_eq!(error.found, found);
            assert!(error.expected.starts_with(expected), "{error}");
            assert!(!error.to_string().contains(['\u{200b}', '\u{202e}']));
        }
    }

    /// Whoever reads an error need not know in which language octroi is written.
    #[test]
    fn no_message_speaks_of_types() {
        let deep = format!("{{\"zones\":{}", "[".repeat(200));
        for (json, said) in [
            ("[]", "found an array, expected an object"),
            (
                "{\"zones\":{}",
                "found the end of the text, expected the rest of the JSON document",
            ),
            ("{\"zones\":null}", "found null, expected an object"),
            ("{\"policies\":{}}", "found an object, expected an array"),
            (
                "{\"policies\":[]}",
                "found an empty array, expected at least one policy id",
            ),
            (
                "{\"zones\":nul}",
                "found `}`, expected `true`, `false` or `null`",
            ),
            ("{\"zones\":}", "found `}`, expected a value"),
            ("{zones:{}}", "found `z`, expected a key, which is a string"),
            (
                "{\"zones\":{},}",
                "found `}`, expected what a comma announces",
            ),
            (
                "{\"zones\":-}",
                "found `}`, expected a number as JSON has it",
            ),
            (
                "{\"zones\":1e999}",
                "found a number too large to be read, expected a smaller one",
            ),
            (
                "{\"zones\":\"\\x\"}",
                "found `x`, expected one of JSON's escapes, such as `\\n` or `\\u00e9`",
            ),
            (
                "{\"administration\":\"a\tb\"}",
                "found the character U+0009, expected the escape of this character, such as `\\n`",
            ),
            (
                "{\"administration\":\"\\udc00\"}",
                "found half of a pair of `\\u` escapes, expected both halves",
            ),
            ("{\"zones\" 1}", "found `1`, expected `:`"),
            (&deep, "found an array, expected an object"),
        ] {
            let error = Deployment::from_json(json.as_bytes()).unwrap_err();
            let (found, expected) = (&error.found, &error.expected);
            assert_eq!(
                format!("found {found}, expected {expected}"),
                said,
                "{json}"
            );
        }
    }
}
