//! Reading documents strictly: what is wrong is named by its place, with what was found and what was expected.

use core::{fmt, marker::PhantomData};
use std::{borrow::Borrow, collections::BTreeMap};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        self, MapAccess, Unexpected, Visitor,
        value::{BorrowedStrDeserializer, MapAccessDeserializer, StrDeserializer},
    },
};

use crate::{
    place::{About, end_of_column, line_and_column, offset_of},
    strict::{Strict, Trail},
    visible::visible,
    wording,
};

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ReadError {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// The place in the document, such as `device.ownership` or `observations[0].apps[3].id`; empty at the top.
    pub path: Path,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// Whether that is a field, and there is none of its name.
    pub is_missing_field: bool,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if !self.path.0.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

/// Why a value could not be read that stands in no text, and so in no line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}found {found}, expected {expected}", at(path))]
pub struct ValueError {
    /// The place in the value, such as `device.ownership`; empty at its top.
    pub path: Path,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

fn at(path: &Path) -> String {
    if path.0.is_empty() {
        String::new()
    } else {
        format!("`{path}`: ")
    }
}

/// Something wrong with a document that is well formed: where, and what.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) path: Vec<Step>,
    pub(crate) found: String,
    pub(crate) expected: String,
}

/// The way from the top of a document to a place in it; shown as `observations[0].apps[3].id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub(crate) Vec<Step>);

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an element of an array, from 0.
    Index(usize),
}

impl Path {
    /// The steps, from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if at == 0 => f.write_str(&visible(key))?,
                Step::Key(key) => write!(f, ".{}", visible(key))?,
            }
        }
        Ok(())
    }
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Step::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

/// The path of a fault: `steps!["rules", 0, "apps"]`.
macro_rules! steps {
    ($($step:expr),* $(,)?) => { vec![$($crate::read::Step::from($step)),*] };
}
pub(crate) use steps;

impl Fault {
    pub(crate) fn new(
        path: Vec<Step>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            path,
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// The same fault inside a larger document.
    pub(crate) fn within(mut self, mut outer: Vec<Step>) -> Self {
        outer.append(&mut self.path);
        self.path = outer;
        self
    }

    /// The error of a value that stands in no text.
    pub(crate) fn of_value(self) -> ValueError {
        ValueError {
            path: Path(self.path),
            found: visible(&self.found).into_owned(),
            expected: self.expected,
        }
    }

    /// The error that names the fault's place in the text it was read from.
    pub(crate) fn locate(self, text: &[u8]) -> ReadError {
        let offset = offset_of(text, &self.path, About::Value, text.len());
        let (line, column) = line_and_column(text, offset);
        ReadError {
            line,
            column,
            path: Path(self.path),
            found: visible(&self.found).into_owned(),
            expected: self.expected,
            is_missing_field: false,
        }
    }
}

/// Reads a JSON document, all of it and nothing after it: objects are objects, words are words.
///
/// # Errors
///
/// Anything that is not the form of `T`, with its place.
pub fn from_json<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, ReadError> {
    let (whole, wrong) = match core::str::from_utf8(text) {
        Ok(text) => (text, None),
        Err(error) => (valid_part(text), Some(error.valid_up_to())),
    };
    let trail = Trail::default();
    match (value(whole, &trail), wrong) {
        (Ok(value), None) => Ok(value),
        // What is no text cuts the document off: an error before that comes first.
        (Err(error), wrong) if wrong.is_none() || !error.is_eof() => {
            Err(explained(text, trail, &error))
        }
        (_, wrong) => Err(no_text(text, trail, wrong.unwrap_or_default())),
    }
}

/// Reads a value out of something else than a text, by the same rules: a table's row, say.
///
/// # Errors
///
/// Anything that is not the form of `T`, with its place.
pub(crate) fn from_values<'de, T, D>(deserializer: D) -> Result<T, ValueError>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let trail = Trail::default();
    T::deserialize(Strict::new(deserializer, &trail)).map_err(|error| {
        let message = error.to_string();
        let (found, expected) = wording::of_value(&message).unwrap_or_else(|| {
            (
                visible(&message).into_owned(),
                "a value of this form".to_owned(),
            )
        });
        let (mut path, _) = trail.into_path();
        path.extend(wording::doubled_key(&message).map(Step::from));
        ValueError {
            path: Path(path),
            found,
            expected,
        }
    })
}

/// What is known to be UTF-8 as a whole is not asked again string by string.
fn value<'de, T: Deserialize<'de>>(text: &'de str, trail: &Trail) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Strict::new(&mut deserializer, trail))?;
    deserializer.end().map(|()| value)
}

fn valid_part(text: &[u8]) -> &str {
    let first = text.utf8_chunks().next();
    first.map(|chunk| chunk.valid()).unwrap_or_default()
}

fn no_text(text: &[u8], trail: Trail, wrong: usize) -> ReadError {
    let (line, column) = line_and_column(text, wrong);
    let byte = text.get(wrong).copied().unwrap_or_default();
    ReadError {
        line,
        column,
        path: Path(trail.into_path().0),
        found: format!("the byte 0x{byte:02X}"),
        expected: "text in UTF-8".to_owned(),
        is_missing_field: false,
    }
}

fn explained(text: &[u8], trail: Trail, error: &serde_json::Error) -> ReadError {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let (found, expected) = wording::found_and_expected(message, text, error);
    let (mut path, mut about) = trail.into_path();
    if let Some(key) = wording::doubled_key(message) {
        path.push(Step::from(key));
        about = About::Key;
    }
    // What is wrong with a value, or with the keys of an object, is often found out only behind it.
    let (line, column) = if error.is_data() {
        let end = end_of_column(text, line, column);
        line_and_column(text, offset_of(text, &path, about, end))
    } else {
        (line, column)
    };
    ReadError {
        line,
        column,
        path: Path(path),
        found,
        expected,
        is_missing_field: wording::missing_field(message).is_some(),
    }
}

/// Deserializes a value from a string that `parse` accepts.
pub(crate) fn parsed<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Parsed<F, T>(&'static str, F, PhantomData<T>);

    impl<F: FnOnce(&str) -> Option<T>, T> Visitor<'_> for Parsed<F, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.1)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self.0))
        }
    }

    deserializer.deserialize_str(Parsed(expected, parse, PhantomData))
}

/// Deserializes a value that stands either bare, as a string, or as an object with fields.
pub(crate) fn bare_or_fields<'de, D, B, F, T>(
    deserializer: D,
    expected: &'static str,
    bare: impl FnOnce(B) -> T,
    fields: impl FnOnce(F) -> T,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    B: Deserialize<'de>,
    F: Deserialize<'de>,
{
    struct Either<B, F, G, H>(&'static str, G, H, PhantomData<(B, F)>);

    impl<'de, B, F, T, G, H> Visitor<'de> for Either<B, F, G, H>
    where
        B: Deserialize<'de>,
        F: Deserialize<'de>,
        G: FnOnce(B) -> T,
        H: FnOnce(F) -> T,
    {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            B::deserialize(StrDeserializer::new(text)).map(self.1)
        }

        fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<T, E> {
            B::deserialize(BorrowedStrDeserializer::new(text)).map(self.1)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            F::deserialize(MapAccessDeserializer::new(map)).map(self.2)
        }
    }

    deserializer.deserialize_any(Either(expected, bare, fields, PhantomData))
}

/// An optional field that, where it stands, has a value: `null` is none.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A string of at least one character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct NonEmpty(Box<str>);

impl NonEmpty {
    /// The string, or `None` if it is empty.
    pub fn new(text: impl Into<Box<str>>) -> Option<Self> {
        let text = text.into();
        if text.is_empty() {
            None
        } else {
            Some(Self(text))
        }
    }

    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NonEmpty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for NonEmpty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for NonEmpty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a string that is not empty", |text| {
            NonEmpty::new(text)
        })
    }
}

/// An object with names of its own, each once.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Entries<K: Ord, V>(pub(crate) BTreeMap<K, V>);

impl<K: Ord, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V: Deserialize<'de>> Deserialize<'de>
    for Entries<K, V>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<K, V>(PhantomData<(K, V)>);

        impl<'de, K: Deserialize<'de> + Ord + fmt::Display, V: Deserialize<'de>> Visitor<'de>
            for EntriesVisitor<K, V>
        {
            type Value = Entries<K, V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some(key) = map.next_key::<K>()? {
                    if entries.contains_key(&key) {
                        return Err(de::Error::custom(format_args!("duplicate field `{key}`")));
                    }
                    entries.insert(key, map.next_value()?);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

impl Borrow<str> for NonEmpty {
    fn borrow(&self) -> &str {
        &self.0
    }
}
