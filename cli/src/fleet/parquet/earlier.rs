//! An earlier output in Parquet, as the lines that it would be.

use std::{fs::File, io, path::Path};

use arrow_json::LineDelimitedWriter;
use parquet::arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder};

use super::{ROWS, guarded};

/// What is read of it.
const COLUMNS: [&str; 6] = [
    "device_id",
    "access",
    "status",
    "assessments",
    "error",
    "change",
];

/// Gives each row's number and what is compared of it, as JSON.
pub(in crate::fleet) fn each<E>(
    path: &Path,
    mut take: impl FnMut(u64, &[u8]) -> Result<(), E>,
) -> io::Result<Result<(), E>> {
    let mut batches = guarded(|| {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
        let columns = builder.parquet_schema().root_schema().get_fields();
        let wanted = columns.iter().enumerate();
        let wanted = wanted.filter(|(_, column)| COLUMNS.contains(&column.name()));
        let wanted: Vec<_> = wanted.map(|(number, _)| number).collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
        Ok(builder
            .with_projection(mask)
            .with_batch_size(ROWS)
            .build()?)
    })?;
    let mut number = 0;
    while let Some(rows) = guarded(|| batches.next().transpose().map_err(io::Error::other))? {
        let mut writer = LineDelimitedWriter::new(Vec::new());
        writer.write(&rows).map_err(io::Error::other)?;
        let text = writer.into_inner();
        for line in text.split(|byte| *byte == b'\n').take(rows.num_rows()) {
            number += 1;
            if let Err(error) = take(number, line) {
                return Ok(Err(error));
            }
        }
    }
    Ok(Ok(()))
}
