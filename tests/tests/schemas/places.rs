//! The places in a document, and what may be put there instead.

use serde_json::{Value, json};

/// The word that stands where no word is known.
pub(crate) const NO_WORD: &str = "no such word";

/// The key that no object has.
pub(crate) const NO_KEY: &str = "no_such_key";

/// The JSON pointers of all values in the document, its top included.
pub(crate) fn pointers(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = vec![(String::new(), document)];
    while let Some((pointer, value)) = rest.pop() {
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                rest.extend(items.map(|(at, item)| (format!("{pointer}/{at}"), item)));
            }
            Value::Object(keys) => rest.extend(keys.iter().map(|(key, value)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                (format!("{pointer}/{key}"), value)
            })),
            _ => {}
        }
        found.push(pointer);
    }
    found
}

/// What a place is, whichever the element of an array, and what kind of value stands there.
pub(crate) fn kind(document: &Value, pointer: &str) -> String {
    let names: Vec<_> = pointer
        .split('/')
        .map(|step| {
            if step.parse::<usize>().is_ok() {
                "*"
            } else {
                step
            }
        })
        .collect();
    let value = match document.pointer(pointer) {
        Some(Value::Object(keys)) => format!("{:?}", keys.keys().collect::<Vec<_>>()),
        Some(Value::String(_)) => "string".into(),
        Some(Value::Array(_)) => "array".into(),
        _ => "other".into(),
    };
    format!("{} {value}", names.join("/"))
}

/// The document with another value at a place.
pub(crate) fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = document.clone();
    *changed.pointer_mut(pointer).unwrap() = value;
    changed
}

/// What else may stand at a place, with what was done: a key more, each key less, values of every type, malformed words.
pub(crate) fn changes(value: &Value) -> Vec<(String, Value)> {
    let mut changes: Vec<(String, Value)> = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(70_000),
        json!(""),
        json!(NO_WORD),
        json!("Upper/Case"),
        json!("2023-3-28"),
        json!("28/03/2023"),
        json!("2023-03-28T08:00:00"),
        json!("2023-03-28T08:00:00+02:00"),
        json!("2023-03-28"),
        json!("P7d"),
        json!("PT90S"),
        json!("P0W1DT0M"),
        json!("sha256:00"),
        json!("sha1:d79f7cb8509a5e7e71c4f2afcfb75ea8c87177ca"),
        json!("-x.example"),
        json!("com.exa mple;*"),
        json!("com.Example_2.app"),
        json!("com.example-2"),
        json!("https://x"),
        json!("::"),
        json!("2001:db8::5:0"),
        json!("1:2:3:4:5:6:7::"),
        json!("1:2:3:4:5:6:7:8:9"),
        json!("1::2::3"),
        json!("::ffff:10.0.0.5"),
        json!("[::1]"),
        json!("x-example+1.0"),
        json!([]),
        json!({}),
        json!([value, value]),
        json!([value]),
        json!({ NO_KEY: value }),
    ]
    .into_iter()
    .map(|other| (format!("becomes {other}"), other))
    .collect();
    if let Value::Object(keys) = value {
        let mut more = keys.clone();
        more.insert(NO_KEY.into(), json!("x"));
        changes.push((format!("gets `{NO_KEY}`"), more.into()));
        for key in keys.keys() {
            let mut less = keys.clone();
            less.remove(key);
            changes.push((format!("loses `{key}`"), less.into()));
        }
    }
    changes
}
