//! The scenarios of every pack, those that are not embedded too, turn out as their authors wrote.

use std::fs;

use octroi_core::Policy;
use octroi_tests::vectors;

#[test]
fn every_scenario_of_every_pack_turns_out_as_written() {
    let mut count = 0;
    let mut failures = Vec::new();
    for folder in [
        vectors::folder().join("../../core/packs"),
        vectors::folder().join("packs"),
    ] {
        for entry in fs::read_dir(folder).unwrap() {
            let policy = Policy::from_json(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
            for scenario in &policy.document().scenarios {
                count += 1;
                for mismatch in scenario.play(&policy) {
                    failures.push(format!(
                        "{}: {}: {mismatch}",
                        policy.id(),
                        scenario.situation
                    ));
                }
            }
        }
    }
    println!("counted: {count} scenarios");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= 90, "only {count} scenarios were found");
}
