//! What the device management says.

use std::{collections::BTreeMap, time::Duration};

use octroi_core::{Code, Decision, Deployment, Platform, Record, Status};
use octroi_gate::{Gate, GateError};

use crate::phone::{Phone, TIKTOK, probed, reasons};

fn entries(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    let entries = entries.iter();
    entries
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn refused(gate: &Gate, key: &str, value: &str) -> (String, String) {
    match gate.configure(&entries(&[(key, value)])).unwrap_err() {
        GateError::Managed(error) => (error.key, error.found),
        other => panic!("{other}"),
    }
}

fn phone_of_someone(seen: &[&'static str]) -> Record<'static> {
    let mut record = Record::new(Platform::Android);
    record.observations.push(probed(seen));
    record
}

#[test]
fn every_key_has_its_place() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    gate.configure(&entries(&[
        ("octroi.administration", "Commune d'Exempleville"),
        ("octroi.policies", "be-brussels-region, be-brussels-local"),
        ("octroi.notified_on.be-brussels-local", "2023-04-03"),
        ("octroi.when_undetermined", "permit"),
        ("octroi.self_declared_facts", "incriminating_only"),
        ("octroi.declared_absence", "accepted"),
        ("octroi.declaration_valid_for", "P30D"),
        ("octroi.observation_valid_for", "PT36H"),
        ("octroi.working_week", "mon-sat"),
        ("octroi.extra_holidays", "2023-05-08,2024-05-08"),
        ("octroi.zones.service", "EXV-Service"),
        ("octroi.zones.personal", ""),
        ("octroi.contacts.supervisor", "your head of service"),
        ("octroi.contacts.helpdesk", "help@exempleville.example"),
        (
            "octroi.internal_hosts",
            "intranet.example, *.interne.example",
        ),
        ("octroi.policy_stale_after", "P14D"),
        ("octroi.device.id", "d-4711"),
        ("octroi.device.ownership", "personal"),
        ("octroi.device.funding.purchase", "none"),
        ("octroi.device.funding.subscription", "partial"),
        ("octroi.device.funding.usage", "none"),
        ("octroi.holder.roles", "press"),
        ("server", "of the app's own"),
    ]))
    .unwrap();
    let expected = br#"{ "administration": "Commune d'Exempleville", "policies": ["be-brussels-region", "be-brussels-local"],
        "notified_on": { "be-brussels-local": "2023-04-03" }, "when_undetermined": "permit",
        "self_declared_facts": "incriminating_only", "declared_absence": "accepted", "declaration_valid_for": "P30D",
        "observation_valid_for": "PT36H", "working_week": "mon-sat", "extra_holidays": ["2023-05-08", "2024-05-08"],
        "zones": { "service": "EXV-Service" }, "contacts": { "supervisor": "your head of service", "helpdesk": "help@exempleville.example" },
        "internal_hosts": ["intranet.example", "*.interne.example"], "policy_stale_after": "P14D" }"#;
    assert_eq!(gate.deployment(), Deployment::from_json(expected).unwrap());
    assert!(gate.is_internal("WWW.interne.example."));

    let assessment = gate.check(phone_of_someone(&[])).unwrap();
    assert_eq!(assessment.device_id.unwrap().as_str(), "d-4711");
    let class = &assessment.assessments[0].device_class;
    assert_eq!(class.because.iter().count(), 1, "{class:?}");
}

/// Whoever mistypes a key in a console must not open the network with it.
#[test]
fn a_wrong_configuration_guards_the_hosts_that_it_names() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    let wrong = [
        (
            "octroi.internal_hosts",
            "intranet.example, https://x, *.interne.example, https://[2001:db8::5]:8443/x",
        ),
        ("octroi.working_week", "sometimes"),
    ];
    gate.configure(&entries(&wrong)).unwrap_err();
    assert!(gate.is_internal("intranet.example") && gate.is_internal("www.interne.example"));
    assert!(gate.is_internal("2001:db8::5"));
    assert!(!gate.is_internal("example.org"));
    gate.configure(&entries(&[("octroi.internal_hosts", "other.example")]))
        .unwrap();
    assert!(gate.is_internal("other.example") && !gate.is_internal("intranet.example"));
}

#[test]
fn what_the_management_saw_counts() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    let owned = ("octroi.device.ownership", "organization");
    let taken = ("octroi.observation.taken_at", "2023-05-01T06:00:00Z");
    gate.configure(&entries(&[
        owned,
        ("octroi.observation.apps", TIKTOK),
        taken,
    ]))
    .unwrap();
    let denied = gate.check(Record::new(Platform::Ios)).unwrap();
    assert_eq!(denied.access.decision, Decision::Deny);

    let ids = "com.zhiliaoapp.musically, com.ss.iphone.ugc.Ame, com.ss.iphone.ugc.tiktok.lite";
    gate.configure(&entries(&[
        owned,
        ("octroi.observation.absent", ids),
        taken,
    ]))
    .unwrap();
    let clean = gate.check(Record::new(Platform::Ios)).unwrap();
    assert_eq!(clean.status, Status::Compliant);
}

#[test]
fn a_configuration_that_comes_late_counts_from_then_on() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    let before = gate.check(phone_of_someone(&[])).unwrap();
    assert!(reasons(&before).contains(&Code::ClassUndetermined));
    gate.configure(&entries(&[("octroi.device.ownership", "organization")]))
        .unwrap();
    assert_eq!(gate.last().unwrap(), None);
    let after = gate.check(phone_of_someone(&[])).unwrap();
    assert!(reasons(&after).contains(&Code::OwnedByOrganization));
    gate.configure(&entries(&[])).unwrap();
    assert_eq!(gate.check(phone_of_someone(&[])).unwrap(), before);
}

/// An administration that mistyped must not run on under rules that it did not set.
#[test]
fn under_a_wrong_configuration_nothing_is_decided() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let gate = phone.open();
    gate.check(phone_of_someone(&[])).unwrap();
    let day = Duration::from_secs(86_400);
    for (key, value, named, found) in [
        ("octroi.polices", "x", "octroi.polices", "no key of octroi"),
        (
            "octroi.notified_on",
            "27/03/2023",
            "octroi.notified_on",
            "string \"27/03/2023\"",
        ),
        (
            "octroi.extra_holidays",
            "2023-05-08, x",
            "octroi.extra_holidays",
            "string \"x\"",
        ),
        (
            "octroi.device.ownership",
            "company",
            "octroi.device.ownership",
            "unknown word `company`",
        ),
        (
            "octroi.internal_hosts",
            "https://a.example",
            "octroi.internal_hosts",
            "string \"https://a.example\"",
        ),
    ] {
        let (at, what) = refused(&gate, key, value);
        assert_eq!(at, named);
        assert!(what.contains(found), "{what}");
        assert!(gate.check(phone_of_someone(&[])).is_err());
        assert_eq!(gate.current(day).unwrap(), None);
    }
    let unknown = gate
        .configure(&entries(&[("octroi.policies", "be-atlantis")]))
        .unwrap_err();
    assert!(matches!(unknown, GateError::Policies(_)), "{unknown}");
    let twice = entries(&[
        ("octroi.notified_on", "2023-03-27"),
        ("octroi.notified_on.be-brussels-local", "2023-03-28"),
    ]);
    assert!(gate.configure(&twice).is_err());
    // What another process decides meanwhile counts for that one alone.
    phone.set("2023-05-01T12:00:00Z");
    phone.open().check(phone_of_someone(&[])).unwrap();
    assert_eq!(gate.current(day).unwrap(), None);
    gate.configure(&entries(&[])).unwrap();
    gate.check(phone_of_someone(&[])).unwrap();
}

/// The commonest slips of whoever types hosts into a console: what they mean stays closed, though nothing is decided.
#[test]
fn hosts_that_are_written_wrongly_are_guarded_all_the_same() {
    let phone = Phone::new("2023-03-28T10:00:00Z");
    for (key, written) in [
        ("octroi.internal_hosts", "https://a.example"),
        ("octroi.internal_hosts", "https://a.example:8443/path"),
        ("octroi.internal_hosts", "a.example:8443"),
        ("octroi.internal_hosts", "b.example; a.example"),
        (
            "octroi.internal_hosts",
            "(\n    \"a.example\",\n    \"b_example\"\n)",
        ),
        ("octroi.internal_host", "a.example"),
    ] {
        let gate = phone.open();
        let configured = gate.configure(&entries(&[(key, written)]));
        assert!(configured.is_err(), "{written}");
        assert!(gate.is_internal("a.example"), "{written}");
        assert!(!gate.is_internal("www.example.org"), "{written}");
    }
}

/// Two processes on one folder: a permit that one gave under other words of the management is none for the other.
#[test]
fn a_verdict_under_other_words_of_the_management_does_not_count() {
    let phone = Phone::new("2023-05-01T10:00:00Z");
    let (one, other) = (phone.open(), phone.open());
    other
        .configure(&entries(&[("octroi.device.ownership", "organization")]))
        .unwrap();
    one.check(octroi_core::Record::new(octroi_core::Platform::Android))
        .unwrap();
    assert!(one.last().unwrap().is_some());
    assert_eq!(other.last().unwrap(), None);
    let hour = std::time::Duration::from_secs(3600);
    assert_eq!(other.current(hour).unwrap(), None);
}
