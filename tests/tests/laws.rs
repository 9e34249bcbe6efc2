//! What holds of every verdict, whatever the policies say. `PROPTEST_CASES` sets how many situations are tried.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use octroi_core::Instant;
use octroi_tests::choices::{Choices, choices};
use octroi_tests::core_side::Both;
use octroi_tests::issuers;
use octroi_tests::situations;
use proptest::prelude::*;
use serde_json::{Value, json};

const CASES: u32 = 1500;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(CASES),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

struct Situation {
    both: Both,
    record: Value,
    deployment: Value,
    at: String,
}

impl Situation {
    fn new(choices: &mut Choices, shared_catalogue: bool) -> Self {
        let wire = issuers::policies(choices, shared_catalogue);
        let record = situations::record(choices, &wire);
        let deployment = situations::deployment(choices, &wire);
        let at = situations::instant(choices);
        let both = Both::read(wire).unwrap();
        Situation {
            both,
            record,
            deployment,
            at,
        }
    }

    fn assess(&self) -> Value {
        self.both
            .core(&self.record, &self.deployment, &self.at)
            .unwrap()
    }

    fn assess_at(&self, at: &str) -> Value {
        self.both.core(&self.record, &self.deployment, at).unwrap()
    }

    fn with_record(&self, record: Value) -> Self {
        Situation {
            both: self.both.clone(),
            record,
            deployment: self.deployment.clone(),
            at: self.at.clone(),
        }
    }

    fn with_policies(&self, wire: Vec<Value>) -> Self {
        Situation {
            both: Both::read(wire).unwrap(),
            record: self.record.clone(),
            deployment: self.deployment.clone(),
            at: self.at.clone(),
        }
    }
}

/// The joint verdict and every policy's own: each has `access`, `status` and `valid_until`.
fn verdicts(assessment: &Value) -> Vec<&Value> {
    let own = assessment["assessments"].as_array().unwrap();
    std::iter::once(assessment).chain(own).collect()
}

fn decision_and_status(verdict: &Value) -> (&Value, &Value) {
    (&verdict["access"]["decision"], &verdict["status"])
}

fn presences(assessment: &Value) -> Vec<(&Value, &Value, &Value)> {
    let mut presences = Vec::new();
    for own in assessment["assessments"].as_array().unwrap() {
        for finding in own["findings"].as_array().unwrap() {
            presences.push((&finding["app"], &finding["presence"], &finding["install"]));
        }
    }
    presences
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn core_and_reference_agree(mut choices in choices()) {
        let situation = Situation::new(&mut choices, false);
        let agreed = situation.both.agreed(&situation.record, &situation.deployment, &situation.at);
        prop_assert!(agreed.is_ok(), "{}\n{}", agreed.unwrap_err(), json!(situation.both.wire));
    }

    #[test]
    fn one_policy_alone_is_its_own_joint_verdict(mut choices in choices()) {
        let situation = Situation::new(&mut choices, false);
        let alone = situation.with_policies(situation.both.wire[..1].to_vec());
        let Ok(together) = alone.both.core(&alone.record, &alone.deployment, &alone.at) else {
            return Ok(()); // it speaks of an app that this policy does not know
        };
        for key in ["access", "status", "valid_until"] {
            prop_assert_eq!(&together[key], &together["assessments"][0][key]);
        }
    }

    #[test]
    fn settling_a_fact_changes_no_certain_decision(mut choices in choices()) {
        let situation = Situation::new(&mut choices, false);
        let before = situation.assess();
        for (pointer, values) in [
            ("/ownership", ["personal", "organization"]),
            ("/funding/purchase", ["none", "partial"]),
            ("/funding/subscription", ["none", "full"]),
            ("/funding/usage", ["none", "partial"]),
        ] {
            let name = pointer[1..].replace('/', ".");
            let unknown = before["assessments"].as_array().unwrap().iter().any(|own| {
                own["device_class"]["missing"].as_array().unwrap().contains(&json!(name))
            });
            for value in values.into_iter().filter(|_| unknown) {
                let mut record = situation.record.clone();
                let (parent, key) = pointer.rsplit_once('/').unwrap();
                let device = record.pointer_mut(&format!("/device{parent}")).unwrap().as_object_mut().unwrap();
                device.insert(key.to_owned(), json!({ "value": value, "source": "mdm" }));
                let after = situation.with_record(record).assess();
                for (before, after) in verdicts(&before).into_iter().zip(verdicts(&after)) {
                    if before["access"]["certain"] == true {
                        prop_assert_eq!(&before["access"]["decision"], &after["access"]["decision"], "{} {}", name, value);
                        prop_assert_eq!(&after["access"]["certain"], true);
                    }
                }
            }
        }
    }

    #[test]
    fn settling_an_app_changes_no_certain_decision(mut choices in choices()) {
        let situation = Situation::new(&mut choices, false);
        let before = situation.assess();
        let app = choices.one(&situations::APPS);
        let installed = "2030-01-01T00:00:00Z"; // what was not seen has no benefit of the doubt
        for observation in [
            json!({ "apps": [{ "id": format!("org.{app}"), "first_installed": installed }] }),
            json!({ "apps": [{ "id": format!("Org.{app}"), "first_installed": installed }] }),
            json!({ "apps": [{ "scheme": app, "first_installed": installed }] }),
            json!({ "apps": [{ "name": app, "first_installed": installed }] }),
            json!({ "taken_at": situation.at, "complete": true,
                "apps": [{ "id": "org.other", "signers": situations::STRANGERS }] }),
        ] {
            let mut record = situation.record.clone();
            record["observations"].as_array_mut().unwrap().push(observation);
            let after = situation.with_record(record).assess();
            // Only what was unknown may have been settled: what was known must be as it was.
            let settles = presences(&before)
                .into_iter()
                .zip(presences(&after))
                .all(|(before, after)| before.1 == "unknown" || before == after);
            if settles {
                for (before, after) in verdicts(&before).into_iter().zip(verdicts(&after)) {
                    if before["access"]["certain"] == true {
                        prop_assert_eq!(&before["access"]["decision"], &after["access"]["decision"]);
                        prop_assert_eq!(&after["access"]["certain"], true);
                    }
                }
            }
        }
    }

    #[test]
    fn a_further_policy_opens_nothing(mut choices in choices()) {
        let situation = Situation::new(&mut choices, true);
        let all = situation.assess();
        for count in 1..situation.both.wire.len() {
            let fewer = situation.with_policies(situation.both.wire[..count].to_vec());
            let Ok(fewer) = fewer.both.core(&fewer.record, &fewer.deployment, &fewer.at) else { continue };
            if fewer["access"]["decision"] == "deny" {
                prop_assert_eq!(&all["access"]["decision"], "deny");
            }
            if fewer["access"]["zone"] == "personal" {
                prop_assert_ne!(&all["access"]["zone"], "service");
            }
        }
    }

    #[test]
    fn order_does_not_matter(mut choices in choices()) {
        let situation = Situation::new(&mut choices, false);
        let before = situation.assess();
        let mut record = situation.record.clone();
        let observations = record["observations"].as_array_mut().unwrap();
        *observations = choices.shuffled(std::mem::take(observations));
        for observation in observations {
            for key in ["apps", "absent", "not_visible"] {
                let items = observation[key].as_array_mut().unwrap();
                *items = choices.shuffled(std::mem::take(items));
            }
        }
        for fact in ["/device/ownership", "/device/funding/purchase", "/device/funding/usage"] {
            if let Some(Value::Array(statements)) = record.pointer_mut(fact) {
                statements.reverse();
            }
        }
        let mut wire = situation.both.wire.clone();
        for policy in &mut wire {
            for (_, entry) in policy["catalogue"].as_object_mut().unwrap() {
                let groups = entry["identifiers"].as_array_mut().unwrap();
                *groups = choices.shuffled(std::mem::take(groups));
                for group in groups {
                    if let Some(Value::Array(ids)) = group.get_mut("ids") {
                        ids.reverse();
                    }
                }
            }
        }
        let order: Vec<usize> = choices.shuffled((0..wire.len()).collect());
        let wire = order.iter().map(|position| wire[*position].clone()).collect();
        let after = situation.with_record(record).with_policies(wire).assess();

        for key in ["status", "valid_until"] {
            prop_assert_eq!(&before[key], &after[key]);
        }
        for key in ["decision", "zone", "certain"] {
            prop_assert_eq!(&before["access"][key], &after["access"][key]);
        }
        let missing = |assessment: &Value| {
            let mut names: Vec<String> = assessment["access"]["missing"].as_array().unwrap().iter().map(Value::to_string).collect();
            names.sort();
            names
        };
        prop_assert_eq!(missing(&before), missing(&after));
        for (place, position) in order.into_iter().enumerate() {
            prop_assert_eq!(&after["assessments"][place], &before["assessments"][position]);
        }
    }

    #[test]
    fn valid_until_is_exact(mut choices in choices()) {
        let situation = Situation::new(&mut choices, false);
        let now = situation.assess();
        let probes: Vec<String> = (0..6)
            .map(|_| situations::instant(&mut choices))
            .chain(["2024-05-20T00:00:00Z", "2031-01-01T00:00:00Z"].map(str::to_owned))
            .collect();
        for (position, verdict) in verdicts(&now).into_iter().enumerate() {
            let at = |at: &str| {
                let then = situation.assess_at(at);
                let then = verdicts(&then)[position];
                (then["access"]["decision"].clone(), then["status"].clone())
            };
            let today = decision_and_status(verdict);
            let today = (today.0.clone(), today.1.clone());
            let until = verdict["valid_until"].as_str();
            if let Some(until) = until {
                let seconds = Instant::parse(until).unwrap().unix_seconds();
                let before = Instant::from_unix_seconds(seconds - 1).to_string();
                prop_assert_eq!(&at(&before), &today, "one second before");
                prop_assert_ne!(&at(until), &today, "at the instant itself");
            }
            let start = Instant::parse(&situation.at).unwrap();
            for probe in &probes {
                let instant = Instant::parse(probe).unwrap();
                if instant > start && until.is_none_or(|until| instant < Instant::parse(until).unwrap()) {
                    prop_assert_eq!(&at(probe), &today, "at {}, before {:?}", probe, until);
                }
            }
        }
    }
}
