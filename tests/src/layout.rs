//! JSON laid out for people: keys in the order in which the formats name them, and on one line what fits there.

use serde_json::Value;

const WIDTH: usize = 120;

/// Keys that are not listed come last, in alphabetical order.
const KEYS: [&str; 71] = [
    // a vector
    "name",
    "policies",
    "stale_since",
    "deployment",
    "record",
    "at",
    "assessment",
    // a record
    "format",
    "device",
    "holder",
    "observations",
    "declarations",
    "impediments",
    "platform",
    "ownership",
    "funding",
    "purchase",
    "subscription",
    "usage",
    "value",
    "declared_at",
    "reason",
    "supervisor_informed_on",
    // an assessment
    "device_id",
    "assessed_at",
    "policy",
    "valid_until",
    "device_class",
    "access",
    "status",
    "assessments",
    "class",
    "because",
    "decision",
    "zone",
    "certain",
    "missing",
    "findings",
    "obligations",
    "reasons",
    "advice",
    "kind",
    "app",
    "presence",
    "evidence",
    "install",
    "due",
    "state",
    "code",
    "basis",
    "interpretation",
    // an observation
    "source",
    "taken_at",
    "scope",
    "complete",
    "apps",
    "absent",
    "not_visible",
    "id",
    "scheme",
    "signers",
    "first_installed",
    "version",
    // a deployment
    "administration",
    "notified_on",
    "when_undetermined",
    "self_declared_facts",
    "declared_absence",
    "declaration_valid_for",
    "observation_valid_for",
    "policy_stale_after",
];

/// The text of a value, with a line break at its end.
#[must_use]
pub fn laid_out(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, indent: usize, before: usize, text: &mut String) {
    let line = on_one_line(value);
    let is_vector = value.get("assessment").is_some();
    if !is_vector && indent > 0 && indent + before + line.chars().count() < WIDTH {
        text.push_str(&line);
        return;
    }
    let parts: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| (String::new(), item)).collect(),
        Value::Object(_) => in_order(value)
            .into_iter()
            .map(|(key, item)| (format!("{}: ", quoted(key)), item))
            .collect(),
        _ => {
            text.push_str(&line);
            return;
        }
    };
    let (open, close) = if value.is_array() {
        ('[', ']')
    } else {
        ('{', '}')
    };
    text.push(open);
    for (position, (key, item)) in parts.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        text.push('\n');
        text.push_str(&" ".repeat(indent + 2));
        text.push_str(key);
        write(item, indent + 2, key.chars().count(), text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(on_one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(keys) if keys.is_empty() => "{}".to_owned(),
        Value::Object(_) => {
            let items: Vec<String> = in_order(value)
                .into_iter()
                .map(|(key, item)| format!("{}: {}", quoted(key), on_one_line(item)))
                .collect();
            format!("{{ {} }}", items.join(", "))
        }
        other => other.to_string(),
    }
}

fn in_order(value: &Value) -> Vec<(&String, &Value)> {
    let mut keys: Vec<(&String, &Value)> = value.as_object().into_iter().flatten().collect();
    let place = |key: &str| {
        KEYS.iter()
            .position(|known| *known == key)
            .unwrap_or(KEYS.len())
    };
    // An entry of a list of apps begins with what names it.
    let named_by = |key: &str| if matches!(key, "id" | "scheme") { 0 } else { 1 };
    keys.sort_by_key(|(key, _)| (named_by(key), place(key)));
    keys
}

fn quoted(key: &str) -> String {
    Value::String(key.to_owned()).to_string()
}
