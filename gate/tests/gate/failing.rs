//! A panic costs one call, and never the gate.

use std::{
    cell::Cell,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
};

use log::{LevelFilter, Log, Metadata};
use octroi_core::Decision;

use crate::phone::{Phone, TIKTOK, service};

thread_local! {
    static PANICS: Cell<bool> = const { Cell::new(false) };
}

/// A logger of an app that is not made for this.
struct Logger;

impl Log for Logger {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, _: &log::Record<'_>) {
        assert!(!PANICS.get(), "no");
    }

    fn flush(&self) {}
}

#[test]
fn after_a_panic_in_the_middle_of_a_check_the_gate_answers() {
    log::set_logger(&Logger).unwrap();
    log::set_max_level(LevelFilter::Warn);
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    // What stands in the way of the state is logged.
    let obstacle = phone.folder().join("state.tmp");
    fs::create_dir(&obstacle).unwrap();
    PANICS.set(true);
    let check = catch_unwind(AssertUnwindSafe(|| gate.check(service(&[TIKTOK]))));
    PANICS.set(false);
    assert!(check.is_err());

    fs::remove_dir(&obstacle).unwrap();
    let denied = gate.check(service(&[TIKTOK])).unwrap();
    assert_eq!(denied.access.decision, Decision::Deny);
    assert_eq!(phone.open().last().unwrap(), Some(denied));
}
