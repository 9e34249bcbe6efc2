//! Who holds the server, or some of the keys, and wants phones to believe an older policy, or another one.

use octroi_updates::{UpdateError, UpdatesError};
use serde_json::{Value, json};

use crate::publisher::{Key, LOCAL, Mirror, NOW, Phone, Publisher, REGION, SOON, policy};

/// Refreshes from a mirror that must not be believed; the policy that holds is the same as before.
fn refused(phone: &Phone, mirror: &Mirror, now: &str) -> UpdateError {
    let before = phone.version();
    let refused = phone.refresh(mirror, now);
    assert_eq!(phone.version(), before, "{refused:?}");
    match refused {
        Err(UpdatesError::Update(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// A phone that believes version 2, with its publisher.
fn believed() -> (Publisher, Phone) {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    let phone = Phone::new(&publisher);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.version(), 2);
    (publisher, phone)
}

/// A mirror serves yesterday's repository: all of it was signed, and none of it is believed.
#[test]
fn what_was_signed_before_is_not_believed_again() {
    let (mut publisher, phone) = believed();
    let yesterday = publisher.publish();
    publisher.add_local(3);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    let error = refused(&phone, &yesterday, NOW);
    assert!(
        matches!(&error, UpdateError::Rollback { role, known: 3, found: 2 } if role == "timestamp"),
        "{error}"
    );
}

/// Who holds the key of one role alone can take none of the others back.
#[test]
fn no_role_can_be_rolled_back_alone() {
    let believed = || {
        let (mut publisher, phone) = believed();
        publisher.add_local(3);
        phone.refresh(&publisher.publish(), NOW).unwrap();
        (publisher, phone)
    };
    // The holder of the timestamp's key points at an older list.
    let (mut publisher, phone) = believed();
    publisher.snapshot.version -= 1;
    publisher.timestamp.version += 1;
    assert_eq!(
        refused(&phone, &publisher.publish(), NOW).code(),
        "rollback"
    );

    // The holders of timestamp and snapshot list an older version of the targets, or of an issuer's.
    let (mut publisher, phone) = believed();
    publisher.targets.version = 0;
    publisher.raise();
    assert_eq!(
        refused(&phone, &publisher.publish(), NOW).code(),
        "rollback"
    );
    let (mut publisher, phone) = believed();
    publisher.issuer("brussels").role.version -= 1;
    publisher.raise();
    assert_eq!(
        refused(&phone, &publisher.publish(), NOW).code(),
        "rollback"
    );

    // They leave it out.
    let (mut publisher, phone) = believed();
    publisher.issuers.retain(|issuer| issuer.name != "brussels");
    publisher.raise();
    assert_eq!(
        refused(&phone, &publisher.publish(), NOW).code(),
        "mismatch"
    );
}

/// All keys but the roots' were stolen, and the policy itself is taken back: what holds on a phone never becomes an older version.
#[test]
fn an_issuer_cannot_take_a_version_back() {
    let (mut publisher, phone) = believed();
    publisher.add_local(3);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    let issuer = publisher.issuer("brussels");
    issuer.targets.retain(|path, _| !path.ends_with("/3.json"));
    issuer.role.version += 1;
    publisher.raise();
    assert_eq!(
        phone.refresh(&publisher.publish(), NOW).unwrap().changes,
        []
    );
    assert_eq!(phone.version(), 3);

    // Nor below what ships, on a phone that kept nothing.
    let fresh = Phone::new(&publisher);
    let mut publisher = Publisher::new();
    publisher.add("brussels", LOCAL, 1, &changed(1));
    publisher.add("brussels", LOCAL, 0, &changed(0));
    assert_eq!(
        fresh.refresh(&publisher.publish(), NOW).unwrap().changes,
        []
    );
    let current = fresh.open().current().unwrap();
    assert_eq!(current.policies, octroi_core::embedded().unwrap());
}

fn changed(version: u32) -> Value {
    let mut document = policy(LOCAL, version);
    document["rules"][0]["personal"]["decision"] = "permit".into();
    document
}

/// The line to the repository is cut, and an old answer served for ever: it is believed until it expires, and no longer.
#[test]
fn a_frozen_repository_is_believed_until_it_expires() {
    let (publisher, phone) = believed();
    let frozen = publisher.publish();
    phone.refresh(&frozen, SOON).unwrap();
    let after = "2026-12-05T12:00:01Z";
    let error = refused(&phone, &frozen, after);
    assert!(
        matches!(&error, UpdateError::Expired { role, .. } if role == "timestamp"),
        "{error}"
    );
    assert_eq!(phone.version(), 2);
}

/// A clock set back brings nothing back that was refused as expired: the latest time at which something was believed counts.
#[test]
fn a_clock_set_back_brings_nothing_expired_back() {
    let (mut publisher, phone) = believed();
    let frozen = publisher.publish();
    publisher.add_local(3);
    publisher.timestamp.expires = "2027-01-31T12:00:00Z";
    phone
        .refresh(&publisher.publish(), "2027-01-01T12:00:00Z")
        .unwrap();
    let refreshed = phone.refresh(&frozen, "1970-01-01T00:00:00Z");
    assert!(refreshed.is_err(), "{refreshed:?}");
    // A phone whose clock says that it is 1970 is not kept from the news.
    publisher.add_local(4);
    phone
        .refresh(&publisher.publish(), "1970-01-01T00:00:00Z")
        .unwrap();
    assert_eq!(phone.version(), 4);
}

/// Too few keys, the same key twice, or one under two names.
#[test]
fn a_threshold_is_a_number_of_keys() {
    let (mut publisher, phone) = believed();
    publisher.add_local(3);
    let brussels = |publisher: &mut Publisher, keys: Vec<Key>, signing: Vec<Key>| {
        let role = &mut publisher.issuer("brussels").role;
        (role.keys, role.threshold, role.signing) = (keys, 2, signing);
        role.version += 1;
        publisher.targets.version += 1;
        publisher.raise();
    };
    let (one, two) = (Key::Ed25519(7), Key::Ed25519(17));
    let keys = vec![one.clone(), two.clone()];
    for signing in [
        vec![],
        vec![one.clone()],
        vec![one.clone(), one.clone()],
        vec![one.clone(), Key::Ed25519(6)],
    ] {
        let mut publisher = publisher.clone();
        brussels(&mut publisher, keys.clone(), signing.clone());
        let refreshed = phone.refresh(&publisher.publish(), NOW).unwrap();
        assert_eq!(phone.version(), 2, "{refreshed:?}");
        assert_eq!(refreshed.changes.len(), 1, "{refreshed:?}");
    }
    brussels(&mut publisher, keys.clone(), keys);
    publisher.targets.version += 10;
    publisher.issuer("brussels").role.version += 10;
    publisher.snapshot.version += 10;
    publisher.timestamp.version += 10;
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.version(), 3);
}

/// One key under two names signs once, in an issuer's role, at the top, in a root that comes and in the one that the app brings.
#[test]
fn a_key_under_two_names_counts_once() {
    for key in [Key::Ed25519(7), Key::P256(7)] {
        let twice = vec![key.clone(), Key::Again(Box::new(key))];
        let double = |role: &mut crate::publisher::Role| {
            (role.keys, role.signing, role.threshold) = (twice.clone(), twice.clone(), 2);
            role.version += 1;
        };
        let (mut publisher, phone) = believed();
        double(&mut publisher.issuer("brussels").role);
        publisher.targets.version += 1;
        publisher.raise();
        assert_eq!(
            refused(&phone, &publisher.publish(), NOW).code(),
            "malformed"
        );
        let (mut publisher, phone) = believed();
        publisher.rotate(&[1, 2, 3], 2, &[1, 2]);
        double(&mut publisher.targets);
        publisher.raise();
        assert_eq!(
            refused(&phone, &publisher.publish(), NOW).code(),
            "malformed"
        );
        let brought = Phone::new(&publisher).refresh(&publisher.publish(), NOW);
        assert!(matches!(brought, Err(UpdatesError::Root(_))), "{brought:?}");
    }
}

/// A root is handed on only by those who hold it: two of three.
#[test]
fn a_root_is_handed_on_by_its_holders_alone() {
    let (mut publisher, phone) = believed();
    publisher.add_local(3);
    // One of the old holders, two strangers.
    let mut thief = publisher.clone();
    thief.rotate(&[21, 22], 2, &[1, 21, 22]);
    let error = refused(&phone, &thief.publish(), NOW);
    assert!(
        matches!(&error, UpdateError::Signatures { role, found: 1, threshold: 2 } if role == "root"),
        "{error}"
    );
    // Two of the old holders, and too few of those to whom it goes.
    let mut hasty = publisher.clone();
    hasty.rotate(&[21, 22], 2, &[1, 2, 21]);
    assert_eq!(refused(&phone, &hasty.publish(), NOW).code(), "signatures");
    // A version left out.
    let mut jump = publisher.clone();
    jump.rotate(&[21, 22], 2, &[1, 2, 21, 22]);
    let jumped = jump.publish().with(|files| {
        jump.root.version += 1;
        files.insert("metadata/2.root.json".to_owned(), jump.root_file());
    });
    assert_eq!(refused(&phone, &jumped, NOW).code(), "rollback");
    // As it should be; the old holders are none any more.
    publisher.rotate(&[21, 22], 2, &[1, 2, 21, 22]);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.version(), 3);
    publisher.rotate(&[1, 2], 2, &[1, 2]);
    assert_eq!(
        refused(&phone, &publisher.publish(), NOW).code(),
        "signatures"
    );
}

/// A stolen key is replaced by a new root, and what it signed is worth nothing from then on.
#[test]
fn a_key_that_was_replaced_signs_nothing_more() {
    let (mut publisher, phone) = believed();
    publisher.rotate(&[1, 2, 3], 2, &[1, 2]);
    let stolen = publisher.timestamp.keys.clone();
    publisher.timestamp.keys = vec![Key::P256(14)];
    publisher.timestamp.signing = stolen;
    publisher.raise();
    assert_eq!(
        refused(&phone, &publisher.publish(), NOW).code(),
        "signatures"
    );
    publisher.timestamp.signing = publisher.timestamp.keys.clone();
    phone.refresh(&publisher.publish(), NOW).unwrap();
}

/// Each part was signed, at another time: together they are nothing.
#[test]
fn parts_of_two_times_are_no_whole() {
    let (mut publisher, phone) = believed();
    let before = publisher.publish().files();
    publisher.add_local(3);
    let after = publisher.publish();
    for (name, code) in [
        ("3.snapshot.json", "mismatch"),
        ("1.targets.json", "mismatch"),
    ] {
        let old = before.iter().find(|(path, _)| path.ends_with(&name[1..]));
        let mut old = old.unwrap().1.clone();
        if name.starts_with('1') {
            old.push(b' ');
        }
        let mixed = after.with(|files| {
            files.insert(format!("metadata/{name}"), old);
        });
        let fresh = Phone::new(&publisher);
        let error = refused(&fresh, &mixed, NOW);
        assert_eq!(error.code(), code, "{name}: {error}");
    }
    // An older policy under the name of the new one.
    let mut targets = after.files();
    let new = targets
        .keys()
        .find(|path| path.ends_with(".3.json"))
        .unwrap()
        .clone();
    let old = before
        .iter()
        .find(|(path, _)| path.ends_with(".2.json"))
        .unwrap();
    targets.insert(new, old.1.clone());
    let refreshed = phone.refresh(&Mirror::of(targets), NOW).unwrap();
    assert_eq!(refreshed.changes.len(), 1, "{refreshed:?}");
    assert_eq!(phone.version(), 2);
}

/// An issuer signs its own policies, and no other's.
#[test]
fn no_issuer_signs_for_another() {
    let (mut publisher, phone) = believed();
    publisher.add("region", LOCAL, 9, &policy(LOCAL, 9));
    publisher.add("mdm", LOCAL, 9, &policy(LOCAL, 9));
    assert_eq!(
        phone.refresh(&publisher.publish(), NOW).unwrap().changes,
        []
    );
    assert_eq!(phone.version(), 2);
    // Not even under a path that looks like its own.
    for path in [
        "policies/be-brussels-region/../be-brussels-local/9.json",
        "policies/be-brussels-region/9.json/../../be-brussels-local/9.json",
        "policies/be-brussels-local%2F9.json",
    ] {
        let content = policy(LOCAL, 9).to_string().into_bytes();
        publisher
            .issuer("region")
            .targets
            .insert(path.to_owned(), content);
    }
    publisher.issuer("region").role.version += 1;
    publisher.raise();
    assert_eq!(
        phone.refresh(&publisher.publish(), NOW).unwrap().changes,
        []
    );
    assert_eq!(phone.version(), 2);
    let current = phone.open().current().unwrap();
    let region = current
        .policies
        .iter()
        .find(|policy| policy.id().as_str() == REGION);
    assert_eq!(region.unwrap().document().version, 1);
}

/// A role whose name is a path must not lead out of the folder of the metadata.
#[test]
fn the_name_of_a_role_is_no_path() {
    let mut publisher = Publisher::new();
    publisher.add_local(2);
    publisher.issuer("brussels").name = "../../brussels";
    let phone = Phone::new(&publisher);
    let mirror = publisher.publish();
    phone.refresh(&mirror, NOW).unwrap();
    for path in mirror.asked() {
        let names: Vec<_> = path.split('/').collect();
        let [folder, name] = names.as_slice() else {
            panic!("{path}");
        };
        assert!(*folder == "metadata" && *name != "..", "{path}");
    }
    assert_eq!(phone.version(), 1);
}

/// Nothing of what is no metadata ends the process, or is believed.
#[test]
fn what_is_no_metadata_is_refused() {
    let (mut publisher, phone) = believed();
    publisher.add_local(3);
    let whole = publisher.publish();
    let deep = "[".repeat(100_000);
    for content in [
        "",
        "{}",
        "[]",
        "null",
        "\u{0}",
        deep.as_str(),
        r#"{"signed":{},"signatures":[]}"#,
        r#"{"signed":{"_type":"timestamp","spec_version":"2.0","version":9},"signatures":[]}"#,
        r#"{"signed":{"_type":"root"},"signatures":[{"keyid":"","sig":"zz"}]}"#,
    ] {
        let mirror = whole.with(|files| {
            files.insert(
                "metadata/timestamp.json".to_owned(),
                content.as_bytes().to_vec(),
            );
        });
        refused(&phone, &mirror, NOW);
    }
}

/// Who signs by RSA alone signs nothing here, and that is said.
#[test]
fn a_way_of_signing_that_is_not_supported_counts_as_none() {
    let (mut publisher, phone) = believed();
    publisher.add_local(3);
    let mirror = publisher.publish();
    let mirror = mirror.with(|files| {
        let timestamp = files.get_mut("metadata/timestamp.json").unwrap();
        let mut document: Value = serde_json::from_slice(timestamp).unwrap();
        document["signatures"][0]["sig"] = json!("00");
        *timestamp = document.to_string().into_bytes();
    });
    assert_eq!(refused(&phone, &mirror, NOW).code(), "signatures");
}

/// A timestamp is believed and its list held back; then the list comes, and takes an issuer back. Only the holders of the keys of
/// both could, and they cannot.
#[test]
fn a_list_that_was_held_back_takes_nothing_back() {
    let (mut publisher, phone) = believed();
    publisher.add_local(3);
    phone.refresh(&publisher.publish(), NOW).unwrap();
    publisher.issuer("brussels").role.version -= 1;
    publisher.raise();
    let whole = publisher.publish();
    let held_back = whole.with(|files| {
        files.retain(|path, _| !path.ends_with("snapshot.json"));
    });
    assert_eq!(refused(&phone, &held_back, NOW).code(), "not_there");
    // The timestamp is believed already: there is no way back behind it.
    let mut earlier = publisher.clone();
    earlier.timestamp.version -= 1;
    assert_eq!(refused(&phone, &earlier.publish(), NOW).code(), "rollback");
    let error = refused(&phone, &whole, NOW);
    assert!(
        matches!(&error, UpdateError::Rollback { role, .. } if role == "brussels.json"),
        "{error}"
    );
    // With keys that nobody stole, the issuers begin anew.
    publisher.rotate(&[1, 2, 3], 2, &[1, 2]);
    publisher.snapshot.keys = vec![Key::Ed25519(15)];
    publisher.snapshot.signing = publisher.snapshot.keys.clone();
    publisher.timestamp.keys = vec![Key::P256(14)];
    publisher.timestamp.signing = publisher.timestamp.keys.clone();
    phone.refresh(&publisher.publish(), NOW).unwrap();
    assert_eq!(phone.version(), 3);
}
