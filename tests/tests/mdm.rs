//! `docs/mdm.md` names the keys of the deployment and of the record, all of them, with examples that those forms take.
#![expect(
    clippy::unwrap_used,
    reason = "a page or a form of another shape fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use octroi_core::{Deployment, Policies, Record, embedded};
use serde_json::{Value, json};

/// The keys whose values are lists.
const LISTS: [&str; 4] = ["policies", "extra_holidays", "internal_hosts", "roles"];

#[test]
fn the_deployment_has_these_keys_and_takes_the_examples() {
    let mut keys = nested();
    keys.remove("device").unwrap();
    keys.remove("holder").unwrap();
    let named: BTreeSet<String> = keys.keys().cloned().collect();
    let all = Deployment::from_json(br#"{ "no_such_key": 1 }"#)
        .unwrap_err()
        .expected;
    let all: BTreeSet<String> = all
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert_eq!(named, all);
    Deployment::from_json(json!(keys).to_string().as_bytes()).unwrap();
}

#[test]
fn the_record_takes_the_examples() {
    let mut keys = nested();
    let mut device = keys.remove("device").unwrap();
    device["platform"] = json!("android");
    let record = json!({ "device": device, "holder": keys.remove("holder").unwrap() });
    let policies = Policies::new(embedded().unwrap().to_vec()).unwrap();
    Record::from_json(record.to_string().as_bytes(), &policies).unwrap();
}

/// The examples of the page's tables, nested by the parts of their keys.
fn nested() -> BTreeMap<String, Value> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/mdm.md");
    let mut root = json!({});
    for line in fs::read_to_string(page).unwrap().lines() {
        let cells = line
            .strip_prefix("| `octroi.")
            .and_then(|line| line.strip_suffix("` |"));
        let Some((key, rest)) = cells.and_then(|line| line.split_once("` | ")) else {
            continue;
        };
        let (_, example) = rest.rsplit_once(" | `").unwrap();
        let last = key.rsplit('.').next().unwrap();
        let value = if LISTS.contains(&last) {
            example.split(", ").collect::<Value>()
        } else {
            json!(example)
        };
        *key.split('.')
            .fold(&mut root, |place, part| &mut place[part]) = value;
    }
    serde_json::from_value(root).unwrap()
}
