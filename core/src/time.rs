//! Instants, days and time zones: all given, none asked of the system.

use core::fmt;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    duration::Duration,
    read::{NonEmpty, parsed},
};

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
        let timestamp = offset.to_timestamp(local).ok()?;
        Some(Self(timestamp.as_second()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    pub(crate) fn saturating_add(self, duration: Duration) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(duration.seconds()))
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
        let utc = Offset::UTC.to_datetime(self.timestamp());
        let (day, hour, minute, second) = (Day(utc.date()), utc.hour(), utc.minute(), utc.second());
        write!(f, "{day}T{hour:02}:{minute:02}:{second:02}Z")
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
/// The forms are read here and not by jiff, which reads many more: its readers are a tenth of what a phone would carry.
fn rfc3339(text: &str) -> Option<(DateTime, Offset)> {
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
    if !has_shape(local, b"0000-00-00T00:00:00") {
        return None;
    }
    let day = Day::parse(local.get(..10)?)?;
    // The second that is put in now and then is no second of its own.
    let second = match number(local, 17)? {
        60 => 59,
        second => second,
    };
    let time = Time::new(number(local, 11)?, number(local, 14)?, second, 0).ok()?;
    Some((day.0.to_datetime(time), offset_of(offset)?))
}

fn offset_of(text: &str) -> Option<Offset> {
    if text.eq_ignore_ascii_case("Z") {
        return Some(Offset::UTC);
    }
    if !has_shape(text, b"+00:00") {
        return None;
    }
    let (hours, minutes) = (number(text, 1)?, number(text, 4)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    let seconds = if text.starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Offset::from_seconds(seconds).ok()
}

/// How many digits it begins with.
pub(crate) fn digits(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.count()
}

/// The number of two digits that stands there.
fn number(text: &str, at: usize) -> Option<i8> {
    text.get(at..at + 2)?.parse().ok()
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

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub(crate) Date);

impl Day {
    /// The day that `YYYY-MM-DD` names, or `None` if the text names none.
    pub fn parse(text: &str) -> Option<Self> {
        if !has_shape(text, b"0000-00-00") {
            return None;
        }
        let year = text.get(..4)?.parse().ok()?;
        let date = Date::new(year, number(text, 5)?, number(text, 8)?);
        date.ok().map(Self)
    }

    /// The year, the month from 1 and the day of the month from 1.
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    pub(crate) fn plus_days(self, days: i64) -> Self {
        let mut month = self.0;
        // The day of this month, if it had as many as one likes.
        let mut day = days.saturating_add(month.day().into());
        loop {
            let length = i64::from(month.days_in_month());
            let (next, end) = if day > length {
                (month.last_of_month().tomorrow(), Date::MAX)
            } else if day < 1 {
                (month.first_of_month().yesterday(), Date::MIN)
            } else {
                let day = i8::try_from(day).unwrap_or(1);
                return Self(Date::new(month.year(), month.month(), day).unwrap_or(month));
            };
            let Ok(next) = next else {
                return Self(end);
            };
            day = if day > length {
                day - length
            } else {
                day + i64::from(next.days_in_month())
            };
            month = next;
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        if year < 0 {
            // As ISO 8601 writes years that have no four digits.
            write!(f, "-{:06}", year.unsigned_abs())?;
        } else {
            write!(f, "{year:04}")?;
        }
        write!(f, "-{month:02}-{day:02}")
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

    /// A verdict that ends at an instant ends at it, however it was written.
    #[test]
    fn instants_and_days_are_written_and_read_as_jiff_does() {
        let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let step = usize::try_from((last - first) / 9_973).unwrap();
        for second in (first..=last).step_by(step).chain([last]) {
            let (instant, timestamp) = (
                Instant::from_unix_seconds(second),
                Timestamp::from_second(second).unwrap(),
            );
            assert_eq!(instant.to_string(), timestamp.to_string());
            let date = Offset::UTC.to_datetime(timestamp).date();
            assert_eq!(Day(date).to_string(), date.to_string());
            for days in [-40_000, -366, -31, -2, 0, 1, 28, 59, 365, 40_000] {
                let span = jiff::Span::new().days(days);
                assert_eq!(Day(date).plus_days(days).0, date.saturating_add(span));
            }
            if date.year() >= 0 {
                assert_eq!(Day::parse(&date.to_string()), Some(Day(date)));
                for minutes in [-1439, -90, -1, 0, 59, 60, 1439] {
                    let offset = Offset::from_seconds(minutes * 60).unwrap();
                    let text = timestamp.display_with_offset(offset).to_string();
                    let expected = (!text.starts_with('-')).then_some(instant);
                    assert_eq!(Instant::parse(&text), expected, "{text}");
                }
            }
        }
        for text in [
            "2016-12-31T23:59:60Z",
            "9999-12-30T23:59:59+02:00",
            "9999-12-31T00:00:00+02:00",
            "9999-12-30T22:00:00Z",
            "0000-01-01T00:00:00+23:59",
            "2023-03-28T24:00:00Z",
            "2023-03-28T23:60:00Z",
            "2023-03-28T23:59:61Z",
            "2023-00-28T08:00:00Z",
            "2023-03-00T08:00:00Z",
            "2023-13-28T08:00:00Z",
            "2023-02-29T08:00:00Z",
            "2024-02-29T08:00:00Z",
        ] {
            let by_jiff = text.parse::<Timestamp>().ok();
            let read = Instant::parse(text);
            assert_eq!(
                read.map(Instant::unix_seconds),
                by_jiff.map(Timestamp::as_second),
                "{text}"
            );
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
