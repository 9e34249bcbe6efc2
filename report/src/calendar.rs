//! The months in which something is due, as a calendar hangs on a wall.

use std::collections::BTreeMap;

use jiff::civil::Date;
use octroi_core::{Day, Language, written_month};

use crate::{counts::Duties, fill, html::Html, texts::Texts, written_count};

/// The days of a week, which begins on Monday.
const WEEK: i8 = 7;

/// A table for each month that has a last day.
pub(crate) fn months(
    html: &mut Html,
    duties: &BTreeMap<Option<Day>, Duties>,
    texts: &Texts,
    language: Language,
) {
    let mut months: Vec<(i16, i8)> = duties.keys().flatten().map(|day| month_of(*day)).collect();
    months.dedup();
    html.element("div", &[("class", "months")], |html| {
        for (year, month) in months {
            if let Ok(first) = Date::new(year, month, 1) {
                self::month(html, first, duties, texts, language);
            }
        }
    });
}

fn month(
    html: &mut Html,
    first: Date,
    duties: &BTreeMap<Option<Day>, Duties>,
    texts: &Texts,
    language: Language,
) {
    let due: BTreeMap<i8, (Day, u64)> = duties
        .iter()
        .filter_map(|(day, duties)| Some(((*day)?, duties)))
        .filter(|(day, _)| month_of(*day) == (first.year(), first.month()))
        .map(|(day, duties)| (day.parts().2, (day, duties.open())))
        .collect();
    let Some((day, _)) = due.values().next() else {
        return;
    };
    html.element("table", &[("class", "month")], |html| {
        html.line("caption", &written_month(*day, language));
        html.element("thead", &[], |html| {
            html.element("tr", &[], |html| {
                for name in texts.report.days_of_week.split(' ') {
                    html.element("th", &[("scope", "col")], |html| html.text(name));
                }
            });
        });
        html.element("tbody", &[], |html| {
            for week in weeks(first) {
                html.element("tr", &[], |html| {
                    week.into_iter()
                        .for_each(|day| cell(html, day, &due, texts, language))
                });
            }
        });
    });
}

fn cell(
    html: &mut Html,
    day: Option<i8>,
    due: &BTreeMap<i8, (Day, u64)>,
    texts: &Texts,
    language: Language,
) {
    let Some(day) = day else {
        html.line("td", "");
        return;
    };
    match due.get(&day) {
        Some((date, count)) => {
            let count = written_count(*count, language);
            let said = fill(texts.report.on_this_day, "count", &count);
            let date = date.to_string();
            html.element("td", &[("class", "due"), ("data-due", &date)], |html| {
                html.text(&day.to_string());
                html.element("span", &[("class", "heard")], |html| {
                    html.text(&format!(" – {said}"))
                });
                html.element("b", &[("aria-hidden", "true")], |html| html.text(&count));
            });
        }
        None => html.line("td", &day.to_string()),
    }
}

/// The days of a month in weeks; nothing for those of other months.
fn weeks(first: Date) -> Vec<Vec<Option<i8>>> {
    let before = first.weekday().to_monday_zero_offset();
    let days = (1 - before..=first.days_in_month()).map(|day| (day > 0).then_some(day));
    let mut weeks: Vec<Vec<_>> = Vec::new();
    for day in days {
        match weeks.last_mut() {
            Some(week) if week.len() < WEEK as usize => week.push(day),
            _ => weeks.push(vec![day]),
        }
    }
    if let Some(week) = weeks.last_mut() {
        week.resize(WEEK as usize, None);
    }
    weeks
}

fn month_of(day: Day) -> (i16, i8) {
    let (year, month, _) = day.parts();
    (year, month)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever looks for Monday 3 April 2023 finds it under Monday.
    #[test]
    fn a_day_stands_under_its_name() {
        let weeks = weeks(Date::new(2023, 4, 1).unwrap());
        assert_eq!(weeks[0], [None, None, None, None, None, Some(1), Some(2)]);
        assert_eq!(weeks[1][0], Some(3));
        assert_eq!(weeks.len(), 5);
        assert!(weeks.iter().all(|week| week.len() == 7));
        assert_eq!(weeks[4][6], Some(30));
        let february = super::weeks(Date::new(2021, 2, 1).unwrap());
        assert_eq!((february.len(), february[0][0]), (4, Some(1)));
    }
}
