//! Two policies compared: nothing is found where nothing changes, and nothing that changes is missed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may unwrap"
)]

use std::collections::BTreeSet;

use octroi_core::{
    Deployment, Difference, Instant, Policies, Policy, Record, Told, assess, compare,
};
use octroi_tests::{mutations::mutations, vectors};
use serde_json::{Value, json};

const PACKS: [&str; 9] = [
    "be-brussels-local",
    "be-brussels-region",
    "packs/by-date.json",
    "packs/calendar-days.json",
    "packs/exempt-roles.json",
    "packs/no-grace.json",
    "packs/successors.json",
    "hand-made/two-apps.json",
    "hand-made/reversed.json",
];

fn pack(name: &str) -> Value {
    serde_json::from_str(&vectors::pack(name).unwrap()).unwrap()
}

fn policy(pack: &Value) -> Result<Policy, octroi_core::ReadError> {
    Policy::from_json(pack.to_string().as_bytes())
}

#[test]
fn a_policy_does_not_differ_from_itself() {
    for name in PACKS {
        let policy = policy(&pack(name)).unwrap();
        let comparison = compare(&policy, &policy);
        assert!(comparison.is_empty(), "{name}");
        assert_eq!(
            (comparison.changed, comparison.keys.len()),
            (0, 0),
            "{name}"
        );
        assert!(comparison.situations > 1000, "{name}");
    }
}

/// Administrations are notified on days of their own: a holiday that the policy's own term does not meet counts for them.
#[test]
fn a_calendar_that_only_other_days_of_notification_meet_is_found() {
    let pack = pack("be-brussels-local");
    let before = policy(&pack).unwrap();
    let mut without_christmas = pack.clone();
    let holidays = without_christmas["calendar"]["holidays"].as_array_mut();
    holidays
        .unwrap()
        .retain(|holiday| holiday["day"] != "12-25");
    let mut in_days = pack.clone();
    in_days["rules"][0]["removal"]["term"] = json!({ "calendar_days": 7 });
    let mut on_a_saturday = pack;
    let holidays = on_a_saturday["calendar"]["holidays"].as_array_mut();
    holidays.unwrap().push(json!({ "date": "2023-06-24" }));
    for changed in [without_christmas, in_days, on_a_saturday] {
        let comparison = compare(&before, &policy(&changed).unwrap());
        assert_eq!(comparison.changed, 0);
        assert!(!comparison.is_empty());
        let [due_days] = comparison.due_days.as_slice() else {
            panic!("{:?}", comparison.due_days);
        };
        assert!(due_days.days > 0 && due_days.due.from != due_days.due.to);
    }
}

#[test]
fn every_change_of_a_decision_a_term_or_a_date_is_found() {
    let mut found = 0;
    for id in ["be-brussels-local", "be-brussels-region"] {
        let pack = pack(id);
        let before = policy(&pack).unwrap();
        for (what, mutant) in mutations(&pack) {
            let Ok(after) = policy(&mutant) else { continue };
            for (old, new) in [(&before, &after), (&after, &before)] {
                let comparison = compare(old, new);
                assert!(!comparison.changes.is_empty(), "{id}: {what}");
                assert!(comparison.changed > 0, "{id}: {what}");
            }
            found += 1;
        }
    }
    println!("counted: {found} changes of a policy, each found");
    assert!(found > 20, "only {found}");
}

#[test]
fn words_and_signs_change_no_verdict() {
    let before = pack("be-brussels-local");
    let mut after = before.clone();
    after["title"]["en"] = "Another title".into();
    after["catalogue"]["tiktok"]["identifiers"][0]["ids"][0] = "com.example".into();
    after["catalogue"]["tiktok"]["signers"] = json!({});
    let comparison = compare(&policy(&before).unwrap(), &policy(&after).unwrap());
    assert!(comparison.changes.is_empty());
    assert_eq!(comparison.keys, ["catalogue", "title"]);
    let signs: Vec<_> = comparison
        .recognition
        .iter()
        .map(|sign| sign.newly)
        .collect();
    // The identifier goes on Android and takes its signers along; it loses them where it stays, and so does the other.
    assert_eq!(signs, [false, false, false, false, false, true]);
}

#[test]
fn another_known_signer_is_told() {
    let before = pack("be-brussels-local");
    let mut after = before.clone();
    let id = "com.zhiliaoapp.musically";
    let signer = format!("sha256:{}", "ab".repeat(32));
    after["catalogue"]["tiktok"]["signers"][id][0] = signer.clone().into();
    let comparison = compare(&policy(&before).unwrap(), &policy(&after).unwrap());
    assert!(comparison.changes.is_empty() && !comparison.is_empty());
    let signs: Vec<_> = comparison
        .recognition
        .iter()
        .map(|told| (serde_json::to_value(&told.sign).unwrap(), told.newly))
        .collect();
    let known = |signer: &str| json!({ "known_signer": { "id": id, "signer": signer } });
    let old = before["catalogue"]["tiktok"]["signers"][id][0]
        .as_str()
        .unwrap();
    assert_eq!(signs, [(known(old), false), (known(&signer), true)]);
}

#[test]
fn apps_under_the_same_rules_are_one_subject_and_are_all_counted() {
    let one = pack("be-brussels-local");
    let mut many = one.clone();
    let entry = one["catalogue"]["tiktok"].clone();
    let apps: Vec<_> = (0..200).map(|number| format!("app{number}")).collect();
    many["catalogue"] = apps
        .iter()
        .map(|app| (app.clone(), entry.clone()))
        .collect();
    many["rules"][0]["apps"] = json!(apps);
    many["scenarios"] = json!([]);
    let changed = |pack: &Value| {
        let mut after = pack.clone();
        after["rules"][0]["personal"]["decision"] = "permit".into();
        compare(&policy(pack).unwrap(), &policy(&after).unwrap())
    };
    let (few, all) = (changed(&one), changed(&many));
    assert_eq!(all.changed, 200 * few.changed);
    assert_eq!(all.changes.len(), few.changes.len());
    for change in &all.changes {
        for subject in change.subjects.iter().flatten() {
            assert_eq!(subject.apps.len(), 200);
        }
    }
}

#[test]
fn a_role_that_is_exempt_no_longer_is_named() {
    let before = pack("packs/exempt-roles.json");
    let mut after = before.clone();
    after["exemption"]["roles"] = json!(["investigator"]);
    let comparison = compare(&policy(&before).unwrap(), &policy(&after).unwrap());
    assert!(!comparison.is_empty());
    for change in &comparison.changes {
        let roles: Vec<_> = change.roles.iter().flatten().flatten().collect();
        assert_eq!(roles.len(), 1, "{change:?}");
        assert_eq!(roles[0].as_str(), "press_officer");
    }
}

#[test]
fn an_app_of_one_policy_alone_is_looked_at() {
    let two = pack("hand-made/two-apps.json");
    let mut one = two.clone();
    one["rules"].as_array_mut().unwrap().pop();
    one["catalogue"].as_object_mut().unwrap().remove("courier");
    one["scenarios"] = json!([]);
    let comparison = compare(&policy(&one).unwrap(), &policy(&two).unwrap());
    let apps: BTreeSet<_> = comparison
        .changes
        .iter()
        .flat_map(|change| change.subjects.as_ref().unwrap())
        .flat_map(|subject| &subject.apps)
        .map(|app| app.as_str())
        .collect();
    assert_eq!(apps, BTreeSet::from(["courier"]));
    let hangs_on_app =
        |change: &octroi_core::Change| change.what == Difference::Newly(Told::HangsOnApp);
    assert!(comparison.changes.iter().any(hangs_on_app));
}

/// The instants around everything that turns under the policies below.
const INSTANTS: [&str; 8] = [
    "2024-02-29T12:00:00Z",
    "2024-03-01T12:00:00Z",
    "2024-03-02T12:00:00Z",
    "2024-03-07T12:00:00Z",
    "2024-03-08T12:00:00Z",
    "2024-03-30T12:00:00Z",
    "2024-04-02T12:00:00Z",
    "2024-09-02T12:00:00Z",
];

const STATES: [&str; 4] = ["absent", "existing", "new", "unknown"];
const IDS: [&[&str]; 2] = [
    &["org.example.ferry"],
    &["org.example.courier", "org.example.courier.mini"],
];

/// A device with two apps in those states.
fn record(facts: [Option<bool>; 2], states: [usize; 2]) -> Value {
    let (mut seen, mut absent) = (Vec::new(), Vec::new());
    for (ids, state) in IDS.iter().zip(states) {
        match STATES[state] {
            "absent" => absent.extend(ids.iter().copied()),
            "existing" => {
                seen.push(json!({ "id": ids[0], "first_installed": "2020-01-01T00:00:00Z" }))
            }
            "new" => seen.push(json!({ "id": ids[0], "first_installed": "2024-03-02T10:00:00Z" })),
            _ => {}
        }
    }
    let said = |fact: Option<bool>, [yes, no]: [&str; 2]| match fact {
        None => "unknown".to_owned(),
        Some(fact) => if fact { yes } else { no }.to_owned(),
    };
    json!({
        "device": { "platform": "android", "ownership": said(facts[0], ["organization", "personal"]),
            "funding": { "usage": said(facts[1], ["full", "none"]) } },
        "observations": [{ "apps": seen, "absent": absent }],
    })
}

/// What is compared of an assessment.
fn verdict(policies: &Policies, record: &Value, at: &str) -> Value {
    let record = record.to_string();
    let record = Record::from_json(record.as_bytes(), policies).unwrap();
    let assessment = assess(
        policies,
        &record,
        &Deployment::default(),
        Instant::parse(at).unwrap(),
    );
    let said = &assessment.assessments[0];
    let duties: Vec<_> = said
        .obligations
        .iter()
        .map(|duty| json!([duty.app, duty.kind, duty.due, duty.state]))
        .collect();
    let advice: BTreeSet<_> = said.advice.iter().map(|advice| advice.code).collect();
    json!([
        said.access,
        said.status,
        said.device_class.class,
        duties,
        advice
    ])
}

#[test]
fn what_two_apps_change_together_one_of_them_changes_alone() {
    let before = pack("hand-made/two-apps.json");
    let old = policy(&before).unwrap();
    let ways = [Some(true), Some(false), None];
    let devices: Vec<_> = ways
        .iter()
        .flat_map(|one| ways.map(|two| [*one, two]))
        .collect();
    let mut together = 0;
    for (what, mutant) in variants(&before) {
        let new = policy(&mutant).unwrap();
        let comparison = compare(&old, &new);
        let sides: [Policies; 2] = [old.clone().into(), new.into()];
        let changed = |facts, states, at| {
            let record = record(facts, states);
            let [old, new] = [0, 1].map(|side| verdict(&sides[side], &record, at));
            old != new
        };
        let mut any = false;
        for at in INSTANTS {
            let alone = |facts, app, state| {
                let states = [[state, 0], [0, state]][app];
                changed(facts, states, at)
            };
            // On devices of which every fact is known.
            let mut known = BTreeSet::new();
            for facts in devices.iter().filter(|facts| !facts.contains(&None)) {
                for (app, state) in (0..STATES.len()).flat_map(|state| [(0, state), (1, state)]) {
                    if alone(*facts, app, state) {
                        known.insert((*facts, app, state));
                    }
                }
            }
            for facts in &devices {
                for one in 0..STATES.len() {
                    for two in 0..STATES.len() {
                        if !changed(*facts, [one, two], at) {
                            continue;
                        }
                        any = true;
                        together += usize::from(one > 0 && two > 0);
                        let completes = |known: &[Option<bool>; 2]| {
                            let mut pairs = facts.iter().zip(known);
                            pairs.all(|(fact, known)| fact.is_none() || fact == known)
                        };
                        let explained = known.iter().any(|(known, app, state)| {
                            completes(known) && [one, two][*app] == *state
                        });
                        assert!(explained, "{what}: {facts:?}, {one}, {two}, {at}");
                    }
                }
            }
        }
        assert_eq!(any, !comparison.changes.is_empty(), "{what}");
    }
    assert!(together > 1000, "{together}");
}

/// Other decisions for one of the apps or both, other terms, and changes that change nothing.
fn variants(pack: &Value) -> Vec<(String, Value)> {
    let pointers = [
        "/rules/0/service/decision",
        "/rules/0/removal/until_due",
        "/rules/0/removal/after_due",
        "/rules/0/personal/decision",
        "/rules/1/service/decision",
        "/rules/1/removal/until_due",
        "/rules/1/removal/after_due",
    ];
    let flip = |pack: &mut Value, pointer: &str| {
        let decision = pack.pointer_mut(pointer).unwrap();
        *decision = if *decision == "deny" {
            "permit"
        } else {
            "deny"
        }
        .into();
    };
    let mut variants = Vec::new();
    for (number, first) in pointers.iter().enumerate() {
        for second in &pointers[number..] {
            let mut variant = pack.clone();
            flip(&mut variant, first);
            if first != second {
                flip(&mut variant, second);
            }
            variants.push((format!("{first}, {second}"), variant));
        }
    }
    let others = [
        ("/rules/0/removal/term", json!({ "calendar_days": 29 })),
        ("/rules/1/removal/term", json!({ "by": "2024-03-29" })),
        ("/rules/1/service/basis", json!("X-TWO-APPS#1")),
        (
            "/calendar/holidays",
            json!([{ "date": "2024-03-05" }, { "date": "2024-12-25" }]),
        ),
        ("/service_device/facts", json!(["ownership"])),
    ];
    for (pointer, value) in others {
        let mut variant = pack.clone();
        *variant.pointer_mut(pointer).unwrap() = value;
        variants.push((pointer.to_owned(), variant));
    }
    variants
}
