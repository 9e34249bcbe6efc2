//! Policies that say something else than the one they are made from.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may unwrap"
)]

use serde_json::Value;

/// What was changed in a pack with one rule and a review, and the pack as it is then.
///
/// # Panics
///
/// If the pack is none, or if a change changes nothing.
#[must_use]
pub fn mutations(pack: &Value) -> Vec<(String, Value)> {
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
