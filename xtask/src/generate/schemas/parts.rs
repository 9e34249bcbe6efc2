//! What schemas are made of.

use serde_json::{Map, Value, json};

/// Where definitions stand in a schema.
pub(super) const DEFINITIONS: &str = "#/$defs/";

/// A key of an object.
pub(super) struct Key {
    name: &'static str,
    schema: Value,
    required: bool,
}

/// A key that an object must have.
pub(super) fn key(name: &'static str, says: &str, schema: Value) -> Key {
    Key {
        name,
        schema: described(says, schema),
        required: true,
    }
}

/// A key that may be left out.
pub(super) fn optional(name: &'static str, says: &str, schema: Value) -> Key {
    Key {
        required: false,
        ..key(name, says, schema)
    }
}

/// An object with these keys and no others: an input.
pub(super) fn closed<const N: usize>(keys: [Key; N]) -> Value {
    with(open(keys), "additionalProperties", json!(false))
}

/// An object with these keys, to which a later version may add: an output.
pub(super) fn open<const N: usize>(keys: [Key; N]) -> Value {
    let required: Vec<_> = keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let properties: Map<_, _> = keys
        .into_iter()
        .map(|key| (key.name.to_owned(), key.schema))
        .collect();
    let schema = json!({ "type": "object", "properties": properties });
    if required.is_empty() {
        return schema;
    }
    with(schema, "required", json!(required))
}

/// An object with one of these keys alone.
pub(super) fn one_of<const N: usize>(keys: [Key; N]) -> Value {
    let schema = with(closed(keys), "minProperties", json!(1));
    with(schema, "maxProperties", json!(1))
}

/// An object with names of its own.
pub(super) fn map(names: Value, values: Value) -> Value {
    json!({ "type": "object", "propertyNames": names, "additionalProperties": values })
}

pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// A list of at least one thing.
pub(super) fn some(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}

/// A list of at least one thing, each once.
pub(super) fn set(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1, "uniqueItems": true })
}

pub(super) fn any<const N: usize>(schemas: [Value; N]) -> Value {
    json!({ "anyOf": schemas.to_vec() })
}

/// What may be known to be nothing, in an output.
pub(super) fn nullable(schema: Value) -> Value {
    any([schema, json!({ "type": "null" })])
}

/// One of these words.
pub(super) fn words<const N: usize>(words: [&str; N]) -> Value {
    json!({ "type": "string", "enum": words.to_vec() })
}

pub(super) fn text_like(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

pub(super) fn whole(least: i64, most: i64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

pub(super) fn truth() -> Value {
    json!({ "type": "boolean" })
}

/// A definition.
pub(super) fn named(name: &str) -> Value {
    json!({ "$ref": format!("{DEFINITIONS}{name}") })
}

pub(super) fn described(says: &str, schema: Value) -> Value {
    with(schema, "description", json!(says))
}

/// The schema with a keyword more.
pub(super) fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert(keyword.to_owned(), value);
    }
    schema
}
