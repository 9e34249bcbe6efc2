//! From the JSON of the vectors to columns and back.

use std::sync::Arc;

use arrow_array::{RecordBatch, StringArray};
use arrow_json::{LineDelimitedWriter, ReaderBuilder, WriterBuilder, writer::LineDelimited};
use arrow_schema::{DataType, Field, Schema};
use octroi_columns::record_schema;
use serde_json::{Value, json};

/// One column of JSON.
pub(crate) fn as_documents(records: &[Value]) -> RecordBatch {
    let texts: StringArray = records
        .iter()
        .map(|record| Some(record.to_string()))
        .collect();
    let field = Field::new("record", DataType::Utf8, true);
    RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![Arc::new(texts)]).unwrap()
}

/// The columns of a record: what may stand in two forms in JSON stands in one.
pub(crate) fn as_columns(records: &[Value]) -> RecordBatch {
    let mut decoder = ReaderBuilder::new(record_schema()).build_decoder().unwrap();
    let rows: Vec<_> = records.iter().cloned().map(in_one_form).collect();
    decoder.serialize(&rows).unwrap();
    decoder.flush().unwrap().unwrap()
}

fn in_one_form(mut record: Value) -> Value {
    record.as_object_mut().unwrap().remove("format");
    for place in [
        "/device/ownership",
        "/device/funding/purchase",
        "/device/funding/subscription",
        "/device/funding/usage",
    ] {
        if let Some(fact) = record.pointer_mut(place) {
            let statements = match fact.take() {
                Value::Array(statements) => statements,
                one => vec![one],
            };
            *fact = statements
                .into_iter()
                .map(|one| in_a_struct("value", one))
                .collect();
        }
    }
    let observations = record
        .pointer_mut("/observations")
        .and_then(Value::as_array_mut);
    for observation in observations.into_iter().flatten() {
        for probes in ["absent", "not_visible"] {
            if let Some(probes) = observation.get_mut(probes).and_then(Value::as_array_mut) {
                for probe in probes {
                    *probe = in_a_struct("id", probe.take());
                }
            }
        }
    }
    let declarations = record
        .get_mut("declarations")
        .and_then(Value::as_object_mut);
    for declaration in declarations.into_iter().flat_map(|all| all.values_mut()) {
        *declaration = in_a_struct("value", declaration.take());
    }
    record
}

fn in_a_struct(key: &str, value: Value) -> Value {
    match value {
        Value::String(bare) => json!({ key: bare }),
        other => other,
    }
}

/// The rows, a null for each that is one.
pub(crate) fn as_json(batch: &RecordBatch) -> Vec<Value> {
    let mut text = Vec::new();
    let mut writer: LineDelimitedWriter<_> = WriterBuilder::new()
        .with_explicit_nulls(true)
        .build::<_, LineDelimited>(&mut text);
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    let lines = text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    lines
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}
