//! A policy that says something else turns its own scenarios red: an issuer's directive cannot be lost, a denial cannot become a
//! permit and a term cannot move without somebody noticing. `cargo test -p octroi-tests --test mutations -- --nocapture` lists
//! each change and what noticed it.

use octroi_core::Policy;
use octroi_tests::{mutations::mutations, vectors};
use serde_json::Value;

#[test]
fn every_change_of_a_policy_is_noticed() {
    let (mut noticed, mut unnoticed) = (0, Vec::new());
    for id in ["be-brussels-local", "be-brussels-region"] {
        let pack: Value = serde_json::from_str(&vectors::pack(id).unwrap()).unwrap();
        assert_eq!(
            notice(&pack),
            None,
            "{id} turns its scenarios red as it stands"
        );
        let mutations = mutations(&pack);
        assert!(mutations.len() > 8, "only {} mutations", mutations.len());
        for (what, mutant) in mutations {
            match notice(&mutant) {
                Some(by) => {
                    noticed += 1;
                    println!("{id}: {what}: noticed by {by}");
                }
                None => unnoticed.push(format!("{id}: {what}")),
            }
        }
    }
    println!("counted: {noticed} changes of a policy, each noticed");
    assert!(unnoticed.is_empty(), "unnoticed:\n{}", unnoticed.join("\n"));
}

/// What notices that the policy is not as it should be, if anything does.
fn notice(pack: &Value) -> Option<String> {
    let policy = match Policy::from_json(pack.to_string().as_bytes()) {
        Ok(policy) => policy,
        Err(error) => return Some(format!("the parser ({error})")),
    };
    let mut failing = policy
        .document()
        .scenarios
        .iter()
        .filter(|scenario| !scenario.play(&policy).is_empty());
    let first = failing.next()?;
    Some(format!(
        "{} scenarios, the first “{}”",
        failing.count() + 1,
        first.situation
    ))
}
