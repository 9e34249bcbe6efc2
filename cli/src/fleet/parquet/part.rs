//! A part as a Parquet file.

use std::io;

use arrow_array::{Array, RecordBatch, cast::AsArray};
use arrow_select::coalesce::BatchCoalescer;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use super::answers;
use crate::fleet::{form::Layout, parts::Written};

/// How many rows are written at once, or how many bytes of what nobody bounds in them: whatever the batches that they came in, the same rows
/// make the same bytes.
const ROWS: usize = 1024;
const BYTES: usize = 1 << 20;

/// What a row group has in memory until it is written.
const GROUP: usize = 64 << 20;

/// A part in the making.
pub(in crate::fleet) struct Part {
    rows: BatchCoalescer,
    /// How many of those bytes are in rows that are not written.
    bytes: usize,
    writer: ArrowWriter<Written>,
}

impl Part {
    pub(in crate::fleet) fn new(layout: Layout, file: Written) -> io::Result<Self> {
        let schema = answers::schema(layout);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_bytes(Some(GROUP))
            .build();
        Ok(Self {
            rows: BatchCoalescer::new(schema.clone(), ROWS),
            bytes: 0,
            writer: ArrowWriter::try_new(file, schema, Some(properties))?,
        })
    }

    pub(in crate::fleet) fn add(&mut self, rows: RecordBatch) -> io::Result<()> {
        let mut first = 0;
        for row in 0..rows.num_rows() {
            self.bytes += unbounded(&rows, row);
            if self.bytes >= BYTES {
                let after = row + 1;
                self.push(rows.slice(first, after - first))?;
                self.flush()?;
                first = after;
            }
        }
        self.push(rows.slice(first, rows.num_rows() - first))
    }

    fn push(&mut self, rows: RecordBatch) -> io::Result<()> {
        self.rows.push_batch(rows).map_err(io::Error::other)?;
        self.write()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.rows
            .finish_buffered_batch()
            .map_err(io::Error::other)?;
        self.bytes = 0;
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        while let Some(rows) = self.rows.next_completed_batch() {
            self.writer.write(&rows)?;
        }
        Ok(())
    }

    pub(in crate::fleet) fn finish(mut self) -> io::Result<Written> {
        self.flush()?;
        Ok(self.writer.into_inner()?)
    }
}

/// How many bytes a row has of what is as long as a device says; what policies say of it is as long as they are.
fn unbounded(rows: &RecordBatch, row: usize) -> usize {
    let id = rows.column_by_name("device_id");
    let id = id.and_then(|id| id.as_string_opt::<i32>());
    id.filter(|id| id.is_valid(row))
        .map_or(0, |id| id.value(row).len())
}
