//! Nobody reads assessments here, so their schema is held against those that are expected of the vectors.

use std::collections::BTreeSet;

use octroi_core::{
    ClassName, Decision, Fact, Install, NetworkZone, ObligationKind, ObligationState, Presence,
    Status,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::documents::all_vectors;
use crate::form::{Schema, lists};
use crate::places::{NO_KEY, NO_WORD, kind, pointers, with};

#[test]
fn every_expected_assessment_is_taken() {
    let schema = Schema::committed("assessment");
    for (name, vector) in all_vectors() {
        assert_eq!(schema.refusal(&vector.assessment), None, "{name}");
    }
}

#[test]
fn a_key_less_is_refused_and_a_key_more_is_not() {
    let schema = Schema::committed("assessment");
    let (mut seen, mut keys_seen, mut count) = (BTreeSet::new(), BTreeSet::new(), 0);
    for (name, vector) in all_vectors() {
        for pointer in pointers(&vector.assessment) {
            if !seen.insert(kind(&vector.assessment, &pointer)) {
                continue;
            }
            let value = vector.assessment.pointer(&pointer).unwrap();
            let changed = |other| schema.takes(&with(&vector.assessment, &pointer, other));
            assert!(!changed(json!(70_000.5)), "{name}{pointer}: a number");
            let Value::Object(keys) = value else { continue };
            let mut more = keys.clone();
            more.insert(NO_KEY.into(), json!("of a later version"));
            assert!(changed(more.into()), "{name}{pointer}: one key more");
            keys_seen.insert(keys.keys().cloned().collect::<BTreeSet<_>>());
            for key in keys.keys() {
                let mut less = keys.clone();
                less.remove(key);
                assert!(!changed(less.into()), "{name}{pointer}: without `{key}`");
                count += 1;
            }
        }
    }
    println!("counted: {count} keys that an assessment must have");
    let mut said = BTreeSet::new();
    lists(&schema.json, "properties", &mut said);
    assert_eq!(said, keys_seen);
}

#[test]
fn its_words_are_those_of_the_core() {
    fn words<T: DeserializeOwned>() -> BTreeSet<String> {
        let error = serde_json::from_value::<T>(json!(NO_WORD))
            .err()
            .unwrap()
            .to_string();
        let (_, listed) = error.split_once("expected ").unwrap();
        listed
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }
    let facts = Fact::ALL
        .iter()
        .map(|fact| fact.as_str().to_owned())
        .collect();
    let mut said = BTreeSet::new();
    lists(&Schema::committed("assessment").json, "enum", &mut said);
    let core = BTreeSet::from([
        words::<ClassName>(),
        words::<Decision>(),
        words::<Install>(),
        words::<NetworkZone>(),
        words::<ObligationKind>(),
        words::<ObligationState>(),
        words::<Presence>(),
        words::<Status>(),
        facts,
    ]);
    assert_eq!(said, core);
}
