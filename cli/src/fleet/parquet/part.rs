//! A part as a Parquet file.

use std::io;

use arrow_array::RecordBatch;
use arrow_select::coalesce::BatchCoalescer;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use super::answers;
use crate::fleet::{form::Layout, parts::Written};

/// How many rows are written at once: whatever the batches that they came in, the same rows make the same bytes.
const ROWS: usize = 1024;

/// A part in the making.
pub(in crate::fleet) struct Part {
    rows: BatchCoalescer,
    writer: ArrowWriter<Written>,
}

impl Part {
    pub(in crate::fleet) fn new(layout: Layout, file: Written) -> io::Result<Self> {
        let schema = answers::schema(layout);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        Ok(Self {
            rows: BatchCoalescer::new(schema.clone(), ROWS),
            writer: ArrowWriter::try_new(file, schema, Some(properties))?,
        })
    }

    pub(in crate::fleet) fn add(&mut self, rows: RecordBatch) -> io::Result<()> {
        self.rows.push_batch(rows).map_err(io::Error::other)?;
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        while let Some(rows) = self.rows.next_completed_batch() {
            self.writer.write(&rows)?;
        }
        Ok(())
    }

    pub(in crate::fleet) fn finish(mut self) -> io::Result<Written> {
        self.rows
            .finish_buffered_batch()
            .map_err(io::Error::other)?;
        self.write()?;
        Ok(self.writer.into_inner()?)
    }
}
