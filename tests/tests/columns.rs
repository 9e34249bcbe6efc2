//! Devices as columns: what comes out is what comes out of the same devices as JSON, row by row.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

#[path = "columns/form.rs"]
mod form;

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int32Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use form::{as_columns, as_documents, as_json};
use octroi_columns::{Records, assess_batch, assessment_schema, bad_records, record_schema};
use octroi_core::{Deployment, Instant, Policies, embedded};
use octroi_tests::choices::{Choices, choices};
use octroi_tests::core_side::Both;
use octroi_tests::{issuers, situations, vectors};
use proptest::prelude::*;
use serde_json::{Value, json};

struct Rules {
    policies: Policies,
    deployment: Deployment,
    at: Instant,
}

impl Rules {
    fn new(policies: &Policies, deployment: &Value, at: &str) -> Self {
        let deployment = deployment.to_string();
        Self {
            deployment: Deployment::from_json(deployment.as_bytes()).unwrap(),
            policies: policies.clone(),
            at: Instant::parse(at).unwrap(),
        }
    }

    fn brussels() -> Self {
        let policies = Policies::new(embedded().unwrap().to_vec()).unwrap();
        Self::new(&policies, &json!({}), "2023-04-20T09:00:00+02:00")
    }

    fn assess(&self, batch: &RecordBatch) -> Vec<Value> {
        let assessed = assess_batch(batch, &self.policies, &self.deployment, self.at).unwrap();
        assert_eq!(assessed.schema(), assessment_schema(false));
        assert_eq!(assessed.num_rows(), batch.num_rows());
        as_json(&assessed)
    }
}

/// A vendor whose lake has tables must not judge otherwise than one whose export is JSON.
#[test]
fn every_vector_comes_out_as_written() {
    let mut count = 0;
    for file in vectors::files().unwrap() {
        for vector in vectors::read(&file).unwrap() {
            let both = vector.policies().and_then(Both::read).unwrap();
            let rules = Rules::new(&both.policies, &vector.deployment, &vector.at);
            let records = [vector.record.clone(), vector.record.clone()];
            for batch in [as_columns(&records), as_documents(&records)] {
                for row in rules.assess(&batch) {
                    assert_eq!(
                        row,
                        in_a_row(vector.assessment.clone()),
                        "{}: {}",
                        file.display(),
                        vector.name
                    );
                    count += 1;
                }
            }
        }
    }
    println!("counted: {count} rows");
    assert!(count >= 4 * 444);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same of random devices under random policies, as core and reference agree on each by itself, in batches and in any part of a batch: a slice shares its neighbours' memory.
    #[test]
    fn columns_and_json_say_the_same(choices in choices(), skipped in 0_usize..4) {
        let mut choices: Choices = choices;
        let wire = issuers::policies(&mut choices, true);
        let deployment = situations::deployment(&mut choices, &wire);
        let at = situations::instant(&mut choices);
        let both = Both::read(wire.clone()).unwrap();
        let rules = Rules::new(&both.policies, &deployment, &at);
        let records: Vec<_> = (0..5).map(|_| situations::record(&mut choices, &wire)).collect();
        let columns = rules.assess(&as_columns(&records));
        let documents = rules.assess(&as_documents(&records));
        prop_assert_eq!(&columns, &documents);
        for (row, record) in columns.iter().zip(&records) {
            let agreed = both.agreed(record, &deployment, &at).map_err(TestCaseError::fail)?;
            prop_assert_eq!(row, &in_a_row(agreed));
        }
        let rest = as_columns(&records).slice(skipped, records.len() - skipped);
        prop_assert_eq!(rules.assess(&rest), columns[skipped..].to_vec());
        // Whoever mends what is shown of a row mends the row: it is read as the row is.
        let each = vec![Some("error"); records.len()];
        let bad = RecordBatch::try_from_iter([("error", text(&each))]).unwrap();
        let shown = bad_records(&as_columns(&records), &bad).unwrap();
        let shown: Vec<Value> = shown.iter().map(|row| serde_json::from_str(row.unwrap()).unwrap()).collect();
        prop_assert_eq!(rules.assess(&as_documents(&shown)), columns);
    }
}

/// The form in JSON, as a row has it.
fn in_a_row(mut assessment: Value) -> Value {
    assessment["error"] = Value::Null;
    assessment.as_object_mut().unwrap().remove("format");
    assessment
}

fn device(of: &[(&str, ArrayRef)]) -> RecordBatch {
    let fields: Fields = of
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = of.iter().map(|(_, array)| array.clone()).collect();
    let device = StructArray::new(fields, arrays, None);
    let field = Field::new("device", device.data_type().clone(), true);
    RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![Arc::new(device)]).unwrap()
}

fn text(of: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(of.to_vec()))
}

/// One bad row in a million must not cost the other rows, nor be guessed, nor be lost.
#[test]
fn a_bad_row_is_an_error_in_its_place() {
    let batch = device(&[
        (
            "id",
            text(&[Some("a"), Some("b"), None, Some(""), Some("e")]),
        ),
        (
            "platform",
            text(&[Some("ios"), Some("beos"), None, Some("ios"), Some("ios")]),
        ),
        (
            "ownership",
            text(&[Some("personal"), None, None, None, Some("mine")]),
        ),
    ]);
    let rows = Rules::brussels().assess(&batch);
    assert_eq!(rows[0]["error"], Value::Null);
    assert_eq!(rows[0]["status"], "unknown");
    for (row, id, path, message) in [
        (
            1,
            json!("b"),
            "device.platform",
            "found unknown word `beos`, expected one of `android`, ",
        ),
        (
            2,
            Value::Null,
            "device",
            "found no field `platform`, expected the field `platform`",
        ),
        (
            3,
            Value::Null,
            "device.id",
            "found string \"\", expected a string that is not empty",
        ),
        (
            4,
            json!("e"),
            "device.ownership",
            "found unknown word `mine`, expected one of ",
        ),
    ] {
        let error = &rows[row]["error"];
        assert_eq!(rows[row]["device_id"], id);
        assert_eq!(
            (&error["code"], &error["path"]),
            (&json!("record"), &json!(path))
        );
        let said = error["message"].as_str().unwrap();
        assert!(said.starts_with(message), "{said}");
        assert_eq!(rows[row]["access"], Value::Null);
        assert_eq!(rows[row]["assessments"], Value::Null);
    }
}

/// Whoever mistypes a column must hear so at once, and not find every phone unknown in the morning.
#[test]
fn columns_that_are_none_of_a_record_are_refused() {
    let of = |name: &str, array: ArrayRef| {
        let field = Field::new(name, array.data_type().clone(), true);
        RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![array]).unwrap()
    };
    let wrong = |batch: &RecordBatch| Records::new(batch).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        wrong(&of("devices", text(&[None]))),
        "the column `devices`: found a column that is none of a record's, expected `format`, `device`, `holder`, \
         `observations`, `declarations`, `impediments`, or `record` alone"
    );
    assert_eq!(
        wrong(&of("holder", text(&[None]))),
        "the column `device`: found no such column, expected a struct with `platform`, or one column `record` of JSON"
    );
    assert_eq!(
        wrong(&of("record", Arc::new(Int32Array::from(vec![1])))),
        "the column `record`: found Int32, expected text, or bytes"
    );
    let binary: ArrayRef = Arc::new(arrow_array::BinaryArray::from(vec![&b"ios"[..]]));
    assert!(
        wrong(&device(&[("platform", binary)]))
            .starts_with("the column `device.platform`: found Binary, expected text, a boolean, ")
    );
    let zoneless: ArrayRef = Arc::new(arrow_array::TimestampSecondArray::from(vec![0]));
    let found = wrong(&device(&[
        ("platform", text(&[None])),
        ("taken_at", zoneless),
    ]));
    assert!(found.contains(
        "expected text, a boolean, a whole number of 32 or 64 bits, a timestamp with a time zone"
    ));
}

/// A column of the right name and another type is wrong in each row, and each row says so.
#[test]
fn values_of_another_type_are_not_guessed() {
    let batch = device(&[
        ("id", Arc::new(Int32Array::from(vec![7]))),
        ("platform", text(&[Some("ios")])),
    ]);
    let rows = Rules::brussels().assess(&batch);
    assert_eq!(rows[0]["error"]["path"], "device.id");
    let said = rows[0]["error"]["message"].as_str().unwrap();
    assert_eq!(
        said,
        "found integer `7`, expected a string that is not empty"
    );
}

/// Each layout that some writer has, with the same device in it: what is read is the value, and not how it lies.
#[test]
fn any_layout_of_a_value_is_read() {
    let taken_at = |unit: TimeUnit, value: i64| -> ArrayRef {
        let seconds = arrow_array::Int64Array::from(vec![value]);
        cast(&seconds, &DataType::Timestamp(unit, Some("+02:00".into()))).unwrap()
    };
    let texts = text(&[Some("2023-04-20T07:00:00Z")]);
    let layouts = [
        taken_at(TimeUnit::Second, 1_681_974_000),
        taken_at(TimeUnit::Millisecond, 1_681_974_000_999),
        taken_at(TimeUnit::Microsecond, 1_681_974_000_999_999),
        taken_at(TimeUnit::Nanosecond, 1_681_974_000_999_999_999),
        texts.clone(),
        cast(&texts, &DataType::LargeUtf8).unwrap(),
        cast(&texts, &DataType::Utf8View).unwrap(),
    ];
    let keys = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
    ];
    let dictionaries = keys.map(|keys| {
        let kind = DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8));
        cast(&texts, &kind).unwrap()
    });
    for layout in layouts.into_iter().chain(dictionaries) {
        let batch = observed(layout.clone());
        let records = Records::new(&batch).unwrap();
        let policies = Rules::brussels().policies;
        let record = records.read(0, &policies).unwrap();
        let expected = Instant::parse("2023-04-20T07:00:00Z");
        assert_eq!(
            record.observations[0].taken_at,
            expected,
            "{}",
            layout.data_type()
        );
    }
}

/// An instant before 1970 is cut off downwards, as it is in JSON, and one that no form can write is refused as what it is.
#[test]
fn an_instant_is_never_moved_into_the_form() {
    let of = |microseconds| -> ArrayRef {
        let array = arrow_array::TimestampMicrosecondArray::from(vec![microseconds]);
        Arc::new(array.with_timezone("UTC"))
    };
    let policies = Rules::brussels().policies;
    let read = |microseconds| {
        let batch = observed(of(microseconds));
        let records = Records::new(&batch).unwrap();
        records
            .read(0, &policies)
            .map(|record| record.observations[0].taken_at)
    };
    let before = Instant::parse("1969-12-31T23:59:58.5Z");
    assert_eq!(read(-1_500_000).unwrap(), before);
    for beyond in [i64::MAX, i64::MIN] {
        let error = read(beyond).unwrap_err();
        assert_eq!(error.path, "observations[0].taken_at");
        assert!(
            error.message.starts_with("found integer `"),
            "{}",
            error.message
        );
    }
}

/// Whoever asks about a day long gone, or far off, is not refused by a column that cannot say it.
#[test]
fn every_instant_of_the_form_is_one_of_the_column() {
    let batch = device(&[("platform", text(&[Some("ios")]))]);
    for at in [
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2024-02-29T12:00:00Z",
        "9999-12-30T21:59:59Z",
    ] {
        let policies = Rules::brussels().policies;
        let rows = Rules::new(&policies, &json!({}), at).assess(&batch);
        assert_eq!(rows[0]["assessed_at"], at);
    }
}

/// A null over values that are there hides them: memory of another row must not become this one's.
#[test]
fn what_lies_beneath_a_null_is_not_read() {
    let platform: ArrayRef = text(&[Some("ios"), Some("ios")]);
    let fields: Fields = vec![Field::new("platform", DataType::Utf8, true)].into();
    let nulls = Some(vec![true, false].into());
    let device: ArrayRef = Arc::new(StructArray::new(fields, vec![platform], nulls));
    let field = Field::new("device", device.data_type().clone(), true);
    let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![device]).unwrap();
    let rows = Rules::brussels().assess(&batch);
    assert_eq!(rows[0]["error"], Value::Null);
    assert_eq!(
        rows[1]["error"]["message"],
        "found no field `device`, expected the field `device`"
    );
}

/// A device with one observation, taken at that instant.
fn observed(taken_at: ArrayRef) -> RecordBatch {
    let device = device(&[("platform", text(&[Some("ios")]))]);
    let fields: Fields = vec![Field::new("taken_at", taken_at.data_type().clone(), true)].into();
    let observation = StructArray::new(fields, vec![taken_at], None);
    let element = Field::new("item", observation.data_type().clone(), true);
    let one = OffsetBuffer::from_lengths([1]);
    let observations = ListArray::new(Arc::new(element), one, Arc::new(observation), None);
    let fields = vec![
        device.schema().field(0).clone(),
        Field::new("observations", observations.data_type().clone(), true),
    ];
    let columns: Vec<ArrayRef> = vec![device.column(0).clone(), Arc::new(observations)];
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

/// Somebody has to mend a bad row, so it has to be seen whole.
#[test]
fn a_bad_row_is_shown() {
    let at = |microseconds, zone: &str| -> ArrayRef {
        let array = arrow_array::TimestampMicrosecondArray::from(vec![microseconds]);
        Arc::new(array.with_timezone(zone))
    };
    let nothing = cast(
        &text(&[None]),
        &DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8)),
    )
    .unwrap();
    for (batch, shown) in [
        (
            device(&[("id", text(&[Some("a")])), ("platform", text(&[None]))]),
            r#"{"device":{"id":"a"}}"#,
        ),
        (as_documents(&[json!([])]), "[]"),
        (
            device(&[("id", text(&[Some("a")])), ("platform", nothing)]),
            r#"{"device":{"id":"a"}}"#,
        ),
        (
            observed(at(i64::MAX, "UTC")),
            r#"{"device":{"platform":"ios"},"observations":[{"taken_at":9223372036854}]}"#,
        ),
        (
            // A zone that Spark has and no list of zones knows.
            observed(at(i64::MIN, "GMT+2")),
            r#"{"device":{"platform":"ios"},"observations":[{"taken_at":-9223372036855}]}"#,
        ),
    ] {
        let rules = Rules::brussels();
        let assessed = assess_batch(&batch, &rules.policies, &rules.deployment, rules.at).unwrap();
        assert_eq!(bad_records(&batch, &assessed).unwrap().value(0), shown);
    }
    let good = as_documents(&[json!({ "device": { "platform": "ios" } })]);
    let rules = Rules::brussels();
    let assessed = assess_batch(&good, &rules.policies, &rules.deployment, rules.at).unwrap();
    assert!(bad_records(&good, &assessed).unwrap().is_null(0));
}

/// What reads the documented schema reads what we write.
#[test]
fn the_schemas_are_what_is_read_and_written() {
    let nothing = RecordBatch::new_empty(record_schema());
    assert_eq!(Records::new(&nothing).unwrap().len(), 0);
    assert_eq!(Rules::brussels().assess(&nothing), Vec::<Value>::new());
    let numbered = assessment_schema(true);
    assert_eq!(numbered.field(0).data_type(), &DataType::Int64);
    assert_eq!(
        numbered.fields()[1..],
        assessment_schema(false).fields()[..]
    );
}
