//! The columns, as they are best made; those that are read may differ (`Records`).

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

use crate::column::SchemaError;

/// The column of documents that stands in place of all others.
pub(crate) const DOCUMENT: &str = "record";

const RECORD: [&str; 6] = [
    "format",
    "device",
    "holder",
    "observations",
    "declarations",
    "impediments",
];

/// Whether a column is one of a record's.
pub(crate) fn known(name: &str) -> Result<(), SchemaError> {
    if RECORD.contains(&name) {
        return Ok(());
    }
    Err(SchemaError {
        path: name.to_owned(),
        found: "a column that is none of a record's".to_owned(),
        expected: format!("`{}`, or `{DOCUMENT}` alone", RECORD.join("`, `")),
    })
}

/// The columns of device records: the names of the JSON form, and a null for what is not given.
///
/// Beside the form in JSON, an element of `absent` or `not_visible` is a struct that has either `id` or `scheme`.
pub fn record_schema() -> SchemaRef {
    let statements = |value| list(structure([("value", value), ("source", DataType::Utf8)]));
    let probes = || {
        list(structure([
            ("id", DataType::Utf8),
            ("scheme", DataType::Utf8),
        ]))
    };
    let app = structure([
        ("id", DataType::Utf8),
        ("scheme", DataType::Utf8),
        ("name", DataType::Utf8),
        ("signers", list(DataType::Utf8)),
        ("first_installed", instant()),
        ("version", DataType::Utf8),
    ]);
    let observation = structure([
        ("source", DataType::Utf8),
        ("taken_at", instant()),
        ("scope", DataType::Utf8),
        ("complete", DataType::Boolean),
        ("apps", list(app)),
        ("absent", probes()),
        ("not_visible", probes()),
    ]);
    let device = structure([
        ("id", DataType::Utf8),
        ("platform", DataType::Utf8),
        ("ownership", statements(DataType::Utf8)),
        (
            "funding",
            structure([
                ("purchase", statements(DataType::Utf8)),
                ("subscription", statements(DataType::Utf8)),
                ("usage", statements(DataType::Utf8)),
            ]),
        ),
    ]);
    let declaration = structure([("value", DataType::Utf8), ("declared_at", instant())]);
    let impediment = structure([
        ("reason", DataType::Utf8),
        ("supervisor_informed_on", DataType::Date32),
    ]);
    schema([
        ("device", device),
        ("holder", structure([("roles", list(DataType::Utf8))])),
        ("observations", list(observation)),
        ("declarations", by_name(declaration)),
        ("impediments", by_name(impediment)),
    ])
}

/// The columns of assessments: the names of the JSON form of `octroi fleet`. A row has either an assessment or its `error`, and every
/// other column is null; of a row in error `device_id` stands where it is certain.
///
/// `numbered` says whether the first column is `record`, the number of the row in its input from 1.
pub fn assessment_schema(numbered: bool) -> SchemaRef {
    let access = || {
        structure([
            ("decision", DataType::Utf8),
            ("zone", DataType::Utf8),
            ("certain", DataType::Boolean),
            ("missing", list(DataType::Utf8)),
        ])
    };
    let class = structure([
        ("class", DataType::Utf8),
        ("because", list(DataType::Utf8)),
        ("missing", list(DataType::Utf8)),
    ]);
    let finding = structure([
        ("app", DataType::Utf8),
        ("presence", DataType::Utf8),
        ("evidence", list(DataType::Utf8)),
        ("install", DataType::Utf8),
    ]);
    let obligation = structure([
        ("kind", DataType::Utf8),
        ("app", DataType::Utf8),
        ("due", DataType::Date32),
        ("state", DataType::Utf8),
        ("basis", DataType::Utf8),
    ]);
    let reason = structure([
        ("code", DataType::Utf8),
        ("basis", DataType::Utf8),
        ("interpretation", DataType::Boolean),
    ]);
    let advice = structure([("code", DataType::Utf8), ("basis", DataType::Utf8)]);
    let policy = structure([
        (
            "policy",
            structure([("id", DataType::Utf8), ("version", DataType::Int64)]),
        ),
        ("valid_until", instant()),
        ("device_class", class),
        ("access", access()),
        ("status", DataType::Utf8),
        ("findings", list(finding)),
        ("obligations", list(obligation)),
        ("reasons", list(reason)),
        ("advice", list(advice)),
    ]);
    let error = structure([
        ("code", DataType::Utf8),
        ("path", DataType::Utf8),
        ("message", DataType::Utf8),
    ]);
    let number = numbered.then_some((DOCUMENT, DataType::Int64));
    let rest = [
        ("device_id", DataType::Utf8),
        ("assessed_at", instant()),
        ("valid_until", instant()),
        ("access", access()),
        ("status", DataType::Utf8),
        ("assessments", list(policy)),
        ("error", error),
    ];
    schema(number.into_iter().chain(rest))
}

/// Micro- and not whole seconds, because Spark knows no others.
fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn list(element: DataType) -> DataType {
    DataType::new_list(element, true)
}

fn structure<const N: usize>(fields: [(&str, DataType); N]) -> DataType {
    DataType::Struct(nullable(fields))
}

fn by_name(value: DataType) -> DataType {
    let entry = Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", value, true),
    ]);
    DataType::Map(
        Arc::new(Field::new("entries", DataType::Struct(entry), false)),
        false,
    )
}

fn schema<'n>(fields: impl IntoIterator<Item = (&'n str, DataType)>) -> SchemaRef {
    Arc::new(Schema::new(nullable(fields)))
}

fn nullable<'n>(fields: impl IntoIterator<Item = (&'n str, DataType)>) -> Fields {
    let fields = fields.into_iter();
    fields
        .map(|(name, of)| Field::new(name, of, true))
        .collect()
}
