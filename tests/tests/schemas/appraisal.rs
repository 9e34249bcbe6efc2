//! What the command prints of statements, held against its schema.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::form::{Schema, root};
use crate::places::{NO_KEY, pointers, with};

/// What it prints for programs, as its own tests have it.
fn printed() -> Vec<Value> {
    let commands = fs::read_to_string(root().join("cli/tests/commands/evidence.md")).unwrap();
    let blocks = commands.split("```").filter_map(|block| {
        let (_, json) = block.split_once("\n{\n")?;
        serde_json::from_str(&format!("{{\n{json}")).ok()
    });
    blocks.collect()
}

/// A program that was written after the schema reads what is printed, and what a later version prints.
#[test]
fn what_is_printed_of_a_statement_is_taken_and_nothing_less() {
    let schema = Schema::committed("appraisal");
    let mut kinds = BTreeSet::new();
    for document in printed() {
        assert_eq!(schema.refusal(&document), None, "{document:#}");
        kinds.insert(document.get("refused").is_some());
        for pointer in pointers(&document) {
            let Some(Value::Object(keys)) = document.pointer(&pointer) else {
                continue;
            };
            let mut more = keys.clone();
            more.insert(NO_KEY.into(), json!("of a later version"));
            assert!(schema.takes(&with(&document, &pointer, more.into())));
            for key in keys.keys() {
                let mut less = keys.clone();
                less.remove(key);
                let less = with(&document, &pointer, less.into());
                assert!(!schema.takes(&less), "{pointer}: without `{key}`");
            }
        }
    }
    assert_eq!(kinds.len(), 2, "one that counts, and one that does not");
}
