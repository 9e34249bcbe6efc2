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
    WholeHours, Duration, {
        remote,
        lower: |duration| Duration::from_secs(duration.hours().unsigned_abs().saturating_mul(3600)),
        try_lift: |duration| Ok(OctroiError::checked(
            whole_hours(duration), "WholeHours", &format!("{duration:?}"), "whole hours, at least one",
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

fn whole_hours(duration: Duration) -> Option<WholeHours> {
    let whole = duration.subsec_nanos() == 0 && duration.as_secs().is_multiple_of(3600);
    whole
        .then(|| WholeHours::parse(&format!("PT{}H", duration.as_secs() / 3600)))
        .flatten()
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
        let hours = |seconds| whole_hours(Duration::from_secs(seconds)).map(WholeHours::hours);
        assert_eq!(hours(7 * 24 * 3600), Some(168));
        assert_eq!((hours(0), hours(5400), hours(u64::MAX)), (None, None, None));
        assert_eq!(whole_hours(Duration::from_millis(3_600_500)), None);
    }
}
