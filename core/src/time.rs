//! Instants, days and time zones: all given, none asked of the system.

use core::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::read::{NonEmpty, parsed};

/// A point in time, in whole seconds.
///
/// Read from RFC 3339 with an offset (a fraction of a second is dropped, towards the past) and printed in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The instant so many seconds after 1970-01-01T00:00:00Z, or the nearest one between the years -9999 and 9999.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second()))
    }

    /// The instant that an RFC 3339 date-time with an offset names, or `None` if the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_rfc3339(text.as_bytes()) {
            return None;
        }
        let timestamp: Timestamp = text.parse().ok()?;
        Some(Self(
            timestamp
                .as_nanosecond()
                .div_euclid(1_000_000_000)
                .try_into()
                .ok()?,
        ))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    pub(crate) fn saturating_add(self, duration: Duration) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(duration.seconds))
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_second(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "an RFC 3339 instant with an offset, such as 2023-03-28T08:00:00+02:00",
            Instant::parse,
        )
    }
}

/// jiff reads more than RFC 3339 (spaces, commas, zone annotations); a record may not hold more.
fn is_rfc3339(text: &[u8]) -> bool {
    let digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let shape = |bytes: &[u8], pattern: &[u8]| {
        bytes.len() == pattern.len()
            && bytes
                .iter()
                .zip(pattern)
                .all(|(byte, wanted)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    b'T' => byte.eq_ignore_ascii_case(&b'T'),
                    _ => byte == wanted,
                })
    };
    let Some((head, tail)) = text.split_at_checked(19) else {
        return false;
    };
    let offset = match tail.strip_prefix(b".") {
        Some(fraction) => {
            let length = fraction
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            match fraction.split_at_checked(length) {
                Some((fraction, offset)) if digits(fraction) && length <= 9 => offset,
                _ => return false,
            }
        }
        None => tail,
    };
    shape(head, b"0000-00-00T00:00:00")
        && (offset.eq_ignore_ascii_case(b"Z")
            || shape(offset, b"+00:00")
            || shape(offset, b"-00:00"))
}

/// A whole number of seconds, more than none: an ISO 8601 duration of days (24 hours each) and hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    seconds: i64,
}

impl Duration {
    /// The duration that `P7D`, `PT36H` or `P1DT12H` names, or `None` if the text is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        let span = jiff::fmt::temporal::SpanParser::new()
            .parse_span(text)
            .ok()?;
        let hours = i64::from(span.get_days()) * 24 + i64::from(span.get_hours());
        let whole = jiff::Span::new()
            .days(span.get_days())
            .hours(span.get_hours());
        (hours > 0 && span.fieldwise() == whole.fieldwise()).then(|| Self {
            seconds: hours * 3600,
        })
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "an ISO 8601 duration of days or hours, such as `P7D` or `PT36H`",
            Duration::parse,
        )
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("PT{}H", self.seconds / 3600))
    }
}

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub(crate) Date);

impl Day {
    /// The day that `YYYY-MM-DD` names, or `None` if the text names none.
    pub fn parse(text: &str) -> Option<Self> {
        let written = text.len() == 10
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
        if written {
            text.parse().ok().map(Self)
        } else {
            None
        }
    }

    /// The year, the month from 1 and the day of the month from 1.
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    pub(crate) fn plus_days(self, days: i64) -> Self {
        let span = jiff::Span::new().try_days(days);
        Self(span.map_or(Date::MAX, |span| self.0.saturating_add(span)))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, "a date written YYYY-MM-DD", Day::parse)
    }
}

/// A time zone as data: its IANA name, and its rule as a POSIX TZ string, so that no device needs zone data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// The IANA name, for people and for `octroi policy lint`.
    pub name: NonEmpty,
    rule: Rule,
}

impl Zone {
    /// The day on which the instant falls in this zone.
    pub fn day(&self, instant: Instant) -> Day {
        Day(self.rule.zone.to_datetime(instant.timestamp()).date())
    }

    /// Hours and minutes of the instant in this zone.
    pub fn hour_minute(&self, instant: Instant) -> (i8, i8) {
        let local = self.rule.zone.to_datetime(instant.timestamp());
        (local.hour(), local.minute())
    }

    /// The first instant of the day in this zone.
    pub fn start_of(&self, day: Day) -> Instant {
        let midnight = self
            .rule
            .zone
            .to_ambiguous_timestamp(day.0.to_datetime(jiff::civil::Time::midnight()));
        Instant(midnight.compatible().unwrap_or(Timestamp::MAX).as_second())
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    text: Box<str>,
    zone: TimeZone,
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "a POSIX time zone rule, such as `CET-1CEST,M3.5.0,M10.5.0/3`",
            |text| {
                TimeZone::posix(text).ok().map(|zone| Self {
                    text: text.into(),
                    zone,
                })
            },
        )
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_rfc_3339_with_an_offset_and_nothing_else() {
        for good in [
            "2023-03-28T08:00:00+02:00",
            "2023-03-28t08:00:00.25z",
            "2023-03-28T06:00:00-00:00",
        ] {
            assert!(Instant::parse(good).is_some(), "{good}");
        }
        for bad in [
            "2023-03-28T08:00:00",
            "2023-03-28 08:00:00Z",
            "2023-03-28T08:00:00+02",
            "2023-03-28T08:00Z",
            "2023-03-28T08:00:00,5Z",
            "2023-03-28T08:00:00.Z",
            "2023-03-28T08:00:00+02:00[Europe/Brussels]",
            "2023-02-30T08:00:00Z",
            "+002023-03-28T08:00:00Z",
            "",
        ] {
            assert_eq!(Instant::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn fractions_are_dropped_towards_the_past() {
        let shown = |text| Instant::parse(text).map(|instant| instant.to_string());
        assert_eq!(
            shown("2023-03-28T08:00:00.999+02:00").as_deref(),
            Some("2023-03-28T06:00:00Z")
        );
        assert_eq!(
            shown("1969-12-31T23:59:59.5Z").as_deref(),
            Some("1969-12-31T23:59:59Z")
        );
    }

    #[test]
    fn a_duration_is_days_and_hours() {
        let hours = |text| Duration::parse(text).map(|duration| duration.seconds / 3600);
        assert_eq!(
            (hours("P7D"), hours("PT36H"), hours("P1DT12H")),
            (Some(168), Some(36), Some(36))
        );
        for bad in [
            "P1W", "PT90M", "P1M", "PT0H", "-P1D", "7 days", "P", "PT1.5H", "",
        ] {
            assert_eq!(hours(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_begins_when_it_begins_in_brussels() {
        let zone: Zone = serde_json::from_str(
            r#"{"name":"Europe/Brussels","rule":"CET-1CEST,M3.5.0,M10.5.0/3"}"#,
        )
        .unwrap();
        let day = Day::parse("2023-04-04").unwrap();
        assert_eq!(zone.start_of(day).to_string(), "2023-04-03T22:00:00Z");
        assert_eq!(
            zone.day(Instant::parse("2023-04-03T21:59:59Z").unwrap())
                .to_string(),
            "2023-04-03"
        );
    }
}
