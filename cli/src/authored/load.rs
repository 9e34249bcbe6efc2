//! TOML as JSON: the keys of a file, and where they stand.

use std::{fs, path::Path};

use serde_json::{Map, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::places::Source;
use crate::failure::{Failure, Spot};

/// Reads a file, once.
pub(super) fn load(path: &Path) -> Result<(Source, Map<String, Value>), Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::io(path, &error))?;
    let text = str::from_utf8(&bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or_default();
        Failure::written(
            Spot::at_offset(path, &String::from_utf8_lossy(&bytes), at),
            format!("the byte 0x{byte:02X}"),
            "text in UTF-8",
        )
    })?;
    let table = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        Failure::written(
            Spot::at_offset(path, text, start),
            error.message().replace('\n', ", "),
            "well-formed TOML",
        )
    })?;
    let source = Source::new(path, text, &table);
    let keys = object(table.into_inner()).map_err(|number| {
        Failure::written(
            Spot::at_offset(path, text, number.offset),
            format!("`{}`", number.text),
            "a number that JSON has",
        )
    })?;
    Ok((source, keys))
}

/// A number that JSON lacks: `nan`, `inf`, or one too large.
struct NoNumber {
    text: String,
    offset: usize,
}

fn object(table: DeTable<'_>) -> Result<Map<String, Value>, NoNumber> {
    table
        .into_iter()
        .map(|(key, value)| Ok((key.into_inner().into_owned(), json(value)?)))
        .collect()
}

/// Dates become strings, as JSON has them.
fn json(value: Spanned<DeValue<'_>>) -> Result<Value, NoNumber> {
    let offset = value.span().start;
    let no_number = |text: String| NoNumber { text, offset };
    Ok(match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => Value::from(whole),
            Err(_) => return Err(no_number(number.to_string())),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(float) if float.is_finite() => Value::from(float),
            _ => return Err(no_number(number.to_string())),
        },
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
        DeValue::Array(array) => array.into_iter().map(json).collect::<Result<_, _>>()?,
        DeValue::Table(table) => Value::Object(object(table)?),
    })
}
