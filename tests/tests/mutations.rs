//! A policy that says something else turns its own scenarios red: an issuer's directive cannot be lost, a denial cannot become a
//! permit and a term cannot move without somebody noticing. `cargo test -p octroi-tests --test mutations -- --nocapture` lists
//! each change and what noticed it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may unwrap"
)]

use octroi_core::Policy;
use octroi_tests::vectors;
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

fn mutations(pack: &Value) -> Vec<(String, Value)> {
    let mut mutations = Vec::new();
    let mut mutate = |what: String, change: &dyn Fn(&mut Value)| {
        let mut mutant = pack.clone();
        change(&mut mutant);
        assert_ne!(&mutant, pack, "{what} changes nothing");
        mutations.push((what, mutant));
    };
    for (number, directive) in pack["directives"].as_array().unwrap().iter().enumerate() {
        mutate(format!("without directive {}", directive["id"]), &|pack| {
            pack["directives"].as_array_mut().unwrap().remove(number);
        });
    }
    for (at, rule) in pack["rules"].as_array().unwrap().iter().enumerate() {
        let pointers = [
            "/service/decision",
            "/removal/until_due",
            "/removal/after_due",
            "/personal/decision",
        ];
        for pointer in pointers {
            if let Some(decision) = rule.pointer(pointer) {
                let flipped = if decision == "deny" { "permit" } else { "deny" };
                mutate(format!("rule {at}: {pointer} becomes {flipped}"), &|pack| {
                    *pack["rules"][at].pointer_mut(pointer).unwrap() = flipped.into();
                });
            }
        }
        if let Some(days) = rule
            .pointer("/removal/term/working_days")
            .and_then(Value::as_u64)
        {
            for shifted in [days - 1, days + 1] {
                mutate(
                    format!("rule {at}: {shifted} working days instead of {days}"),
                    &|pack| {
                        pack["rules"][at]["removal"]["term"]["working_days"] = shifted.into();
                    },
                );
            }
            mutate(format!("rule {at}: calendar days"), &|pack| {
                pack["rules"][at]["removal"]["term"] = serde_json::json!({ "calendar_days": days });
            });
            for day in ["2023-03-26", "2023-03-28"] {
                mutate(format!("notified on {day}"), &|pack| {
                    pack["notified_on"] = day.into();
                });
            }
            mutate("a working week to Saturday".into(), &|pack| {
                pack["calendar"]["working_week"] = "mon-sat".into();
            });
        }
        for part in ["removal", "impediment"] {
            if rule.get(part).is_some() {
                mutate(format!("rule {at}: without {part}"), &|pack| {
                    pack["rules"][at].as_object_mut().unwrap().remove(part);
                });
            }
        }
    }
    for (at, fact) in pack["service_device"]["facts"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        mutate(format!("{fact} makes no service device"), &|pack| {
            pack["service_device"]["facts"]
                .as_array_mut()
                .unwrap()
                .remove(at);
        });
    }
    for day in ["2023-03-26", "2023-03-28"] {
        mutate(format!("in force from {day}"), &|pack| {
            pack["in_force_from"]["date"] = day.into();
        });
    }
    mutate("without review".into(), &|pack| {
        pack.as_object_mut().unwrap().remove("review");
    });
    mutations
}
