//! What a Parquet file may not do to who reads it: take the memory of a server, or the rest of a run.

use std::{fs::File, path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, StructArray, types::Int32Type,
};
use arrow_schema::{DataType, Field};
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};

use crate::{
    device,
    inputs::{fleet, folder, said},
    lines,
};

fn write(path: &Path, rows: &RecordBatch) {
    // A text that many rows have stands there once, however long it is.
    let properties = WriterProperties::builder()
        .set_dictionary_page_size_limit(8 << 20)
        .build();
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    writer.write(rows).unwrap();
    writer.close().unwrap();
}

fn one_column(name: &str, column: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter([(name, column)]).unwrap()
}

/// The column `device` of devices with such ids.
fn devices(ids: ArrayRef) -> ArrayRef {
    let platforms: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..ids.len()).map(|_| "android"),
    ));
    let of = |name, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
    Arc::new(StructArray::from(vec![
        (of("id", &ids), ids),
        (of("platform", &platforms), platforms),
    ]))
}

/// Some short texts, then many of one mebibyte that are the same.
#[cfg(target_os = "linux")]
fn long_at_last(short: String, long: String) -> ArrayRef {
    let keys = (0..2_048).map(|_| 0).chain((0..LONG).map(|_| 1));
    let texts = StringArray::from_iter_values([short, long]);
    let column = DictionaryArray::new(Int32Array::from_iter_values(keys), Arc::new(texts));
    Arc::<DictionaryArray<Int32Type>>::new(column)
}

#[cfg(target_os = "linux")]
const LONG: usize = 600;

/// Two mebibytes of a file that are 600 in memory, of which nobody may hold more than a few; nor of what is said of them.
#[cfg(target_os = "linux")]
#[test]
fn a_text_that_many_rows_have_takes_no_memory() {
    use std::{process::Stdio, thread, time::Duration};

    let folder = folder("bounds-memory");
    let id = "x".repeat(1 << 20);
    let long = device(1).replace("d-1", &id);
    write(
        &folder.join("documents.parquet"),
        &one_column("record", long_at_last(device(1), long)),
    );
    write(
        &folder.join("typed.parquet"),
        &one_column("device", devices(long_at_last("d-1".to_owned(), id))),
    );
    for (name, format) in [
        ("documents", "ndjson"),
        ("documents", "parquet"),
        ("typed", "ndjson"),
        ("typed", "parquet"),
    ] {
        let output = format!("{name}-{format}");
        // Standard input keeps it waiting until its memory was read.
        let mut child = crate::inputs::command(&folder)
            .args([&format!("{name}.parquet"), "-", "--output", &output])
            .args(["--format", format, "--part-records", "2648"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let part = folder.join(format!("{output}/part-00000.{format}"));
        while !part.exists() && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(5));
        }
        let peak = crate::peak(&child);
        println!("counted: {output}: {peak} KiB");
        assert!(peak < 192 << 10, "{output}: {peak} KiB");
        drop(child.stdin.take());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

/// Writes what stands there in place of `@@` as bytes that are no text.
fn spoil(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let mut spoilt = 0;
    for at in 0..bytes.len() - 1 {
        if &bytes[at..at + 2] == b"@@" {
            bytes[at..at + 2].copy_from_slice(b"\xFF\xFE");
            spoilt += 1;
        }
    }
    assert!(spoilt > 0);
    std::fs::write(path, bytes).unwrap();
}

/// A document that is no text is an error in its place, and those after it are read.
#[test]
fn a_row_that_is_no_text_does_not_end_its_file() {
    let folder = folder("bounds-text");
    let texts: Vec<_> = (0..50)
        .map(|number| match number {
            20 => device(20).replace("d-20", "@@"),
            number => device(number),
        })
        .collect();
    let column = Arc::new(StringArray::from(texts));
    write(
        &folder.join("in.parquet"),
        &one_column("record", column.clone()),
    );
    spoil(&folder.join("in.parquet"));
    let output = fleet(&folder, &["in.parquet"]);
    assert_eq!(output.status.code(), Some(2));
    let found = lines(&output.stdout);
    assert_eq!(found.len(), 50);
    for (number, line) in found.iter().enumerate() {
        if number == 20 {
            assert_eq!(line["error"]["code"], "encoding", "{line}");
        } else {
            assert_eq!(line["device_id"], format!("d-{number}"));
        }
    }
}

/// In a column of a record there is no place for such bytes: the file cannot be read on from there, and that is said.
#[test]
fn a_column_that_is_no_text_ends_its_file() {
    let folder = folder("bounds-column");
    let ids = (0..50).map(|number| match number {
        40 => "@@".to_owned(),
        number => format!("d-{number}"),
    });
    let ids = Arc::new(StringArray::from_iter_values(ids));
    write(
        &folder.join("in.parquet"),
        &one_column("device", devices(ids)),
    );
    spoil(&folder.join("in.parquet"));
    std::fs::write(folder.join("more.ndjson"), device(1)).unwrap();
    let output = fleet(&folder, &["in.parquet", "more.ndjson"]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    assert!(said.contains("not read to the end: in.parquet\n"), "{said}");
    let found = lines(&output.stdout);
    assert!(found.len() <= 41, "{}", found.len());
    assert_eq!(found.last().unwrap()["file"], "more.ndjson");
}

/// A night without a device brings files without a row, and what wrote them may well say that their texts are repeated.
#[test]
fn no_row_is_no_error() {
    let folder = folder("bounds-empty");
    let texts =
        || -> ArrayRef { Arc::new(DictionaryArray::<Int32Type>::from_iter([] as [&str; 0])) };
    write(&folder.join("a.parquet"), &one_column("record", texts()));
    write(
        &folder.join("b.parquet"),
        &one_column("device", devices(texts())),
    );
    let encoded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    assert_eq!(texts().data_type(), &encoded);
    std::fs::write(folder.join("c.ndjson"), device(1)).unwrap();
    let output = fleet(&folder, &["."]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(lines(&output.stdout).len(), 1);
    let told = "  without a record: ./a.parquet, ./b.parquet\n";
    assert!(said(&output).contains(told), "{}", said(&output));
}
