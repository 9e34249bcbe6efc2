//! Times without a zone, and the zone in which they are read.

use jiff::{
    civil::DateTime,
    tz::{self, TimeZoneDatabase},
};
use octroi_core::{Instant, NonEmpty, Zone};

/// A time zone in which the local times of an export are read.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeZone {
    name: NonEmpty,
    zone: tz::TimeZone,
}

impl TimeZone {
    /// The zone of an IANA name (`Europe/Brussels`) or a POSIX rule (`CET-1CEST,M3.5.0,M10.5.0/3`), or `None` if the
    /// text is neither. Names mean what the time zone database that octroi was built with says.
    pub fn parse(text: &str) -> Option<Self> {
        let zone = TimeZoneDatabase::bundled()
            .get(text)
            .or_else(|_| tz::TimeZone::posix(text));
        Some(Self {
            name: NonEmpty::new(text)?,
            zone: zone.ok()?,
        })
    }

    /// The zone of a policy.
    pub(crate) fn of(zone: &Zone) -> Option<Self> {
        Some(Self {
            name: zone.name.clone(),
            zone: tz::TimeZone::posix(zone.rule()).ok()?,
        })
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        self.name.as_str()
    }

    /// The instant at which clocks there show `2023-03-27 09:15:00`: the earlier one where they show it twice, and where
    /// they skip it, the one that they would have shown it at.
    pub(crate) fn instant(&self, local: &str) -> Option<Instant> {
        let written = local.len() == 19 && local.as_bytes().get(10) == Some(&b' ');
        let local: DateTime = written.then(|| local.parse().ok())??;
        let timestamp = self.zone.to_ambiguous_timestamp(local).compatible().ok()?;
        Some(Instant::from_unix_seconds(timestamp.as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(zone: &str, local: &str) -> Option<String> {
        let instant = TimeZone::parse(zone)?.instant(local)?;
        Some(instant.to_string())
    }

    #[test]
    fn a_zone_is_a_name_or_a_rule() {
        for zone in ["Europe/Brussels", "CET-1CEST,M3.5.0,M10.5.0/3"] {
            let found = shown(zone, "2023-03-27 09:15:00");
            assert_eq!(found.as_deref(), Some("2023-03-27T07:15:00Z"), "{zone}");
        }
        for zone in ["", "Europe/Bruxelles", "+02:00", "summer"] {
            assert_eq!(TimeZone::parse(zone), None, "{zone}");
        }
    }

    #[test]
    fn a_time_that_the_clock_shows_twice_or_never_is_still_one_instant() {
        let shown = |local| shown("Europe/Brussels", local);
        assert_eq!(
            shown("2023-10-29 02:30:00").as_deref(),
            Some("2023-10-29T00:30:00Z")
        );
        assert_eq!(
            shown("2023-03-26 02:30:00").as_deref(),
            Some("2023-03-26T01:30:00Z")
        );
        for local in [
            "2023-02-30 00:00:00",
            "2023-03-27",
            "2023-03-27T09:15:00Z",
            "2023-03-27T09:15:00",
            "",
        ] {
            assert_eq!(shown(local), None, "{local}");
        }
    }
}
