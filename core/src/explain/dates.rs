//! Days and instants as each language writes them.

use super::{fill, texts::Texts};
use crate::{
    calendar::MonthDay,
    time::{Day, Instant, Zone},
};

pub(super) fn day(texts: &Texts, day: Day) -> String {
    let (year, month, number) = day.parts();
    let number = written_number(texts, number);
    fill(
        texts.date.pattern,
        &[
            ("day", &number),
            ("month", name(texts, month)),
            ("year", &year.to_string()),
        ],
    )
}

pub(super) fn month(texts: &Texts, day: Day) -> String {
    let (year, month, _) = day.parts();
    format!("{} {year}", name(texts, month))
}

/// A day of every year.
pub(super) fn month_day(texts: &Texts, day: MonthDay) -> String {
    let (month, number) = day.parts();
    let number = written_number(texts, number);
    fill(
        texts.date.pattern_day,
        &[("day", &number), ("month", name(texts, month))],
    )
}

fn written_number(texts: &Texts, number: i8) -> String {
    match number {
        1 => texts.date.first_day.to_owned(),
        _ => number.to_string(),
    }
}

pub(super) fn instant(texts: &Texts, zone: &Zone, at: Instant) -> String {
    let (hour, minute) = zone.hour_minute(at);
    let time = format!("{hour:02}:{minute:02}");
    fill(
        texts.date.pattern_instant,
        &[("date", &day(texts, zone.day(at))), ("time", &time)],
    )
}

const fn name(texts: &Texts, month: i8) -> &'static str {
    let names = &texts.date;
    match month {
        1 => names.month_1,
        2 => names.month_2,
        3 => names.month_3,
        4 => names.month_4,
        5 => names.month_5,
        6 => names.month_6,
        7 => names.month_7,
        8 => names.month_8,
        9 => names.month_9,
        10 => names.month_10,
        11 => names.month_11,
        _ => names.month_12,
    }
}
