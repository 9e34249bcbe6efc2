//! `docs/mdm.md` names the keys that the gate reads, all of them, with examples that it takes.
#![expect(clippy::unwrap_used, reason = "a page of another shape fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use octroi_core::Deployment;
use octroi_gate::Managed;

#[test]
fn the_page_names_every_key() {
    let no_such_key = BTreeMap::from([("octroi.no_such_key".to_owned(), String::new())]);
    let all = Managed::read(&no_such_key).unwrap_err().expected;
    let all: BTreeSet<&str> = all.split('`').skip(1).step_by(2).collect();
    let examples = examples();
    let mut named: BTreeSet<&str> = examples.keys().map(String::as_str).collect();
    // Followed by a policy, so in the text and in no table.
    named.insert("octroi.notified_on.");
    assert_eq!(named, all);
}

#[test]
fn the_gate_takes_the_examples() {
    let managed = Managed::read(&examples()).unwrap();
    let deployment = managed.deployment_over(&Deployment::default());
    assert_ne!(deployment, Deployment::default());
}

/// The examples of the page's tables.
fn examples() -> BTreeMap<String, String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/mdm.md");
    let page = fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| {
        let row = line
            .strip_prefix("| `octroi.")
            .and_then(|line| line.strip_suffix("` |"));
        let (key, rest) = row.and_then(|row| row.split_once("` | "))?;
        let (_, example) = rest.rsplit_once(" | `")?;
        Some((format!("octroi.{key}"), example.to_owned()))
    });
    rows.collect()
}
