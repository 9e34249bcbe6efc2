//! Days in a policy's time zone, and due days.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde_json::Value;

use crate::json::{self, Instant, list, needed, text, texts};

/// A policy's days under a deployment, each as the instant at which it begins or is over.
pub(crate) struct Days {
    pub(crate) zone: TimeZone,
    pub(crate) start_of_force: Instant,
    pub(crate) end_of_notification_day: Instant,
    pub(crate) start_of_review: Option<Instant>,
    /// For each rule: its due day and the end of it, if it has a term.
    pub(crate) due: Vec<Option<(Date, Instant)>>,
}

impl Days {
    pub(crate) fn of(policy: &Value, deployment: &Value) -> Result<Self, String> {
        let zone = zone(policy)?;
        let start_of_force = start_of(json::date(needed(policy, "/in_force_from/date")?)?, &zone)?;
        let end_of_notification_day = end_of(notified_on(policy, deployment)?, &zone)?;
        let start_of_review = match policy.pointer("/review/on").and_then(Value::as_str) {
            Some(review) => Some(start_of(json::date(review)?, &zone)?),
            None => None,
        };
        let mut due = Vec::new();
        for rule in list(policy, "rules") {
            due.push(match due_day(policy, rule, deployment)? {
                Some(day) => Some((day, end_of(day, &zone)?)),
                None => None,
            });
        }
        Ok(Days {
            zone,
            start_of_force,
            end_of_notification_day,
            start_of_review,
            due,
        })
    }
}

/// The policy's time zone, from its POSIX rule.
fn zone(policy: &Value) -> Result<TimeZone, String> {
    TimeZone::posix(needed(policy, "/time_zone/rule")?).map_err(|error| error.to_string())
}

/// The first instant of a day.
pub(crate) fn start_of(day: Date, zone: &TimeZone) -> Result<Instant, String> {
    let zoned = day
        .to_zoned(zone.clone())
        .map_err(|error| error.to_string())?;
    Ok(zoned.timestamp().as_second())
}

/// The first instant after a day.
fn end_of(day: Date, zone: &TimeZone) -> Result<Instant, String> {
    start_of(next(day)?, zone)
}

fn next(day: Date) -> Result<Date, String> {
    day.tomorrow().map_err(|error| error.to_string())
}

/// The day of notification: the deployment's, for all policies or for this one, else the policy's own.
fn notified_on(policy: &Value, deployment: &Value) -> Result<Date, String> {
    let own = needed(policy, "/notified_on")?;
    let set = match deployment.get("notified_on") {
        Some(Value::String(for_all)) => Some(for_all.as_str()),
        Some(per_policy) => text(per_policy, needed(policy, "/id")?),
        None => None,
    };
    json::date(set.unwrap_or(own))
}

/// The due day of a rule with a term for removal.
fn due_day(policy: &Value, rule: &Value, deployment: &Value) -> Result<Option<Date>, String> {
    let Some(term) = rule.pointer("/removal/term") else {
        return Ok(None);
    };
    let mut day = notified_on(policy, deployment)?;
    if let Some(by) = text(term, "by") {
        return json::date(by).map(Some);
    }
    if let Some(days) = term.get("calendar_days").and_then(Value::as_u64) {
        for _ in 0..days {
            day = next(day)?;
        }
        return Ok(Some(day));
    }
    let days = term
        .get("working_days")
        .and_then(Value::as_u64)
        .ok_or("a term of no known kind")?;
    for _ in 0..days {
        day = next(day)?;
        while !is_working_day(day, policy, deployment)? {
            day = next(day)?;
        }
    }
    Ok(Some(day))
}

fn is_working_day(day: Date, policy: &Value, deployment: &Value) -> Result<bool, String> {
    let week = match text(deployment, "working_week") {
        Some(week) => week,
        None => needed(policy, "/calendar/working_week")?,
    };
    let last = match week {
        "mon-fri" => 5,
        "mon-sat" => 6,
        other => return Err(format!("no working week: {other}")),
    };
    if day.weekday().to_monday_one_offset() > last {
        return Ok(false);
    }
    if texts(deployment, "extra_holidays").contains(&day.to_string().as_str()) {
        return Ok(false);
    }
    for holiday in policy
        .get("calendar")
        .map(|calendar| list(calendar, "holidays"))
        .unwrap_or_default()
    {
        let this_one = if let Some(every_year) = text(holiday, "day") {
            format!("{:02}-{:02}", day.month(), day.day()) == every_year
        } else if let Some(once) = text(holiday, "date") {
            json::date(once)? == day
        } else if let Some(offset) = holiday.get("easter").and_then(Value::as_i64) {
            // Also Easter of the years beside, for offsets that cross a new year.
            let mut any = false;
            for year in day.year() - 1..=day.year() + 1 {
                any |= easter_sunday(year)?
                    .checked_add(offset.days())
                    .map_err(|error| error.to_string())?
                    == day;
            }
            any
        } else {
            return Err(format!("a holiday of no known kind: {holiday}"));
        };
        if this_one {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Easter Sunday as Clavius found it: the first Sunday after the full moon of the church on or after 21 March.
fn easter_sunday(year: i16) -> Result<Date, String> {
    let year = i32::from(year);
    let golden_number = year % 19 + 1;
    let century = year / 100 + 1;
    let leap_years_dropped = 3 * century / 4 - 12;
    let moon_correction = (8 * century + 5) / 25 - 5;
    let mut epact = (11 * golden_number + 20 + moon_correction - leap_years_dropped).rem_euclid(30);
    if epact == 24 || (epact == 25 && golden_number > 11) {
        epact += 1;
    }
    let mut full_moon = 44 - epact; // a day of March
    if full_moon < 21 {
        full_moon += 30;
    }
    let first_of_march = Date::new(
        i16::try_from(year).map_err(|error| error.to_string())?,
        3,
        1,
    );
    let mut day = first_of_march
        .and_then(|first| first.checked_add(full_moon.days())) // the day after the full moon
        .map_err(|error| error.to_string())?;
    while day.weekday().to_monday_one_offset() != 7 {
        day = next(day)?;
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn easter_falls_where_the_almanacs_say() {
        for (year, day) in [
            (1954, "1954-04-18"),
            (1981, "1981-04-19"),
            (2000, "2000-04-23"),
            (2008, "2008-03-23"),
            (2023, "2023-04-09"),
            (2038, "2038-04-25"),
            (2049, "2049-04-18"),
        ] {
            assert_eq!(easter_sunday(year).unwrap().to_string(), day);
        }
    }

    #[test]
    fn five_working_days_from_the_circular() {
        let policy = json!({ "id": "p", "notified_on": "2023-03-27",
            "calendar": { "working_week": "mon-fri", "holidays": [{ "easter": 1 }] } });
        let rule = json!({ "removal": { "term": { "working_days": 5 } } });
        let due = |deployment| {
            due_day(&policy, &rule, &deployment)
                .unwrap()
                .unwrap()
                .to_string()
        };
        assert_eq!(due(json!({})), "2023-04-03");
        assert_eq!(due(json!({ "working_week": "mon-sat" })), "2023-04-01");
        assert_eq!(due(json!({ "notified_on": "2023-04-06" })), "2023-04-14");
        assert_eq!(
            due(json!({ "extra_holidays": ["2023-03-30"] })),
            "2023-04-04"
        );
    }
}
