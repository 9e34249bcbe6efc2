//! What leaves the phone decides as the whole would, whatever the policies say.

use std::collections::BTreeSet;

use octroi_core::{Deployment, Instant, Policies, Record, assess};
use octroi_tests::choices::{Choices, choices};
use octroi_tests::core_side::Both;
use octroi_tests::{issuers, situations};
use proptest::prelude::*;
use serde_json::{Value, json};

const CASES: u32 = 1500;

struct Situation {
    wire: Vec<Value>,
    record: String,
    deployment: Value,
    at: Instant,
}

impl Situation {
    fn new(choices: &mut Choices) -> Self {
        let wire = issuers::policies(choices, false);
        let mut record = situations::record(choices, &wire);
        // What people have on their phones, and no policy names.
        for observation in record["observations"].as_array_mut().unwrap() {
            if choices.once_in(2) {
                let apps = observation["apps"].as_array_mut().unwrap();
                apps.push(
                    json!({ "id": "org.stranger", "version": "stranger-1", "name": "A stranger" }),
                );
            }
            if choices.once_in(3) {
                let absent = observation["absent"].as_array_mut().unwrap();
                absent.extend([json!("org.stranger.two"), json!({ "scheme": "stranger" })]);
            }
        }
        record["device"]["id"] = json!("stranger-device");
        Self {
            record: record.to_string(),
            deployment: situations::deployment(choices, &wire),
            at: Instant::parse(&situations::instant(choices)).unwrap(),
            wire,
        }
    }

    fn policies(&self) -> Policies {
        Both::read(self.wire.clone()).unwrap().policies
    }

    fn deployment(&self) -> Deployment {
        Deployment::from_json(self.deployment.to_string().as_bytes()).unwrap()
    }
}

/// Everything of an assessment but how a presence was known: a list that lacks an app is told as identifiers that are not there.
fn judged(policies: &Policies, record: &Record<'_>, deployment: &Deployment, at: Instant) -> Value {
    let assessment = assess(policies, record, deployment, at);
    let mut judged = serde_json::to_value(&assessment).unwrap();
    judged["device_id"] = Value::Null;
    for policy in judged["assessments"].as_array_mut().unwrap() {
        for finding in policy["findings"].as_array_mut().unwrap() {
            finding["evidence"] = Value::Null;
        }
    }
    judged
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reduced_record_decides_as_the_whole(mut choices in choices()) {
        let situation = Situation::new(&mut choices);
        let (policies, deployment) = (situation.policies(), situation.deployment());
        let whole = Record::from_json(situation.record.as_bytes(), &policies).unwrap();
        let json = whole.reduced(&policies).to_json();
        let reduced = Record::from_json(json.as_bytes(), &policies).unwrap();
        let judge = |record: &Record<'_>, at| judged(&policies, record, &deployment, at);
        for at in [situation.at, Instant::from_unix_seconds(situation.at.unix_seconds() + 30 * 86_400)] {
            prop_assert_eq!(judge(&whole, at), judge(&reduced, at), "{}\n{}", situation.record, json);
        }
        prop_assert_eq!(reduced.reduced(&policies).to_json(), json, "reduced again");
    }

    #[test]
    fn nothing_that_no_policy_names_is_left(mut choices in choices()) {
        let situation = Situation::new(&mut choices);
        let policies = situation.policies();
        let whole = Record::from_json(situation.record.as_bytes(), &policies).unwrap();
        let reduced: Value = serde_json::from_str(&whole.reduced(&policies).to_json()).unwrap();
        let mut known = BTreeSet::from(["not named".to_owned()]);
        for policy in &situation.wire {
            for entry in policy["catalogue"].as_object().unwrap().values() {
                strings(entry, &mut known);
            }
        }
        for observation in reduced["observations"].as_array().into_iter().flatten() {
            for key in ["apps", "absent", "not_visible"] {
                for item in observation[key].as_array().into_iter().flatten() {
                    let text = ["id", "scheme", "name"].iter().find_map(|key| item[key].as_str());
                    let text = text.or(item.as_str()).unwrap();
                    // On Windows a name is written with its publisher or without.
                    let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(text) || known.starts_with(&format!("{text}_")));
                    prop_assert!(is_known, "{}", text);
                    prop_assert!(item.get("version").is_none());
                }
            }
        }
        prop_assert!(!reduced.to_string().contains("stranger"));
    }

    #[test]
    fn a_record_that_is_written_is_read_again_as_the_same(mut choices in choices()) {
        let situation = Situation::new(&mut choices);
        let policies = situation.policies();
        let record = Record::from_json(situation.record.as_bytes(), &policies).unwrap();
        let json = record.to_json();
        prop_assert_eq!(&Record::from_json(json.as_bytes(), &policies).unwrap(), &record);
    }
}

fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(entries) => entries.values().for_each(|item| strings(item, found)),
        _ => {}
    }
}
