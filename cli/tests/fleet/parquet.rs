//! Parquet in and out: rows say what lines say.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_json::{LineDelimitedWriter, ReaderBuilder};
use octroi_columns::record_schema;
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    file::properties::WriterProperties,
};
use serde_json::Value;

use crate::{
    Dice, any_line, device,
    inputs::{fleet, folder, said},
    lines,
};

fn write(path: &Path, rows: &RecordBatch, group: usize) {
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    writer.write(rows).unwrap();
    writer.close().unwrap();
}

/// The lines of a text, each a row of the column `record`; what is no text is null.
pub(crate) fn write_lines(path: &Path, text: &[u8], group: usize) {
    let lines = text
        .split(|byte| *byte == b'\n')
        .map(|line| str::from_utf8(line).ok());
    let column: ArrayRef = Arc::new(StringArray::from_iter(lines));
    write(
        path,
        &RecordBatch::try_from_iter([("record", column)]).unwrap(),
        group,
    );
}

/// All rows of a folder or a file, as JSON.
fn rows(path: &Path) -> Vec<Value> {
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        files = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.retain(|path| path.extension().is_some_and(|end| end == "parquet"));
        files.sort();
    }
    let mut text = Vec::new();
    for file in files {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
        for rows in reader.build().unwrap() {
            let mut writer = LineDelimitedWriter::new(&mut text);
            writer.write(&rows.unwrap()).unwrap();
        }
    }
    lines(&text)
}

/// A line without what only JSON has, or has in other words: `format`, and a null for nothing.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .filter(|(name, value)| *name != "format" && !value.is_null());
            fields
                .map(|(name, value)| (name.clone(), bare(value)))
                .collect()
        }
        Value::Array(elements) => elements.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn any_text(dice: &mut Dice, lines: usize) -> Vec<u8> {
    let lines: Vec<_> = (0..lines).map(|number| any_line(dice, number)).collect();
    lines.join(&b'\n')
}

#[test]
fn a_row_is_read_as_its_line_is() {
    let folder = folder("parquet-in");
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    let text: Vec<_> = any_text(&mut dice, 3_000)
        .split(|byte| *byte == b'\n')
        .filter(|line| {
            str::from_utf8(line).is_ok_and(|line| !line.trim().is_empty() && !line.contains('\r'))
        })
        .map(<[u8]>::to_vec)
        .collect();
    let text = text.join(&b'\n');
    fs::write(folder.join("in.ndjson"), &text).unwrap();
    let expected = fleet(&folder, &["in.ndjson", "--at", crate::AT]);
    for group in [1, 7, 1_000, 1 << 20] {
        write_lines(&folder.join("in.parquet"), &text, group);
        let found = fleet(&folder, &["in.parquet", "--at", crate::AT]);
        assert!(found.stdout == expected.stdout, "groups of {group}");
        assert_eq!(found.status.code(), expected.status.code());
    }
}

/// What is no text, or nothing, is an error in its place.
#[test]
fn a_bad_row_keeps_its_number() {
    let folder = folder("parquet-bad");
    let text = [
        device(1).into_bytes(),
        b"{\xFF".to_vec(),
        b"{".to_vec(),
        Vec::new(),
        device(5).into_bytes(),
    ];
    write_lines(&folder.join("in.parquet"), &text.join(&b'\n'), 2);
    let output = fleet(&folder, &["in.parquet"]);
    assert_eq!(output.status.code(), Some(2));
    let lines = lines(&output.stdout);
    let numbers: Vec<_> = lines
        .iter()
        .map(|line| line["record"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert!(
        lines[1..4]
            .iter()
            .all(|line| line["error"]["code"].is_string())
    );
    assert_eq!(lines[4]["device_id"], "d-5");
}

#[test]
fn columns_are_a_record() {
    let folder = folder("parquet-columns");
    let mut text: Vec<_> = (0..500).map(device).collect();
    text.push(r#"{"device":{"id":"all","platform":"ios","funding":{"usage":[{"value":"full","source":"mdm"}]}},"holder":{"roles":["police"]},"observations":[{"source":"mdm","taken_at":"2023-03-28T08:00:00Z","scope":"profile","absent":[{"scheme":"snssdk1233"}]}],"declarations":{"tiktok":{"value":"present","declared_at":"2023-03-28T08:00:00Z"}},"impediments":{"tiktok":{"reason":"locked","supervisor_informed_on":"2023-03-29"}}}"#.to_owned());
    fs::write(folder.join("in.ndjson"), text.join("\n")).unwrap();
    let typed: Vec<_> = text
        .iter()
        .map(|line| {
            let mut record: Value = serde_json::from_str(line).unwrap();
            if let Some(ownership) = record["device"].get("ownership").cloned() {
                record["device"]["ownership"] = serde_json::json!([{ "value": ownership }]);
            }
            record
        })
        .collect();
    let mut decoder = ReaderBuilder::new(record_schema()).build_decoder().unwrap();
    decoder.serialize(&typed).unwrap();
    write(
        &folder.join("in.parquet"),
        &decoder.flush().unwrap().unwrap(),
        100,
    );
    let run = |name| fleet(&folder, &[name, "--at", crate::AT]);
    let (rows, expected) = (run("in.parquet"), run("in.ndjson"));
    assert_eq!(
        said(&rows).lines().skip(1).collect::<Vec<_>>(),
        said(&expected).lines().skip(1).collect::<Vec<_>>()
    );
    assert!(rows.stdout == expected.stdout);
}

/// A table of something else, a file that is cut off, or none: named, and the others are read.
#[test]
fn a_file_that_is_none_does_not_stop_the_others() {
    let folder = folder("parquet-none");
    let column: ArrayRef = Arc::new(Int64Array::from_iter(0..10));
    write(
        &folder.join("sales.parquet"),
        &RecordBatch::try_from_iter([("price", column)]).unwrap(),
        5,
    );
    let text = any_text(&mut Dice(3), 2_000);
    write_lines(&folder.join("whole.parquet"), &text, 100);
    let whole = fs::read(folder.join("whole.parquet")).unwrap();
    fs::write(folder.join("cut.parquet"), &whole[..whole.len() / 2]).unwrap();
    let mut spoilt = whole.clone();
    for byte in &mut spoilt[whole.len() / 3..whole.len() / 2] {
        *byte ^= 0x55;
    }
    fs::write(folder.join("spoilt.parquet"), &spoilt).unwrap();
    fs::write(folder.join("text.parquet"), device(1)).unwrap();
    fs::write(folder.join("a.ndjson"), device(1)).unwrap();
    let output = fleet(&folder, &["."]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    for (name, found) in [
        ("sales", "a column that is none of a record's"),
        ("cut", "error: "),
        ("spoilt", "error: "),
        ("text", "error: "),
    ] {
        assert!(
            said.contains(&format!("{name}.parquet\n  found:")) && said.contains(found),
            "{name}: {said}"
        );
    }
    let from = |name: &str| {
        let lines = lines(&output.stdout);
        lines
            .iter()
            .filter(|line| line["file"].as_str().unwrap().ends_with(name))
            .count()
    };
    assert_eq!(from("a.ndjson"), 1);
    assert_eq!(
        from("whole.parquet"),
        text.split(|byte| *byte == b'\n').count()
    );
    assert_eq!(from("sales.parquet"), 0);
    // One alone is an error as any other file.
    assert_eq!(fleet(&folder, &["sales.parquet"]).status.code(), Some(2));
}

#[test]
fn rows_say_what_lines_say() {
    let folder = folder("parquet-out");
    fs::create_dir(folder.join("in")).unwrap();
    fs::write(folder.join("in/a.ndjson"), any_text(&mut Dice(21), 700)).unwrap();
    fs::write(folder.join("in/b.ndjson"), any_text(&mut Dice(22), 700)).unwrap();
    fs::write(folder.join("none.ndjson"), "").unwrap();
    fs::write(
        folder.join("before.ndjson"),
        fleet(&folder, &["in/a.ndjson", "--at", crate::AT]).stdout,
    )
    .unwrap();
    let since = ["in", "--since", "before.ndjson"];
    let simulate = ["simulate", "in", "--policy", "be-brussels-region"];
    for (number, arguments) in [
        &["in"][..],
        &["in/a.ndjson"],
        &since,
        &simulate,
        &["none.ndjson"],
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("out-{number}");
        let at = ["--at", "2023-04-02T08:00:00Z"];
        let expected = fleet(&folder, &[arguments, &at].concat());
        let more = [
            "--format",
            "parquet",
            "--output",
            &name,
            "--part-records",
            "300",
        ];
        let output = fleet(&folder, &[arguments, &at, &more].concat());
        assert_eq!(
            output.status.code(),
            expected.status.code(),
            "{}",
            said(&output)
        );
        let expected: Vec<_> = lines(&expected.stdout).iter().map(bare).collect();
        let found: Vec<_> = rows(&folder.join(&name)).iter().map(bare).collect();
        assert_eq!(found, expected, "{arguments:?}");
    }
}

#[test]
fn an_earlier_output_may_be_columns() {
    let folder = folder("parquet-since");
    let mut dice = Dice(31);
    fs::write(folder.join("before.in"), any_text(&mut dice, 500)).unwrap();
    fs::write(folder.join("now.in"), any_text(&mut dice, 500)).unwrap();
    let run = |arguments: &[&str]| fleet(&folder, &[arguments, &["--at", crate::AT]].concat());
    fs::write(folder.join("before.ndjson"), run(&["before.in"]).stdout).unwrap();
    run(&["before.in", "--output", "columns", "--format", "parquet"]);
    run(&[
        "now.in", "--since", "columns", "--output", "changes", "--format", "parquet",
    ]);
    let part = PathBuf::from("columns/part-00000.parquet");
    let expected = run(&["now.in", "--since", "before.ndjson"]);
    assert!(!expected.stdout.is_empty());
    for earlier in ["columns", part.to_str().unwrap()] {
        let found = run(&["now.in", "--since", earlier]);
        assert!(found.stdout == expected.stdout, "{}", said(&found));
        assert_eq!(
            said(&found).lines().skip(1).collect::<Vec<_>>(),
            said(&expected).lines().skip(1).collect::<Vec<_>>()
        );
    }
    let output = run(&["now.in", "--since", "changes"]);
    assert!(
        said(&output).contains("holds only what had changed"),
        "{}",
        said(&output)
    );
    write_lines(&folder.join("records.parquet"), device(1).as_bytes(), 1);
    let output = run(&["now.in", "--since", "records.parquet"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("neither an assessment nor an error"),
        "{}",
        said(&output)
    );
}

/// Columns go into a folder.
#[test]
fn columns_are_not_printed() {
    let folder = folder("parquet-stdout");
    fs::write(folder.join("in.ndjson"), device(1)).unwrap();
    let output = fleet(&folder, &["in.ndjson", "--format", "parquet"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(
        said(&output).contains("--output FOLDER"),
        "{}",
        said(&output)
    );
}
