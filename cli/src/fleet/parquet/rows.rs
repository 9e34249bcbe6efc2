//! The rows of a Parquet file: numbered, in batches, one row group after the other.

use std::{fs::File, io};

use arrow_array::RecordBatch;
use octroi_columns::Records;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use super::guarded;
use crate::fleet::{lines::Mark, source::Reading};

/// A batch has so many rows at most, and so many bytes if its rows are like those of its row group.
const ROWS: u64 = 1024;
const BYTES: u64 = 1 << 20;

/// What an assessment may take in memory, beside its row.
const ASSESSMENT: usize = 8 << 10;

/// The rows of a file.
pub(in crate::fleet) struct Rows {
    file: File,
    metadata: ArrowReaderMetadata,
    /// The row group that is read next, and how many of its rows are not wanted.
    group: usize,
    unwanted: u64,
    open: Option<ParquetRecordBatchReader>,
    /// What was read and not given yet.
    left: Option<RecordBatch>,
    /// What a row takes in the file, roughly.
    bytes_a_row: u64,
    given: u64,
}

/// Rows that stand one after the other.
pub(in crate::fleet) struct Batch {
    rows: RecordBatch,
    pub(in crate::fleet) read: u64,
    pub(in crate::fleet) end: Mark,
}

impl Rows {
    /// What comes after so many rows.
    pub(in crate::fleet) fn after(mark: Mark, file: File) -> io::Result<Self> {
        let metadata =
            guarded(|| Ok(ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?))?;
        // Columns that are none of a record's are told before anything is read.
        Records::new(&RecordBatch::new_empty(metadata.schema().clone()))
            .map_err(io::Error::other)?;
        let mut rows = Self {
            file,
            metadata,
            group: 0,
            unwanted: mark.line,
            open: None,
            left: None,
            bytes_a_row: 0,
            given: mark.line,
        };
        while let Some(group) = rows.rows_of(rows.group)
            && rows.unwanted >= group
        {
            rows.unwanted -= group;
            rows.group += 1;
        }
        Ok(rows)
    }

    /// The next rows, so many at most; `None` is the end.
    pub(in crate::fleet) fn batch(&mut self, most: usize) -> io::Result<Option<Batch>> {
        let read = match self.left.take() {
            Some(left) => Some(left),
            None => guarded(|| self.read())?,
        };
        let Some(mut rows) = read else {
            return Ok(None);
        };
        if rows.num_rows() > most {
            self.left = Some(rows.slice(most, rows.num_rows() - most));
            rows = rows.slice(0, most);
        }
        let count = rows.num_rows() as u64;
        self.given += count;
        Ok(Some(Batch {
            rows,
            read: self.bytes_a_row * count,
            end: Mark {
                offset: 0,
                line: self.given,
            },
        }))
    }

    fn read(&mut self) -> io::Result<Option<RecordBatch>> {
        loop {
            match self.open.as_mut().and_then(Iterator::next) {
                Some(Ok(rows)) if rows.num_rows() == 0 => {}
                Some(rows) => return rows.map(Some).map_err(io::Error::other),
                None => match self.next_group()? {
                    Some(reader) => self.open = Some(reader),
                    None => return Ok(None),
                },
            }
        }
    }

    fn next_group(&mut self) -> io::Result<Option<ParquetRecordBatchReader>> {
        let number = self.group;
        let Some(group) = self.metadata.metadata().row_groups().get(number) else {
            return Ok(None);
        };
        let whole = |bytes: i64| u64::try_from(bytes).unwrap_or_default();
        let rows = whole(group.num_rows()).max(1);
        self.bytes_a_row = whole(group.compressed_size()) / rows;
        let in_memory = (whole(group.total_byte_size()) / rows).max(1);
        let size = (BYTES / in_memory).clamp(1, ROWS);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.file.try_clone()?,
            self.metadata.clone(),
        );
        let reader = builder
            .with_row_groups(vec![number])
            .with_offset(usize::try_from(self.unwanted).map_err(io::Error::other)?)
            .with_batch_size(usize::try_from(size).map_err(io::Error::other)?)
            .build()?;
        self.group += 1;
        self.unwanted = 0;
        Ok(Some(reader))
    }

    /// How many rows a row group has, if it is there.
    fn rows_of(&self, group: usize) -> Option<u64> {
        let group = self.metadata.metadata().row_groups().get(group)?;
        Some(u64::try_from(group.num_rows()).unwrap_or_default())
    }
}

impl Batch {
    pub(in crate::fleet) fn len(&self) -> usize {
        self.rows.num_rows()
    }

    pub(in crate::fleet) fn cost(&self) -> usize {
        self.rows.get_array_memory_size() + self.len() * ASSESSMENT
    }

    pub(in crate::fleet) fn each(
        &self,
        mut take: impl FnMut(u64, Reading<'_, '_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let records = Records::new(&self.rows).map_err(io::Error::other)?;
        let first = self.end.line - self.len() as u64 + 1;
        for (row, number) in (0..self.len()).zip(first..) {
            take(number, &|policies| records.read(row, policies))?;
        }
        Ok(())
    }
}
