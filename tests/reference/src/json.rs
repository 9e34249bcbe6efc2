//! Reading and printing values.

use jiff::{Timestamp, civil::Date};
use serde_json::Value;

/// Whole seconds since 1970 (reading 1).
pub(crate) type Instant = i64;

static NOTHING: Vec<Value> = Vec::new();

/// The list under a key; a missing one is empty.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).unwrap_or(&NOTHING)
}

/// The strings in the list under a key.
pub(crate) fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    list(value, key).iter().filter_map(Value::as_str).collect()
}

/// The keys and values of the object under a key; a missing one has none.
pub(crate) fn entries<'a>(
    value: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The string under a key, if there is one.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// The string at a pointer, which must be there.
pub(crate) fn needed<'a>(value: &'a Value, pointer: &str) -> Result<&'a str, String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("no text at {pointer}"))
}

/// An RFC 3339 instant; a fraction of a second is dropped towards the past.
pub(crate) fn instant(text: &str) -> Result<Instant, String> {
    let read: Timestamp = text.parse().map_err(|error| format!("{text}: {error}"))?;
    i64::try_from(read.as_nanosecond().div_euclid(1_000_000_000)).map_err(|error| error.to_string())
}

/// An instant in UTC, whole seconds.
pub(crate) fn print(instant: Instant) -> Result<String, String> {
    Ok(Timestamp::from_second(instant)
        .map_err(|error| error.to_string())?
        .to_string())
}

/// A calendar date.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|error| format!("{text}: {error}"))
}

/// A duration of days and hours, as seconds: `PT36H`, `P7D`, `P1DT12H`. A day has 24 hours.
pub(crate) fn duration(text: &str) -> Result<i64, String> {
    let wrong = || format!("not a duration of hours or days: {text}");
    let rest = text.strip_prefix('P').ok_or_else(wrong)?;
    let (days, hours) = rest.split_once('T').unwrap_or((rest, ""));
    let mut seconds: i64 = 0;
    for (part, unit, length) in [(days, 'D', 24 * 3600), (hours, 'H', 3600)] {
        if !part.is_empty() {
            let number: i64 = part
                .strip_suffix(unit)
                .ok_or_else(wrong)?
                .parse()
                .map_err(|_| wrong())?;
            seconds = seconds.saturating_add(number.saturating_mul(length));
        }
    }
    if days.is_empty() && hours.is_empty() {
        Err(wrong())
    } else {
        Ok(seconds)
    }
}
