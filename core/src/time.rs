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
    pub(crate) const MIN: Self = Self(i64::MIN);
    pub(crate) const MAX: Self = Self(i64::MAX);

    /// The instant so many seconds after 1970-01-01T00:00:00Z, or the nearest one between the years -9999 and 9999.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second()))
    }

    /// The instant that an RFC 3339 date-time with an offset names, or `None` if the text is none or lies beyond the year 9999.
    ///
    /// A leap second (`:60`) is read as the second before it.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, offset) = rfc3339(text)?;
        let timestamp: Timestamp = match offset.len() + local.len() {
            whole if whole == text.len() => text.parse(),
            _ => format!("{local}{offset}").parse(),
        }
        .ok()?;
        Some(Self(timestamp.as_second()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    pub(crate) fn saturating_add(self, duration: Duration) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(duration.seconds))
    }

    pub(crate) fn second_before(self) -> Self {
        Self(self.0.saturating_sub(1))
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
            "an RFC 3339 instant with an offset, such as 2023-03-28T08:00:00+02:00, before the end of 9999-12-30",
            Instant::parse,
        )
    }
}

/// The date and time of an RFC 3339 date-time, without its fraction, and its offset.
///
/// jiff reads more than RFC 3339 (spaces, commas, zone annotations); a record may not hold more.
fn rfc3339(text: &str) -> Option<(&str, &str)> {
    let (local, rest) = text.split_at_checked(19)?;
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
            if offset.len() == fraction.len() {
                return None;
            }
            offset
        }
        None => rest,
    };
    let within_a_day = || {
        let (hours, minutes) = offset.get(1..)?.split_once(':')?;
        Some(has_shape(offset, b"+00:00") && hours <= "23" && minutes <= "59")
    };
    let valid = has_shape(local, b"0000-00-00T00:00:00")
        && (offset.eq_ignore_ascii_case("Z") || within_a_day() == Some(true));
    valid.then_some((local, offset))
}

/// Whether the text has a digit, a sign or a `T` wherever the pattern has one, and is the same elsewhere.
fn has_shape(text: &str, pattern: &[u8]) -> bool {
    let fits = |(byte, wanted): (u8, &u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        b'T' => byte.eq_ignore_ascii_case(&b'T'),
        _ => byte == *wanted,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern).all(fits)
}

/// A whole number of seconds, more than none: an ISO 8601 duration of days (24 hours each) and hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    seconds: i64,
}

impl Duration {
    /// The duration that `P7D`, `PT36H` or `P1DT12H` names, or `None` if the text is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        // jiff also reads signs and lower case.
        if !text.starts_with('P') || text.contains(|character: char| character.is_ascii_lowercase())
        {
            return None;
        }
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

    /// How many hours it is.
    pub const fn hours(self) -> i64 {
        self.seconds / 3600
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
        serializer.collect_str(&format_args!("PT{}H", self.hours()))
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
    /// The IANA name, for people.
    pub name: NonEmpty,
    rule: Rule,
}

impl Zone {
    /// The rule, as a POSIX TZ string.
    pub fn rule(&self) -> &str {
        &self.rule.text
    }

    /// The day that the instant falls on in this zone: the latest that has begun by then.
    ///
    /// A day that has begun goes on where the clock goes back across its midnight, so days never return.
    pub fn day(&self, instant: Instant) -> Day {
        let local = self.rule.zone.to_datetime(instant.timestamp());
        let day = Day(local.date());
        // No clock goes back by half a day.
        if local.hour() < 12 {
            return day;
        }
        let next = day.plus_days(1);
        if self.start_of(next) <= instant {
            next
        } else {
            day
        }
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
        let beyond = if day.0.year() < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        Instant(midnight.compatible().unwrap_or(beyond).as_second())
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
            "2023-03-28T08:00:00+24:00",
            "2023-03-28T08:00:00+01:60",
            "2023-03-28T08:00:00+1:00",
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

    /// A supervisor who was informed on the first day there is was not informed on the last.
    #[test]
    fn days_at_the_ends_of_the_calendar_begin_there() {
        let zone: Zone = serde_json::from_str(
            r#"{"name":"Europe/Brussels","rule":"CET-1CEST,M3.5.0,M10.5.0/3"}"#,
        )
        .unwrap();
        let (first, last) = (
            Instant::from_unix_seconds(i64::MIN),
            Instant::from_unix_seconds(i64::MAX),
        );
        assert!(zone.start_of(Day(Date::MIN)) <= first);
        assert!(zone.start_of(Day(Date::MAX)) >= last);
    }

    /// Whoever was denied at the end of a term is not let in again while the clock repeats the last half hour.
    #[test]
    fn a_day_does_not_return_where_the_clock_goes_back_across_midnight() {
        let zone: Zone =
            serde_json::from_str(r#"{"name":"X","rule":"XXX0YYY-1,M2.1.0/0,M4.2.0/0:30"}"#)
                .unwrap();
        let day = |text| zone.day(Instant::parse(text).unwrap()).to_string();
        assert_eq!(day("2023-04-08T22:59:59Z"), "2023-04-08");
        for after in [
            "2023-04-08T23:00:00Z",
            "2023-04-08T23:30:00Z",
            "2023-04-09T00:00:00Z",
        ] {
            assert_eq!(day(after), "2023-04-09", "{after}");
        }
    }
}
