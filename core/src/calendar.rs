//! Working days, holidays and due days (`docs/readings.md`).

use core::fmt;
use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Day;

/// The days of the week on which people work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkingWeek {
    /// Monday to Friday.
    MonFri,
    /// Monday to Saturday.
    MonSat,
}

/// A day on which nobody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Holiday {
    /// The same day every year.
    Day(MonthDay),
    /// So many days after Easter Sunday (of the Gregorian calendar).
    Easter(i16),
    /// One day, once.
    Date(Day),
}

/// A day of the year: `05-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    fn parse(text: &str) -> Option<Self> {
        // A leap year, so that 29 February is a day.
        let (_, month, day) = Day::parse(&format!("2000-{text}"))?.parts();
        Some(Self { month, day })
    }

    /// The month and the day of the month, both from 1.
    pub const fn parts(self) -> (i8, i8) {
        (self.month, self.day)
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for MonthDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::read::parsed(
            deserializer,
            "a day of the year written MM-DD",
            MonthDay::parse,
        )
    }
}

/// What counts as a working day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar<'a> {
    pub(crate) working_week: WorkingWeek,
    pub(crate) holidays: &'a [Holiday],
    pub(crate) extra_holidays: &'a BTreeSet<Day>,
}

impl Calendar<'_> {
    /// The N-th working day after the day, which does not count itself.
    pub(crate) fn working_days_after(&self, day: Day, count: u16) -> Day {
        let mut day = day;
        for _ in 0..count {
            day = self.next_working_day(day);
        }
        day
    }

    /// The end of time if there is none.
    fn next_working_day(&self, day: Day) -> Day {
        let mut date = day.0;
        while let Ok(next) = date.tomorrow() {
            date = next;
            if self.is_working_day(date) {
                break;
            }
        }
        Day(date)
    }

    fn is_working_day(&self, date: Date) -> bool {
        let within_week = match date.weekday() {
            Weekday::Sunday => false,
            Weekday::Saturday => self.working_week == WorkingWeek::MonSat,
            _ => true,
        };
        within_week
            && !self.extra_holidays.contains(&Day(date))
            && !self.holidays.iter().any(|holiday| match holiday {
                Holiday::Day(day) => (day.month, day.day) == (date.month(), date.day()),
                Holiday::Easter(offset) => {
                    easter(date.year()).plus_days(i64::from(*offset)) == Day(date)
                }
                Holiday::Date(day) => *day == Day(date),
            })
    }
}

/// Easter Sunday, by the method of Meeus, Jones and Butcher (Nature, 20 April 1876).
fn easter(year: i16) -> Day {
    let year = i32::from(year);
    let (a, b, c) = (
        year.rem_euclid(19),
        year.div_euclid(100),
        year.rem_euclid(100),
    );
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15).rem_euclid(30);
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4).rem_euclid(7);
    let m = (a + 11 * h + 19 * l) / 433;
    // March has 31 days: the day is counted from its first.
    let from_march = h + l - 7 * m + 21;
    let march = Date::new(i16::try_from(year).unwrap_or(i16::MAX), 3, 1).unwrap_or(Date::MAX);
    Day(march).plus_days(i64::from(from_march))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn easter_falls_where_the_tables_have_it() {
        for expected in [
            "1961-04-02",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2023-04-09",
            "2024-03-31",
            "2038-04-25",
            "2285-03-22",
        ] {
            assert_eq!(easter(day(expected).parts().0), day(expected));
        }
    }

    #[test]
    fn five_working_days_from_the_circular_end_on_a_monday() {
        let none = BTreeSet::new();
        let calendar = |working_week| Calendar {
            working_week,
            holidays: &[],
            extra_holidays: &none,
        };
        let notified = day("2023-03-27");
        assert_eq!(
            calendar(WorkingWeek::MonFri).working_days_after(notified, 5),
            day("2023-04-03")
        );
        assert_eq!(
            calendar(WorkingWeek::MonSat).working_days_after(notified, 5),
            day("2023-04-01")
        );
    }

    #[test]
    fn a_holiday_and_an_extra_one_are_skipped() {
        let (holidays, extra) = ([Holiday::Easter(1)], BTreeSet::from([day("2023-04-11")]));
        let calendar = Calendar {
            working_week: WorkingWeek::MonFri,
            holidays: &holidays,
            extra_holidays: &extra,
        };
        assert_eq!(
            calendar.working_days_after(day("2023-04-07"), 1),
            day("2023-04-12")
        );
    }

    #[test]
    fn the_end_of_time_ends_the_count() {
        let calendar = Calendar {
            working_week: WorkingWeek::MonFri,
            holidays: &[],
            extra_holidays: &BTreeSet::new(),
        };
        assert_eq!(
            calendar.working_days_after(day("9999-12-31"), 5),
            day("9999-12-31")
        );
    }
}
