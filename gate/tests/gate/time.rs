//! Days pass, clocks lie.

use std::time::Duration;

use octroi_core::{Code, Decision, Status};
use octroi_gate::GateError;

use crate::phone::{Phone, TIKTOK, instant, reasons, service};

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_clock_set_back_reopens_no_term_even_after_a_restart() {
    let phone = Phone::new("2023-04-03T20:00:00Z");
    let gate = phone.open();
    let pending = gate.check(service(&[TIKTOK])).unwrap();
    assert_eq!(pending.status, Status::InGracePeriod);

    phone.set("2023-04-04T10:00:00Z");
    let overdue = gate.check(service(&[TIKTOK])).unwrap();
    assert_eq!(overdue.access.decision, Decision::Deny);

    phone.set("2023-03-28T10:00:00Z");
    for gate in [gate, phone.open()] {
        let again = gate.check(service(&[TIKTOK])).unwrap();
        assert_eq!(again.access.decision, Decision::Deny);
        assert_eq!(again.assessed_at, instant("2023-04-04T10:00:00Z"));
        assert!(reasons(&again).contains(&Code::ClockWentBack));
    }

    phone.set("2023-04-04T10:00:01Z");
    let right = phone.open().check(service(&[TIKTOK])).unwrap();
    assert!(!reasons(&right).contains(&Code::ClockWentBack));
}

#[test]
fn a_correction_of_the_clock_is_no_offence() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    let first = gate.check(service(&[])).unwrap();
    phone.set("2023-05-01T09:59:20Z");
    let corrected = gate.check(service(&[])).unwrap();
    assert_eq!(corrected, first);
    phone.set("2023-05-01T09:59:00Z");
    let back = gate.check(service(&[])).unwrap();
    assert!(reasons(&back).contains(&Code::ClockWentBack));
}

#[test]
fn without_a_clock_nothing_is_decided() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    gate.check(service(&[])).unwrap();
    phone.break_clock();
    let error = gate.check(service(&[])).unwrap_err();
    assert!(matches!(error, GateError::Clock(_)), "{error}");
    assert!(gate.current(HOUR).is_err());
}

#[test]
fn a_verdict_is_current_until_it_is_old_or_its_day_comes() {
    let phone = Phone::new("2023-04-03T21:00:00Z");
    let gate = phone.open();
    assert_eq!(gate.current(HOUR).unwrap(), None);

    let pending = gate.check(service(&[TIKTOK])).unwrap();
    assert_eq!(pending.valid_until, Some(instant("2023-04-03T22:00:00Z")));
    phone.set("2023-04-03T21:59:59Z");
    assert_eq!(gate.current(HOUR).unwrap().as_ref(), Some(&pending));
    assert_eq!(gate.current(HOUR / 2).unwrap(), None);

    phone.set("2023-04-03T22:00:00Z");
    assert_eq!(gate.current(2 * HOUR).unwrap(), None);
    assert_eq!(gate.last().unwrap(), Some(pending));
}

/// While the clock is behind, a verdict would never grow old, and a permit would outlive what it rests on.
#[test]
fn while_the_clock_is_behind_no_verdict_is_current() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    let first = gate.check(service(&[])).unwrap();
    phone.set("2023-05-01T09:59:20Z");
    assert_eq!(gate.current(HOUR).unwrap(), Some(first));
    phone.set("2023-05-01T09:30:00Z");
    assert_eq!(gate.current(HOUR).unwrap(), None);
}

/// On an iPhone nothing says when an app was installed.
#[test]
fn what_was_not_there_before_was_installed_since() {
    let phone = Phone::new("2023-03-29T08:00:00Z");
    let gate = phone.open();
    assert_eq!(
        gate.check(service(&[])).unwrap().access.decision,
        Decision::Permit
    );
    phone.set("2023-03-30T08:00:00Z");
    for gate in [gate, phone.open()] {
        let found = gate.check(service(&[TIKTOK])).unwrap();
        assert!(reasons(&found).contains(&Code::InstalledAfterNotification));
    }

    let other = Phone::new("2023-03-30T08:00:00Z");
    let found = other.open().check(service(&[TIKTOK])).unwrap();
    assert_eq!(found.status, Status::InGracePeriod, "nobody looked before");
}

#[test]
fn what_was_seen_before_it_was_gone_was_not_installed_since() {
    let phone = Phone::new("2023-03-29T08:00:00Z");
    let gate = phone.open();
    gate.check(service(&[])).unwrap();
    let mut record = service(&[TIKTOK]);
    record.observations[0].taken_at = Some(instant("2023-03-28T08:00:00Z"));
    let found = gate.check(record).unwrap();
    assert_eq!(found.status, Status::InGracePeriod);
}

/// A list of the management's is of the day on which it was made: what came between that day and the check may have come before the
/// notification.
#[test]
fn an_absence_is_as_old_as_what_proved_it() {
    let phone = Phone::new("2023-03-29T08:00:00Z");
    let gate = phone.open();
    let mut record = service(&[]);
    record.observations[0].taken_at = Some(instant("2023-03-26T08:00:00Z"));
    gate.check(record).unwrap();
    phone.set("2023-03-30T08:00:00Z");
    let found = gate.check(service(&[TIKTOK])).unwrap();
    assert_eq!(found.status, Status::InGracePeriod);
}
