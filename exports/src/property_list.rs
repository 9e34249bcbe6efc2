//! Apple's property lists, in XML or binary: read event by event, so that no file can ask for more than it is worth.
//!
//! The `plist` crate reads the syntax. What it leaves open is closed here: containers nested without end, a binary list whose
//! objects contain one another's copies without end, keys that stand twice, and parts of XML that it skips without a word.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
    io::Cursor,
};

use plist::stream::{BinaryReader, Event, OwnedEvent, XmlReader};

use crate::{
    error::{ExportError, Place, excerpt},
    kind::BINARY,
    text::decode,
};

/// A value of a property list.
#[derive(Debug, PartialEq)]
pub(crate) enum Value {
    Array(Vec<Value>),
    Dictionary(BTreeMap<String, Value>),
    String(String),
    Boolean(bool),
    /// A value whose content nobody asks for, by the name of its type.
    Other(&'static str),
}

impl Value {
    /// The name of its type, for errors.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Value::Array(_) => "an array",
            Value::Dictionary(_) => "a dictionary",
            Value::String(_) => "a string",
            Value::Boolean(_) => "a boolean",
            Value::Other(name) => name,
        }
    }
}

/// Reads a property list in XML or binary.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ExportError> {
    let mut builder = Builder::new(bytes.len());
    let mut cut = false;
    if bytes.starts_with(BINARY) {
        for event in BinaryReader::new(Cursor::new(bytes)) {
            let event = event.map_err(|error| syntax(&error, Place::Offset))?;
            builder.add(event)?;
        }
    } else {
        let text = decode(bytes)?;
        whole(&text)?;
        cut = text.contains("<plist") && !text.trim_end().ends_with("</plist>");
        for event in XmlReader::new(text.as_bytes()) {
            let event = event.map_err(|error| {
                syntax(&error, |offset| {
                    Place::in_text(
                        text.as_bytes(),
                        usize::try_from(offset).unwrap_or(usize::MAX),
                    )
                })
            })?;
            builder.add(event)?;
        }
    }
    match builder.finish()? {
        _ if cut => Err(wrong("the end of the file")),
        value => Ok(value),
    }
}

/// No list of apps is nested deeper than an error chain in an answer: four levels.
const DEPTH: usize = 32;

/// A binary list may hold a string once and name it often: keys, mostly. Real lists repeat each byte less than this often.
const REPETITION: usize = 8;

/// What any list may hold beyond that, however small its file.
const TEXT: usize = 1 << 20;
const VALUES: usize = 1 << 10;

const EXPECTED: &str = "a property list as the device management gave it";

/// Refuses what the XML reader would skip: a part of an identifier that is lost would make another identifier of it.
fn whole(text: &str) -> Result<(), ExportError> {
    let refuse = |at: usize, found: &str| {
        let place = Place::in_text(text.as_bytes(), at);
        Err(ExportError::new(place, excerpt(found), EXPECTED))
    };
    if let Some((at, encoding)) = foreign_encoding(text) {
        return refuse(at, encoding);
    }
    for lost in ["<![CDATA[", "<!ENTITY"] {
        if let Some(at) = text.find(lost) {
            return refuse(at, lost);
        }
    }
    for (at, _) in text.match_indices('&') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let known = ["lt;", "gt;", "amp;", "apos;", "quot;", "#"];
        if !known.iter().any(|entity| rest.starts_with(entity)) {
            return refuse(at, "&");
        }
    }
    Ok(())
}

/// The encoding that the XML declaration names and its place, if that is another one than the text was read in: a letter would
/// become another one.
fn foreign_encoding(text: &str) -> Option<(usize, &str)> {
    let declaration = text.trim_start().strip_prefix("<?xml")?;
    let (declaration, _) = declaration.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let mut quoted = value.split(['"', '\'']);
    let encoding = quoted.nth(1)?;
    let known = ["utf-8", "utf-16", "us-ascii", "ascii"];
    let at = (encoding.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let foreign = !known
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known));
    foreign.then_some((at, encoding))
}

/// The crate names what is wrong in one word, and where in brackets.
fn syntax(error: &plist::Error, place: impl FnOnce(u64) -> Place) -> ExportError {
    let text = error.to_string();
    let (word, offset) = match text.rsplit_once(" (offset ") {
        Some((word, rest)) => (word, rest.trim_end_matches(')').parse().ok()),
        None => (text.as_str(), None),
    };
    let found = if error.is_io() || error.is_eof() {
        "the end of the file".to_owned()
    } else {
        in_words(word).to_owned()
    };
    ExportError::new(offset.map_or(Place::Whole, place), found, EXPECTED)
}

/// What the crate's word means. Its words are not promised: of one that is new, only so much is known.
fn in_words(word: &str) -> &'static str {
    match word {
        "UnexpectedXmlCharactersExpectedElement" => "text where an element should be",
        "UnclosedXmlElement" => "an element without an end",
        "UnexpectedXmlOpeningTag" => "an element inside a value",
        "UnknownXmlElement" => "an element that no property list has",
        "InvalidXmlSyntax" => "what is not well-formed XML",
        "InvalidXmlUtf8" | "InvalidUtf8String" | "InvalidUtf16String" => "text that is no Unicode",
        "InvalidDataString" => "data that is not Base64",
        "InvalidDateString" | "OverflowOrNanDate" => "a date that is none",
        "InvalidIntegerString" | "InvalidRealString" | "IntegerOutOfRange" => {
            "a number that is none"
        }
        "InvalidMagic" => "the start of another file",
        "RecursiveObject" => "a value that contains itself",
        "ObjectTooLarge"
        | "InvalidObjectLength"
        | "ObjectOffsetTooLarge"
        | "ObjectReferenceTooLarge" => "a value that reaches beyond the file",
        "InvalidTrailerObjectOffsetSize" | "InvalidTrailerObjectReferenceSize" => {
            "the end of another file"
        }
        _ => "what no property list has",
    }
}

/// Builds a value from events.
struct Builder {
    open: Vec<Container>,
    root: Option<Value>,
    /// How many more values and how many more bytes of text may come.
    values_left: usize,
    text_left: usize,
}

enum Container {
    Array(Vec<Value>),
    Dictionary(BTreeMap<String, Value>, Option<String>),
}

impl Builder {
    fn new(size: usize) -> Self {
        Self {
            open: Vec::new(),
            root: None,
            // Every value costs its file two bytes at least: a tag in XML; in binary a reference and what it refers to.
            values_left: (size / 2).saturating_add(VALUES),
            text_left: size.saturating_mul(REPETITION).saturating_add(TEXT),
        }
    }

    fn add(&mut self, event: OwnedEvent) -> Result<(), ExportError> {
        let value = match event {
            Event::StartArray(length) => return self.start(Container::Array(Vec::new()), length),
            Event::StartDictionary(length) => {
                return self.start(Container::Dictionary(BTreeMap::new(), None), length);
            }
            Event::EndCollection => match self.open.pop() {
                Some(Container::Array(values)) => Value::Array(values),
                Some(Container::Dictionary(entries, None)) => Value::Dictionary(entries),
                Some(Container::Dictionary(_, Some(key))) => {
                    return Err(wrong(format!("the key {} without a value", excerpt(&key))));
                }
                None => return Err(wrong("the end of what never began")),
            },
            Event::Boolean(value) => Value::Boolean(value),
            Event::String(text) => {
                self.spend(0, text.len())?;
                Value::String(text.into_owned())
            }
            Event::Data(data) => {
                self.spend(0, data.len())?;
                Value::Other("data")
            }
            Event::Date(_) => Value::Other("a date"),
            Event::Integer(_) | Event::Real(_) => Value::Other("a number"),
            _ => Value::Other("a value of another type"),
        };
        self.put(value)
    }

    /// A container opens; a binary one says how many values it has.
    fn start(&mut self, container: Container, length: Option<u64>) -> Result<(), ExportError> {
        if self.open.len() >= DEPTH {
            return Err(wrong(format!("more than {DEPTH} levels inside each other")));
        }
        let length = usize::try_from(length.unwrap_or(1)).unwrap_or(usize::MAX);
        self.spend(length, 0)?;
        self.open.push(container);
        Ok(())
    }

    fn spend(&mut self, values: usize, text: usize) -> Result<(), ExportError> {
        match (
            self.values_left.checked_sub(values),
            self.text_left.checked_sub(text),
        ) {
            (Some(values), Some(text)) => {
                (self.values_left, self.text_left) = (values, text);
                Ok(())
            }
            _ => Err(wrong(
                "the same values over and over, more than the file has room for",
            )),
        }
    }

    fn put(&mut self, value: Value) -> Result<(), ExportError> {
        match self.open.last_mut() {
            None if self.root.is_none() => self.root = Some(value),
            None => return Err(wrong("something after the end of the list")),
            Some(Container::Array(values)) => values.push(value),
            Some(Container::Dictionary(entries, key)) => match key.take() {
                Some(name) => match entries.entry(name) {
                    Entry::Vacant(entry) => {
                        entry.insert(value);
                    }
                    Entry::Occupied(entry) => {
                        return Err(wrong(format!("the key {} twice", excerpt(entry.key()))));
                    }
                },
                None => match value {
                    Value::String(name) => *key = Some(name),
                    other => return Err(wrong(format!("{} where a key should be", other.name()))),
                },
            },
        }
        Ok(())
    }

    fn finish(self) -> Result<Value, ExportError> {
        match self.root {
            Some(value) if self.open.is_empty() => Ok(value),
            Some(_) => Err(wrong("something after the end of the list")),
            None if self.open.is_empty() => Err(wrong("no value")),
            None => Err(wrong("the end of the file")),
        }
    }
}

fn wrong<'a>(found: impl Into<Cow<'a, str>>) -> ExportError {
    ExportError::new(Place::Whole, found.into(), EXPECTED)
}
