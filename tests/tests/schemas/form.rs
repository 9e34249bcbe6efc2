//! A form: its schema, and its strict reader.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::Validator;
use octroi_core::{Deployment, Policies, Policy, ReadError, Record, embedded};
use serde_json::Value;

/// A form that octroi reads.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) schema: Schema,
    pub(crate) read: fn(&[u8]) -> Result<(), ReadError>,
}

/// A committed schema.
pub(crate) struct Schema {
    pub(crate) json: Value,
    validator: Validator,
}

impl Schema {
    pub(crate) fn committed(name: &str) -> Self {
        let path = root().join(format!("cli/schemas/{name}.schema.json"));
        let json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let validator = jsonschema::draft202012::new(&json).unwrap();
        Self { json, validator }
    }

    pub(crate) fn takes(&self, document: &Value) -> bool {
        self.validator.is_valid(document)
    }

    /// Why it does not take the document, if it does not.
    pub(crate) fn refusal(&self, document: &Value) -> Option<String> {
        let error = self.validator.iter_errors(document).next()?;
        Some(format!("{}: {error}", error.instance_path()))
    }
}

impl Form {
    pub(crate) fn all() -> [Form; 3] {
        [
            Form::new("policy", |json| Policy::from_json(json).map(|_| ())),
            Form::new("deployment", |json| Deployment::from_json(json).map(|_| ())),
            Form::new("record", |json| {
                Record::from_json(json, &EMBEDDED).map(|_| ())
            }),
        ]
    }

    fn new(name: &'static str, read: fn(&[u8]) -> Result<(), ReadError>) -> Self {
        let schema = Schema::committed(name);
        Self { name, schema, read }
    }

    pub(crate) fn parse(&self, document: &Value) -> Result<(), ReadError> {
        (self.read)(document.to_string().as_bytes())
    }
}

static EMBEDDED: LazyLock<Policies> =
    LazyLock::new(|| Policies::new(embedded().unwrap().to_vec()).unwrap());

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every list of keys (`properties`) or words (`enum`) in a schema. What `allOf` adds is about keys that are listed beside it.
pub(crate) fn lists(schema: &Value, keyword: &str, found: &mut BTreeSet<BTreeSet<String>>) {
    match schema {
        Value::Object(keys) => {
            match keys.get(keyword) {
                Some(Value::Object(named)) => {
                    found.insert(named.keys().cloned().collect());
                }
                Some(Value::Array(words)) => {
                    found.insert(
                        words
                            .iter()
                            .filter_map(Value::as_str)
                            .map(str::to_owned)
                            .collect(),
                    );
                }
                _ => {}
            }
            let inner = keys.iter().filter(|(key, _)| *key != "allOf");
            inner.for_each(|(_, value)| lists(value, keyword, found));
        }
        Value::Array(items) => items.iter().for_each(|item| lists(item, keyword, found)),
        _ => {}
    }
}
