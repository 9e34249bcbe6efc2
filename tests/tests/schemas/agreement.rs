//! Schema and strict reader say the same of real documents that somebody changed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use octroi_core::{Code, Fact};
use octroi_tests::choices::{Choices, choices};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::documents;
use crate::form::{Form, lists};
use crate::places::{NO_KEY, NO_WORD, changes, kind, pointers, with};

/// What the readers expect where only they look: whether parts fit together, and the rule of a time zone. What is refused for
/// one of these may pass the schema (`docs/policy-format.md` says so); what is refused for anything else may not.
const BEYOND_SHAPE: [&str; 9] = [
    "a POSIX time zone rule, such as `CET-1CEST,M3.5.0,M10.5.0/3`",
    "a package family name, `Name_publisherid`",
    "an app of `catalogue`",
    "an app that the policy regulates",
    "at least one of `ids`, `schemes` and `developer_signers`",
    "one of the entry's `ids`",
    "one only for an app that is present",
    "the id of one of `directives`",
    "the id of one of `documents`",
];

#[test]
fn a_changed_document_is_taken_by_both_or_by_neither() {
    let mut failures = Vec::new();
    for form in Form::all() {
        let (mut taken, mut refused, mut beyond) = (0, 0, 0);
        each_kind_of_place(&form, |name, document, pointer| {
            for (change, other) in changes(document.pointer(pointer).unwrap()) {
                let changed = with(document, pointer, other);
                let parsed = form.parse(&changed);
                let schema = form.schema.refusal(&changed);
                match (&parsed, &schema) {
                    (Ok(()), None) => taken += 1,
                    (Err(_), Some(_)) => refused += 1,
                    (Err(error), None) if BEYOND_SHAPE.contains(&error.expected.as_str()) => {
                        beyond += 1
                    }
                    _ => failures.push(format!(
                        "{name}{pointer} {change}: {parsed:?}, schema: {schema:?}"
                    )),
                }
            }
        });
        println!(
            "counted: {refused} changes of a {} refused by reader and schema, {taken} taken by both, {beyond} faults beyond its shape",
            form.name
        );
    }
    assert!(
        failures.is_empty(),
        "{}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn keys_and_words_are_those_that_the_readers_list() {
    for form in Form::all() {
        let mut listed = BTreeSet::new();
        each_kind_of_place(&form, |_, document, pointer| {
            let value = document.pointer(pointer).unwrap();
            let mut more = value.clone();
            if let Value::Object(keys) = &mut more {
                keys.insert(NO_KEY.into(), json!("x"));
            }
            for probe in [more, json!(NO_WORD)] {
                let Err(error) = form.parse(&with(document, pointer, probe)) else {
                    continue;
                };
                if error.found.starts_with("unknown field")
                    || error.found.starts_with("unknown word")
                {
                    let list = error
                        .expected
                        .split('`')
                        .skip(1)
                        .step_by(2)
                        .map(str::to_owned);
                    listed.insert(list.collect::<BTreeSet<_>>());
                }
            }
        });
        if form.name == "policy" {
            // What these expect is not a list.
            listed.insert(Code::ALL.iter().map(ToString::to_string).collect());
            listed.insert(
                Fact::ALL
                    .iter()
                    .map(|fact| fact.as_str().to_owned())
                    .collect(),
            );
        }
        let mut said = BTreeSet::new();
        lists(&form.schema.json, "properties", &mut said);
        lists(&form.schema.json, "enum", &mut said);
        assert_eq!(said, listed, "{}", form.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// An editor that calls a right document wrong is worse than none.
    #[test]
    fn what_the_reader_takes_the_schema_takes(mut choices in choices()) {
        for (form, documents) in REAL.iter() {
            let (name, document) = any_of(&mut choices, documents);
            let mut changed = document.clone();
            for _ in 0..=choices.below(3) {
                let places = pointers(&changed);
                let place = any_of(&mut choices, &places).clone();
                let others = changes(changed.pointer(&place).unwrap());
                let (_, other) = any_of(&mut choices, &others).clone();
                let before = changed.clone();
                changed = with(&changed, &place, other);
                // Faults hide each other: what is wrong already stays out, so that more than one change can be right.
                if form.parse(&changed).is_err() {
                    changed = before;
                }
            }
            prop_assert_eq!(form.schema.refusal(&changed), None, "{} {}: {}", form.name, name, changed);
        }
    }
}

/// A form, and its documents with where each stands.
type Real = (Form, Vec<(String, Value)>);

static REAL: LazyLock<Vec<Real>> = LazyLock::new(|| {
    let with_documents = |form| {
        let documents = documents::of(&form);
        (form, documents)
    };
    Form::all().into_iter().map(with_documents).collect()
});

/// One of these; there may be more than a byte counts.
fn any_of<'a, T>(choices: &mut Choices, of: &'a [T]) -> &'a T {
    let number = choices.below(256) * 256 + choices.below(256);
    of.get(number % of.len()).unwrap()
}

/// Calls for one place of each kind in the documents of the form.
fn each_kind_of_place(form: &Form, mut call: impl FnMut(&str, &Value, &str)) {
    let mut seen = BTreeSet::new();
    for (name, document) in documents::of(form) {
        for pointer in pointers(&document) {
            if seen.insert(kind(&document, &pointer)) {
                call(&name, &document, &pointer);
            }
        }
    }
}
