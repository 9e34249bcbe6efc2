//! A gate that hears of news: what an app sees of it.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use octroi_core::{
    Assessment, Code, Decision, Deployment, Install, Instant, Policies, PoliciesError, Policy,
    Record, embedded,
};
use octroi_gate::{Clock, ClockError, Gate, GateError, RefreshError};
use octroi_updates::Change;
use serde_json::{Value, json};

use crate::publisher::{LOCAL, Mirror, NOW, Phone, Publisher, REGION, at, id, policy};
use crate::races::Slow;

struct Now;

impl Clock for Now {
    fn now(&self) -> Result<Instant, ClockError> {
        Ok(at(NOW))
    }
}

/// A clock that is set by hand.
struct Hand(Arc<Mutex<Instant>>);

impl Clock for Hand {
    fn now(&self) -> Result<Instant, ClockError> {
        Ok(*self.0.lock().unwrap())
    }
}

impl Phone {
    fn gate(&self) -> Gate {
        let json = br#"{ "policies": ["be-brussels-region"] }"#;
        let deployment = Deployment::from_json(json).unwrap();
        Gate::open(self.folder.path(), deployment, Box::new(Now)).unwrap()
    }

    fn hear(&self, gate: &Gate, mirror: &Mirror) -> Vec<Change> {
        let transport = Arc::new(mirror.clone());
        let refreshed = gate.refresh(&self.root, Some(&id("commune")), transport);
        refreshed.unwrap().changes
    }
}

/// Somebody's own phone with TikTok: the region leaves access open to it.
fn check(gate: &Gate) -> Assessment {
    check_for(gate, "com.zhiliaoapp.musically")
}

/// Somebody's own phone on which the system shows this app, and no other.
fn check_for(gate: &Gate, id: &str) -> Assessment {
    let policies = Policies::new(embedded().unwrap().to_vec()).unwrap();
    let json = json!({ "device": { "platform": "android", "ownership": "personal",
            "funding": { "purchase": "none", "subscription": "none", "usage": "none" } },
        "observations": [{ "source": "platform", "scope": "device", "complete": true, "apps": [{ "id": id }] }] });
    let json = json.to_string();
    let record = Record::from_json(json.as_bytes(), &policies).unwrap();
    gate.check(record.into_owned()).unwrap()
}

/// The region's policy as a later government might decide it, with the scenarios that are still true of it.
pub(crate) fn closing(version: u32) -> Value {
    let mut document = policy(REGION, version);
    document["rules"][0]["personal"] =
        json!({ "decision": "deny", "basis": "BXL-REGION-2023-03#3" });
    let read = Policy::from_json(document.to_string().as_bytes()).unwrap();
    let scenarios = document["scenarios"].as_array().unwrap().iter();
    let played = scenarios.zip(&read.document().scenarios);
    let right = played.filter(|(_, scenario)| scenario.play(&read).is_empty());
    let right: Vec<_> = right.map(|(json, _)| json.clone()).collect();
    document["scenarios"] = right.into();
    document
}

/// A policy of today closes the access that one of yesterday left open; each gate on the folder knows it at its next check.
#[test]
fn a_new_policy_counts_from_the_next_check_on() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    let (gate, other) = (phone.gate(), phone.gate());
    assert_eq!(check(&gate).access.decision, Decision::Permit);
    assert_eq!(check(&other).access.decision, Decision::Permit);
    publisher.add("region", REGION, 2, &closing(2));
    let changes = phone.hear(&gate, &publisher.publish());
    assert!(
        matches!(changes.as_slice(), [Change::Replaced(_)]),
        "{changes:?}"
    );
    // What was decided under the older one no longer counts.
    assert_eq!(gate.last().unwrap(), None);
    assert_eq!(other.last().unwrap(), None);
    assert_eq!(check(&gate).access.decision, Decision::Deny);
    assert_eq!(check(&other).access.decision, Decision::Deny);
    assert_eq!(check(&phone.gate()).access.decision, Decision::Deny);

    // The attacker's mirror serves the repository of yesterday.
    let before = Publisher::new().publish();
    let transport = Arc::new(before);
    let refreshed = gate.refresh(&phone.root, None, transport);
    assert!(
        matches!(refreshed, Err(RefreshError::Updates(_))),
        "{refreshed:?}"
    );
    assert_eq!(check(&gate).access.decision, Decision::Deny);
}

/// What came is gone, or damaged: the person is told that an older policy may have decided.
#[test]
fn what_came_and_is_lost_is_said() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    publisher.add("region", REGION, 2, &closing(2));
    phone.hear(&phone.gate(), &publisher.publish());
    let says = |assessment: &Assessment, code| {
        let reasons = &assessment.assessments[0].reasons;
        reasons.iter().any(|reason| reason.code == code)
    };
    assert!(!says(&check(&phone.gate()), Code::StateDamaged));
    for content in [Some("nothing"), None] {
        for slot in ["updates-a", "updates-b"] {
            let path = phone.folder.path().join(slot);
            let _ = content.map_or_else(|| fs::remove_file(&path), |text| fs::write(&path, text));
        }
        let assessment = check(&phone.gate());
        assert!(says(&assessment, Code::StateDamaged), "{content:?}");
        assert_eq!(assessment.assessments[0].policy.version, 1);
    }
    phone.hear(&phone.gate(), &publisher.publish());
    assert!(!says(&check(&phone.gate()), Code::StateDamaged));
}

/// The app on the phone is too old for what was published.
#[test]
fn a_policy_that_needs_a_newer_app_is_said() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    let mut newer = policy(REGION, 2);
    newer["format"] = 2.into();
    publisher.add("region", REGION, 2, &newer);
    let gate = phone.gate();
    phone.hear(&gate, &publisher.publish());
    let reasons = &check(&gate).assessments[0].reasons;
    let code = Code::UpdateNeedsNewerApp;
    assert!(reasons.iter().any(|reason| reason.code == code));
}

/// A device management publishes what holds for an administration; what it names is fetched at once.
#[test]
fn a_deployment_that_comes_takes_the_place_of_what_the_app_was_given() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    publisher.add_local(2);
    let text = br#"{ "policies": ["be-brussels-local"], "internal_hosts": ["intra.example"] }"#;
    let path = "deployments/commune.json".to_owned();
    publisher.issuer("mdm").targets.insert(path, text.to_vec());
    let gate = phone.gate();
    assert!(!gate.is_internal("intra.example"));
    let changes = phone.hear(&gate, &publisher.publish());
    assert!(
        matches!(
            changes.as_slice(),
            [Change::Deployed, Change::Replaced(policy)] if policy.version == 2
        ),
        "{changes:?}"
    );
    assert!(gate.is_internal("intra.example"));
    let assessment = check(&phone.gate());
    assert_eq!(
        assessment.assessments[0].policy.id.as_str(),
        "be-brussels-local"
    );
    assert_eq!(assessment.access.decision, Decision::Deny);
    // What the management sets on this phone comes first.
    let key = "octroi.policies".to_owned();
    let entries = [(key, "be-brussels-region".to_owned())].into();
    gate.configure(&entries).unwrap();
    assert_eq!(gate.deployment().policies, [id(REGION)]);
    assert!(gate.is_internal("intra.example"));
}

/// Another issuer's rules need no new app: the management names them, and a repository brings them.
#[test]
fn a_policy_that_does_not_ship_comes_when_somebody_names_it() {
    let mut publisher = Publisher::new();
    let other = "be-brussels-local-successor";
    let mut document = policy(LOCAL, 1);
    document["id"] = other.into();
    let paths = &mut publisher.issuer("brussels").paths;
    paths.push("policies/be-brussels-local-successor/*.json");
    publisher.add("brussels", other, 1, &document);
    let phone = Phone::new(&publisher);
    let gate = phone.gate();
    let entries = [("octroi.policies".to_owned(), other.to_owned())].into();
    gate.configure(&entries).unwrap_err();
    phone.hear(&gate, &publisher.publish());
    let assessment = check(&gate);
    assert_eq!(assessment.assessments[0].policy.id.as_str(), other);
}

/// A clock that was ahead for one check must not have every later timestamp look expired.
#[test]
fn a_clock_that_was_ahead_once_ends_no_updates() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    let clock = Arc::new(Mutex::new(at("2031-01-01T00:00:00Z")));
    let json = br#"{ "policies": ["be-brussels-region"] }"#;
    let deployment = Deployment::from_json(json).unwrap();
    let hand = Box::new(Hand(Arc::clone(&clock)));
    let gate = Gate::open(phone.folder.path(), deployment, hand).unwrap();
    check(&gate);
    *clock.lock().unwrap() = at(NOW);
    publisher.add("region", REGION, 2, &policy(REGION, 2));
    let changes = phone.hear(&gate, &publisher.publish());
    assert!(
        matches!(changes.as_slice(), [Change::Replaced(_)]),
        "{changes:?}"
    );
}

/// Two refreshes of one app: the one that ends last may have begun first.
#[test]
fn a_gate_goes_back_to_no_policy_that_was_replaced() {
    let mut publisher = Publisher::new();
    publisher.add("region", REGION, 2, &policy(REGION, 2));
    let before = publisher.publish();
    publisher.add("region", REGION, 3, &closing(3));
    let after = publisher.publish();
    let phone = Phone::new(&publisher);
    let gate = Arc::new(phone.gate());
    let (other, root) = (Arc::clone(&gate), phone.root.clone());
    let slow = Slow {
        mirror: before,
        before: "targets/",
        meanwhile: move || {
            other.refresh(&root, None, Arc::new(after.clone())).unwrap();
        },
    };
    gate.refresh(&phone.root, None, Arc::new(slow)).unwrap();
    assert_eq!(check(&gate).access.decision, Decision::Deny);
    assert_eq!(check(&phone.gate()).access.decision, Decision::Deny);
}

/// An update may know more names of an app than the policy under which it was proven absent. One of those may have been there all along,
/// and nobody is to be told that it was installed yesterday.
#[test]
fn an_absence_says_nothing_of_names_that_nobody_asked_for() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    let json = br#"{ "policies": ["be-brussels-local"] }"#;
    let deployment = Deployment::from_json(json).unwrap();
    let clock = Arc::new(Mutex::new(at(NOW)));
    let hand = Box::new(Hand(Arc::clone(&clock)));
    let gate = Gate::open(phone.folder.path(), deployment, hand).unwrap();
    check_for(&gate, "com.example.mail");
    let mut document = policy(LOCAL, 2);
    let names = document["catalogue"]["tiktok"]["identifiers"][0]["ids"].as_array_mut();
    names.unwrap().push("com.example.variant".into());
    publisher.add("brussels", LOCAL, 2, &document);
    phone.hear(&gate, &publisher.publish());
    *clock.lock().unwrap() = at("2026-11-29T12:00:00Z");
    let install = |id| check_for(&gate, id).assessments[0].findings[0].install;
    assert_eq!(install("com.example.variant"), Some(Install::Existing));
    assert_eq!(install("com.zhiliaoapp.musically"), Some(Install::New));
}

/// A commune that names a policy by a slip must not open its network by it: until the policy comes, or the slip is mended, nothing is
/// decided, and its hosts stay guarded.
#[test]
fn a_deployment_whose_policies_do_not_come_opens_no_host() {
    let mut publisher = Publisher::new();
    let path = "deployments/commune.json".to_owned();
    let set = |publisher: &mut Publisher, policy: &str| {
        let text =
            format!(r#"{{ "policies": ["{policy}"], "internal_hosts": ["intra.example"] }}"#);
        let mdm = publisher.issuer("mdm");
        mdm.targets.insert(path.clone(), text.into_bytes());
        mdm.role.version += 1;
        publisher.raise();
    };
    set(&mut publisher, LOCAL);
    let phone = Phone::new(&publisher);
    let gate = phone.gate();
    phone.hear(&gate, &publisher.publish());
    assert!(gate.is_internal("intra.example"));

    set(&mut publisher, "be-brussels-lokal");
    phone.hear(&gate, &publisher.publish());
    for gate in [&gate, &phone.gate()] {
        assert!(gate.is_internal("intra.example"));
        assert_eq!(gate.last().unwrap(), None);
        let record = Record::new(octroi_core::Platform::Android);
        assert!(matches!(
            gate.check(record),
            Err(GateError::Policies(PoliciesError::NotAvailable { .. }))
        ));
    }

    set(&mut publisher, LOCAL);
    phone.hear(&gate, &publisher.publish());
    assert_eq!(check(&gate).assessments[0].policy.id.as_str(), LOCAL);
}

/// Asking under another name that cannot be had leaves what was set before.
#[test]
fn a_deployment_goes_only_for_one_that_came() {
    let mut publisher = Publisher::new();
    for (name, text) in [
        ("commune", r#"{ "internal_hosts": ["intra.example"] }"#),
        ("broken", "{"),
    ] {
        let path = format!("deployments/{name}.json");
        let mdm = publisher.issuer("mdm");
        mdm.targets.insert(path, text.as_bytes().to_vec());
    }
    let phone = Phone::new(&publisher);
    let gate = phone.gate();
    let mirror = publisher.publish();
    phone.hear(&gate, &mirror);
    let ask = |name: &str| {
        let mirror = Arc::new(mirror.clone());
        let refreshed = gate.refresh(&phone.root, Some(&id(name)), mirror);
        refreshed.unwrap().changes
    };
    let changes = ask("broken");
    assert!(
        matches!(changes.as_slice(), [Change::DeploymentRefused(_)]),
        "{changes:?}"
    );
    assert!(gate.is_internal("intra.example"));
    assert_eq!(ask("nobody"), [Change::Withdrawn]);
    assert!(!gate.is_internal("intra.example"));
}
