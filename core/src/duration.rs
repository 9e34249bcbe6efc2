//! Durations of days and hours, as ISO 8601 writes them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{read::parsed, time::digits};

/// A whole number of seconds, more than none: an ISO 8601 duration of days (24 hours each) and hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    seconds: i64,
}

impl Duration {
    /// From the first day that there is to the last.
    const MOST_DAYS: i64 = 7_304_484;

    /// The duration that `P7D`, `PT36H` or `P1DT12H` names, or `None` if the text is no such thing.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('P')?;
        let (mut units, mut is_time, mut is_over) = ("YMWD", false, false);
        let mut hours = 0;
        while !rest.is_empty() {
            if !is_time && let Some(time) = rest.strip_prefix('T') {
                (units, is_time, rest) = ("HMS", true, time);
            }
            let (count, after) = rest.split_at_checked(digits(rest))?;
            let count: i64 = count.parse().ok()?;
            let after = match after.strip_prefix(['.', ',']) {
                // Only the last one of a time may have a fraction, and the fraction may only be none.
                Some(fraction) if is_time => {
                    is_over = true;
                    let after = fraction.trim_start_matches('0');
                    let zeros = fraction.len() - after.len();
                    (1..=9).contains(&zeros).then_some(after)?
                }
                _ => after,
            };
            let unit = after.chars().next()?;
            rest = after.strip_prefix(unit)?;
            // From the largest to the smallest, each at most once.
            (_, units) = units.split_once(unit)?;
            hours += match unit {
                'D' if count <= Self::MOST_DAYS => count * 24,
                'H' if count <= Self::MOST_DAYS * 24 => count,
                _ if count == 0 => 0,
                _ => return None,
            };
            if is_over && !rest.is_empty() {
                return None;
            }
        }
        (hours > 0).then(|| Self {
            seconds: hours * 3600,
        })
    }

    pub(crate) const fn seconds(self) -> i64 {
        self.seconds
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

#[cfg(test)]
mod tests {
    use super::*;

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

    /// Whoever writes a term as ISO 8601 allows it is understood as everybody else understands it.
    #[test]
    fn a_duration_is_what_jiff_reads_of_days_and_hours() {
        let by_jiff = |text: &str| {
            let span = jiff::fmt::temporal::SpanParser::new().parse_span(text);
            let span = span.ok()?;
            let (days, hours) = (span.get_days(), span.get_hours());
            let whole = jiff::Span::new().days(days).hours(hours);
            let hours = i64::from(days) * 24 + i64::from(hours);
            (hours > 0 && span.fieldwise() == whole.fieldwise()).then_some(hours)
        };
        let mut texts = vec![String::from("P")];
        let mut from = 0;
        for _ in 0..6 {
            let to = texts.len();
            for at in from..to {
                for letter in ["0", "1", ".", "D", "T", "H", "M"] {
                    texts.push(format!("{}{letter}", texts[at]));
                }
            }
            from = to;
        }
        for text in [
            "P7304484D",
            "P7304485D",
            "PT175307616H",
            "PT175307617H",
            "P0Y0M0W1D",
            "P0W0Y1D",
            "PT1,000000000H",
            "PT1,0000000000H",
            "P1DT0M0S",
            "P1DT0S0M",
            "P99999999999999999999D",
            "P1D ",
            "P\u{661}D",
        ] {
            texts.push(text.to_owned());
        }
        let mut read = 0;
        for text in texts {
            let duration = Duration::parse(&text);
            read += usize::from(duration.is_some());
            assert_eq!(duration.map(Duration::hours), by_jiff(&text), "{text}");
        }
        assert!(read > 100, "{read}");
    }
}
