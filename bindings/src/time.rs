//! Instants, days and durations.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use octroi_core::{Day, Instant};

use crate::errors::OctroiError;

// Swift has a `Duration` of its own, which knows seconds; this one knows hours.
pub(crate) type WholeHours = octroi_core::Duration;

uniffi::custom_type!(
    /// A point in time, in whole seconds: a fraction of a second is dropped, towards the past. Between the years -9999 and 9999.
    Instant, SystemTime, {
        remote,
        lower: |instant| system_time(instant),
        try_lift: |time| Ok(instant(time)),
    }
);

uniffi::custom_type!(
    /// A calendar day, without a time zone: of which zone it is, says whoever has one.
    Day, String, {
        remote,
        lower: |day| day.to_string(),
        try_lift: |text| Ok(OctroiError::checked(
            Day::parse(&text), "Day", &text, "a date written YYYY-MM-DD",
        )?),
    }
);

uniffi::custom_type!(
    /// A duration in whole hours, at least one; a day is 24 of them. Anything else is refused.
    WholeHours, f64, {
        remote,
        lower: |duration| Duration::from_secs(duration.hours().unsigned_abs().saturating_mul(3600)).as_secs_f64(),
        try_lift: |seconds| Ok(OctroiError::checked(
            whole_hours(seconds), "WholeHours", &format!("{seconds} s"), "whole hours, at least one",
        )?),
    }
);

/// How long ago.
pub struct Age(pub(crate) Duration);

uniffi::custom_type!(
    /// How long ago something was. It is not negative: that is refused.
    Age, f64, {
        lower: |age| age.0.as_secs_f64(),
        try_lift: |seconds| Ok(OctroiError::checked(
            age(seconds), "Age", &format!("{seconds} s"), "a duration that is not negative",
        )?),
    }
);

fn system_time(instant: Instant) -> SystemTime {
    let seconds = instant.unix_seconds();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    // Phones and servers count time in 64 bits, and 9999 years fit.
    time.unwrap_or(UNIX_EPOCH)
}

fn instant(time: SystemTime) -> Instant {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => seconds(after),
        Err(before) => {
            let before = before.duration();
            -seconds(before) - i64::from(before.subsec_nanos() > 0)
        }
    };
    Instant::from_unix_seconds(seconds)
}

fn whole_hours(seconds: f64) -> Option<WholeHours> {
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    let whole = duration.subsec_nanos() == 0 && duration.as_secs().is_multiple_of(3600);
    whole
        .then(|| WholeHours::parse(&format!("PT{}H", duration.as_secs() / 3600)))
        .flatten()
}

/// What is older than time itself is very old.
fn age(seconds: f64) -> Option<Age> {
    let duration = Duration::try_from_secs_f64(seconds);
    let is_long = seconds >= 0.0;
    duration.ok().or(is_long.then_some(Duration::MAX)).map(Age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_survive_the_border_on_both_sides_of_1970() {
        for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
            let there = Instant::from_unix_seconds(seconds);
            assert_eq!(instant(system_time(there)), there, "{seconds}");
        }
    }

    #[test]
    fn fractions_are_dropped_towards_the_past() {
        let half = Duration::from_millis(500);
        assert_eq!(instant(UNIX_EPOCH + half).unix_seconds(), 0);
        assert_eq!(instant(UNIX_EPOCH - half).unix_seconds(), -1);
    }

    #[test]
    fn a_duration_is_whole_hours() {
        let hours = |seconds| whole_hours(seconds).map(WholeHours::hours);
        assert_eq!(hours(7.0 * 24.0 * 3600.0), Some(168));
        for wrong in [0.0, 5400.0, 3600.5, -3600.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }

    /// A setting of an app that is nonsense is an error that it can catch, and ends no process.
    #[test]
    fn an_age_is_not_negative() {
        let seconds = |seconds| age(seconds).map(|age| age.0.as_secs());
        assert_eq!(seconds(60.5), Some(60));
        assert_eq!(seconds(f64::INFINITY), Some(u64::MAX));
        assert_eq!((seconds(-1.0), seconds(f64::NAN)), (None, None));
    }
}
