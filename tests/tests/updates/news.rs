//! What a refresh brings.

use octroi_core::{Code, Deployment, Policies, Record, Status, assess};
use octroi_updates::{Change, Refusal, UpdateError, UpdatesError, Wanted};
use serde_json::json;
use std::sync::Arc;

use crate::publisher::{
    Failing, LATER, LOCAL, Mirror, NOW, Phone, Publisher, REGION, SOON, at, id, policy, version,
};

#[test]
fn a_newer_version_takes_the_place_of_the_one_that_ships() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    assert_eq!(phone.version(), 1);
    let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
    let [Change::Replaced(replaced)] = refreshed.changes.as_slice() else {
        panic!("{refreshed:?}");
    };
    assert_eq!((replaced.id.as_str(), replaced.version), (LOCAL, 2));

    let current = phone.open().current().unwrap();
    assert!(!current.damaged);
    for policy in &current.policies {
        let is_local = policy.id().as_str() == LOCAL;
        assert_eq!(policy.document().version, if is_local { 2 } else { 1 });
        // The first of all that must be signed anew is the timestamp.
        assert_eq!(policy.stale_since(), is_local.then(|| at(SOON)));
    }
}

/// Every app on every phone asks each day: an answer without news must cost the administration next to nothing.
#[test]
fn without_news_only_the_timestamp_is_fetched() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    let mirror = publisher.publish();
    let refreshed = phone.refresh(&mirror, "2026-11-29T12:00:00Z").unwrap();
    assert_eq!(refreshed.changes, []);
    // That there is no newer root is an answer without content.
    assert_eq!(
        mirror.asked(),
        ["metadata/2.root.json", "metadata/timestamp.json"]
    );
}

/// The circular may be confirmed for years without a change: signed again, it must not grow stale.
#[test]
fn what_is_signed_again_holds_for_longer() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    publisher.timestamp.expires = LATER;
    publisher.timestamp.version += 1;
    let refreshed = phone.refresh(&publisher.publish(), SOON).unwrap();
    assert_eq!(refreshed.changes, []);
    let current = phone.open().current().unwrap();
    let stale = current
        .policies
        .iter()
        .filter_map(|policy| policy.stale_since());
    assert_eq!(stale.collect::<Vec<_>>(), [at(LATER)]);
}

/// A phone that hears nothing more goes on, and says since when it does; how long that counts, the deployment says.
#[test]
fn a_policy_whose_metadata_expired_goes_on_and_says_so() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    let current = phone.open().current().unwrap();
    let deployment = Deployment::from_json(br#"{ "policy_stale_after": "P7D" }"#).unwrap();
    let policies = Policies::select(&deployment, &current.policies).unwrap();
    let json = br#"{ "device": { "platform": "android", "ownership": "organization" },
        "observations": [{ "absent": ["com.zhiliaoapp.musically", "com.ss.android.ugc.trill",
            "com.zhiliaoapp.musically.go", "com.ss.android.ugc.tiktok.lite", "com.tiktok.tv"] }] }"#;
    let record = Record::from_json(json, &policies).unwrap();
    let status = |instant| {
        let assessment = assess(&policies, &record, &deployment, at(instant));
        let reasons = &assessment.assessments[0].reasons;
        let is_stale = reasons
            .iter()
            .any(|reason| reason.code == Code::PolicyStale);
        (assessment.status, is_stale)
    };
    assert_eq!(status("2026-12-12T11:59:59Z"), (Status::Compliant, false));
    assert_eq!(status("2026-12-12T12:00:00Z"), (Status::Unknown, true));
}

/// Whoever signs nonsense, by mistake or under force, must not take the last good policy away.
#[test]
fn what_is_signed_and_not_right_replaces_nothing() {
    let mut wrong_form = policy(LOCAL, 3);
    wrong_form["titel"] = "x".into();
    let mut untried = policy(LOCAL, 3);
    untried["scenarios"] = json!([]);
    let mut failing = policy(LOCAL, 3);
    failing["scenarios"][0]["expect"]["decision"] = "deny".into();
    let other = failing["scenarios"][0]["expect"]["decision"]
        == policy(LOCAL, 3)["scenarios"][0]["expect"]["decision"];
    if other {
        failing["scenarios"][0]["expect"]["decision"] = "permit".into();
    }
    for (document, code) in [
        (wrong_form, "form"),
        (untried, "no_scenarios"),
        (failing, "scenario"),
        (policy(LOCAL, 4), "out_of_place"),
        (policy(REGION, 3), "out_of_place"),
        (json!("no policy"), "form"),
    ] {
        let mut publisher = Publisher::new();
        publisher.add_local(2);
        publisher.add("brussels", LOCAL, 3, &document);
        let phone = Phone::new(&publisher);
        let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
        let [
            Change::Refused { policy, refusal },
            Change::Replaced(replaced),
        ] = refreshed.changes.as_slice()
        else {
            panic!("{code}: {refreshed:?}");
        };
        assert_eq!((policy.version, refusal.code()), (3, code));
        // The one before it is right, and counts.
        assert_eq!(replaced.version, 2);
        assert_eq!(phone.version(), 2);
    }
}

#[test]
fn text_that_is_none_is_refused_with_its_place() {
    let mut publisher = Publisher::new();
    let mut document = policy(LOCAL, 2).to_string().into_bytes();
    document[200] = 0xFF;
    publisher.add_local(2);
    let path = "policies/be-brussels-local/2.json".to_owned();
    publisher.issuer("brussels").targets.insert(path, document);
    let phone = Phone::new(&publisher);
    let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
    let [
        Change::Refused {
            refusal: Refusal::Form(error),
            ..
        },
    ] = refreshed.changes.as_slice()
    else {
        panic!("{refreshed:?}");
    };
    assert_eq!((error.column, error.found.as_str()), (201, "the byte 0xFF"));
    assert_eq!(phone.version(), 1);
}

/// The app in the field cannot read what is published for the next one, and must say that it needs to be updated.
#[test]
fn a_policy_of_a_newer_form_is_noted() {
    let mut publisher = Publisher::new();
    let mut newer = policy(LOCAL, 3);
    newer["format"] = 2.into();
    newer["what_nobody_knows_yet"] = json!({});
    publisher.add_local(2);
    publisher.add("brussels", LOCAL, 3, &newer);
    let phone = Phone::new(&publisher);
    let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
    assert!(matches!(
        refreshed.changes.as_slice(),
        [Change::Replaced(replaced), Change::NeedsNewerApp(newer)] if newer.version == 3 && replaced.version == 2
    ));
    let current = phone.open().current().unwrap();
    assert_eq!(current.needs_newer.len(), 1);
    assert_eq!(version(&phone.open()), 2);

    // Nobody is to update an app for a version that was taken back.
    publisher
        .issuer("brussels")
        .targets
        .retain(|path, _| !path.ends_with("/3.json"));
    publisher.issuer("brussels").role.version += 1;
    publisher.raise();
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.open().current().unwrap().needs_newer, []);
    publisher.add("brussels", LOCAL, 3, &newer);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.open().current().unwrap().needs_newer.len(), 1);

    // A later one that can be read makes up for it.
    publisher.add_local(4);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.open().current().unwrap().needs_newer, []);
}

/// An issuer that lets its keys expire must not keep another one's rules from the phones.
#[test]
fn an_issuer_that_is_not_believed_holds_up_no_other() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    publisher.add("region", REGION, 2, &policy(REGION, 2));
    publisher.issuer("region").role.expires = "2026-11-01T00:00:00Z";
    let phone = Phone::new(&publisher);
    let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
    let [Change::Replaced(replaced), Change::NotHeard { path, error }] =
        refreshed.changes.as_slice()
    else {
        panic!("{refreshed:?}");
    };
    assert_eq!((replaced.id.as_str(), replaced.version), (LOCAL, 2));
    assert_eq!(path, "policies/be-brussels-region");
    assert!(
        matches!(error, UpdateError::Expired { role, .. } if role == "region"),
        "{error}"
    );

    // It is asked for again as soon as it is signed again, though nothing else changed.
    publisher.issuer("region").role.expires = LATER;
    publisher.issuer("region").role.version += 1;
    publisher.raise();
    let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
    assert!(
        matches!(refreshed.changes.as_slice(), [Change::Replaced(replaced)] if replaced.id.as_str() == REGION)
    );
}

#[test]
fn a_device_management_sets_what_holds_for_its_administration() {
    let mut publisher = Publisher::new();
    let path = "deployments/example-commune.json".to_owned();
    let text = br#"{ "administration": "Example commune", "when_undetermined": "permit" }"#;
    publisher
        .issuer("mdm")
        .targets
        .insert(path.clone(), text.to_vec());
    let phone = Phone::new(&publisher);
    let wanted = Wanted {
        policies: Vec::new(),
        deployment: Some(id("example-commune")),
    };
    let ask = |mirror: Mirror| {
        phone
            .open()
            .refresh(&phone.root, Arc::new(mirror), &wanted, at(NOW))
            .unwrap()
    };
    assert_eq!(ask(publisher.publish()).changes, [Change::Deployed]);
    let expected = Deployment::from_json(text).unwrap();
    assert_eq!(
        phone.open().current().unwrap().deployment,
        Some(expected.clone())
    );

    // A slip of the pen leaves what was set before.
    let slip = br#"{ "when_undetermined": "allow" }"#;
    publisher
        .issuer("mdm")
        .targets
        .insert(path.clone(), slip.to_vec());
    publisher.issuer("mdm").role.version += 1;
    publisher.raise();
    assert!(matches!(
        ask(publisher.publish()).changes.as_slice(),
        [Change::DeploymentRefused(_)]
    ));
    assert_eq!(phone.open().current().unwrap().deployment, Some(expected));

    // What is taken back no longer holds.
    publisher.issuer("mdm").targets.remove(&path);
    publisher.issuer("mdm").role.version += 1;
    publisher.raise();
    ask(publisher.publish());
    assert_eq!(phone.open().current().unwrap().deployment, None);
}

/// An app in two processes: what one learns, the other knows.
#[test]
fn what_one_process_learns_another_knows() {
    let mut publisher = Publisher::new();
    let phone = Phone::new(&publisher);
    let (one, other) = (phone.open(), phone.open());
    publisher.add_local(2);
    phone.refresh_in(&one, &publisher.publish(), NOW).unwrap();
    assert_eq!(version(&other), 2);
    publisher.add_local(3);
    phone.refresh_in(&other, &publisher.publish(), NOW).unwrap();
    assert_eq!(version(&one), 3);
}

/// A line that breaks, a server that lies, a file without end: at every request of a refresh, nothing changes and the next one
/// brings it.
#[test]
fn a_request_that_fails_changes_nothing_whichever_it_is() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    publisher.rotate(&[1, 2, 3], 2, &[1, 2]);
    let first = publisher.publish();
    let started = Phone::new(&Publisher::new());
    started.refresh(&first, NOW).unwrap();
    publisher.add_local(3);
    publisher.rotate(&[1, 2, 3], 2, &[2, 3]);
    let whole = publisher.publish();
    started.refresh(&whole, NOW).unwrap();
    let requests = whole.asked().len();
    assert!(requests >= 6, "{:?}", whole.asked());

    for failing in [
        Failing::Broken,
        Failing::Missing,
        Failing::Half,
        Failing::Endless,
        Failing::Turned,
    ] {
        for request in 0..requests {
            let phone = Phone::new(&Publisher::new());
            phone.refresh(&first, NOW).unwrap();
            let mirror = publisher.publish();
            mirror.fail(request, failing);
            let refreshed = phone.refresh(&mirror, NOW);
            let asked = mirror.asked();
            let path = asked.get(request).unwrap();
            let changes = match refreshed {
                Ok(refreshed) => refreshed.changes,
                Err(error) => {
                    assert!(matches!(error, UpdatesError::Update(_)), "{error}");
                    Vec::new()
                }
            };
            let is_replaced = changes
                .iter()
                .any(|change| matches!(change, Change::Replaced(_)));
            // A root that is not there is the end of the roots; and of what nobody asked for, nothing is missing.
            let is_there = whole.files().contains_key(path) && failing != Failing::Missing;
            let is_told = matches!(failing, Failing::Broken | Failing::Endless);
            let is_whole =
                path.ends_with("root.json") && !is_there && !is_told || path.contains("region");
            assert_eq!(is_replaced, is_whole, "{failing:?} at {path}: {changes:?}");
            let held = if is_replaced { 3 } else { 2 };
            assert_eq!(phone.version(), held, "{failing:?} at {path}");
            phone.refresh(&publisher.publish(), NOW).unwrap();
            assert_eq!(phone.version(), 3, "after {failing:?} at {path}");
        }
    }
}
