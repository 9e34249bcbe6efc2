//! JSON Schemas of the forms, for editors and for whoever makes or reads a form in another language.
//!
//! Written by hand, because much of what the strict readers take is known to their code alone. That the two agree is tested in
//! `tests/tests/schemas/`, key by key and word by word. Only keywords that mean the same in older drafts are used, and nothing
//! counts that stands beside a `$ref` but its description: editors of TOML lag behind.

mod appraisal;
mod assessment;
mod deployment;
mod parts;
mod policy;
mod record;
mod scenario;
mod shared;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::Output;
use crate::workspace::Workspace;

/// Beside the command, which prints them.
const FOLDER: &str = "cli/schemas";

/// A schema for each form, and one for the files that a pack is put together from.
pub(super) fn generate(_: &Workspace) -> Result<Output> {
    let forms = [
        ("policy", "A policy", policy::schema()),
        (
            "policy-part",
            "A file of a policy's pack: some of its keys",
            part(policy::schema()),
        ),
        (
            "deployment",
            "What one administration sets",
            deployment::schema(),
        ),
        ("record", "What is known of one device", record::schema()),
        (
            "assessment",
            "What was decided for one device",
            assessment::schema(),
        ),
        (
            "appraisal",
            "What a server found of a phone's statement",
            appraisal::schema(),
        ),
    ];
    let mut files = Vec::new();
    for (name, title, schema) in forms {
        let path = Path::new(FOLDER).join(format!("{name}.schema.json"));
        let mut text = serde_json::to_string_pretty(&document(title, schema)?)
            .with_context(|| format!("the schema `{name}` cannot be written"))?;
        text.push('\n');
        files.push((path, text));
    }
    Ok(Output {
        files,
        folders: vec![FOLDER.into()],
    })
}

/// A pack's keys stand in several files: none of them can be missed in one.
fn part(mut policy: Value) -> Value {
    if let Some(schema) = policy.as_object_mut() {
        schema.remove("required");
    }
    policy
}

/// The schema with a head, and with every definition that it needs.
fn document(title: &str, mut schema: Value) -> Result<Value> {
    let definitions = definitions(&schema)?;
    let Some(keys) = schema.as_object_mut() else {
        bail!("the schema of `{title}` is no object");
    };
    keys.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    keys.insert("title".to_owned(), json!(title));
    keys.insert("$defs".to_owned(), Value::Object(definitions));
    Ok(schema)
}

fn definitions(schema: &Value) -> Result<Map<String, Value>> {
    let mut found = Map::new();
    let mut wanted = BTreeSet::new();
    references(schema, &mut wanted);
    while let Some(name) = wanted.pop_first() {
        if !found.contains_key(&name) {
            let Some(definition) = shared::definition(&name) else {
                bail!("the definition `{name}` is missing");
            };
            references(&definition, &mut wanted);
            found.insert(name, definition);
        }
    }
    Ok(found)
}

fn references(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keys) => {
            let name = keys.get("$ref").and_then(Value::as_str);
            names.extend(name.and_then(|name| Some(name.strip_prefix(parts::DEFINITIONS)?.into())));
            keys.values().for_each(|value| references(value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_brings_the_definitions_it_needs_and_no_others() {
        let schema = json!({ "items": parts::named("text") });
        let document = document("a list of texts", schema).unwrap();
        let names: Vec<_> = document["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["non_empty", "text"]);
        assert!(definitions(&parts::named("no_such")).is_err());
    }

    #[test]
    fn a_part_misses_no_key() {
        let part = part(policy::schema());
        assert_eq!(part.get("required"), None);
        assert_eq!(part["properties"], policy::schema()["properties"]);
    }
}
