//! The rows of a Parquet file: numbered, in batches, one row group after the other.

use std::{fs::File, io, sync::Arc};

use arrow_array::RecordBatch;
use octroi_columns::Records;
use parquet::{
    arrow::arrow_reader::{
        ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
        ParquetRecordBatchReaderBuilder,
    },
    basic::{ConvertedType, Repetition, Type as Physical},
    errors::ParquetError,
    schema::types::{SchemaDescriptor, Type},
};

use super::{ROWS, guarded};
use crate::fleet::{
    lines::{LONG, Mark},
    pipe::MOST,
    source::Reading,
};

/// A batch has so many bytes, if its rows are like those of its row group in the file, and like those before them in memory.
const BYTES: usize = 1 << 20;

/// What an assessment may take in memory, beside its row.
const ASSESSMENT: usize = 8 << 10;

/// The rows of a file.
pub(in crate::fleet) struct Rows {
    file: File,
    metadata: ArrowReaderMetadata,
    /// The row group that is opened next, and how many of its rows are not wanted.
    group: usize,
    unwanted: usize,
    open: Option<ParquetRecordBatchReader>,
    /// How many rows of the one that is open stand before what is read next.
    passed: usize,
    /// How many rows are read at once.
    size: usize,
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
        let metadata = guarded(|| Ok(metadata(&file)?))?;
        // Columns that are none of a record's are told before anything is read.
        Records::new(&RecordBatch::new_empty(metadata.schema().clone()))
            .map_err(io::Error::other)?;
        let mut rows = Self {
            file,
            metadata,
            group: 0,
            unwanted: usize::try_from(mark.line).map_err(io::Error::other)?,
            open: None,
            passed: 0,
            size: ROWS,
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
                Some(Ok(rows)) => {
                    self.passed += rows.num_rows();
                    self.fit(&rows);
                    return Ok(Some(rows));
                }
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => match self.next_group()? {
                    Some(reader) => self.open = Some(reader),
                    None => return Ok(None),
                },
            }
        }
    }

    /// Reads fewer rows at once after some that were larger than the file let expect. The row group is opened anew for it, which is why
    /// it happens a few times at most in each.
    fn fit(&mut self, rows: &RecordBatch) {
        let bytes = rows.get_array_memory_size();
        if bytes <= BYTES || self.size == 1 {
            return;
        }
        let fitting = rows.num_rows() * BYTES / bytes;
        self.size = fitting.clamp(1, self.size / 2);
        self.open = None;
        self.group -= 1;
        self.unwanted = self.passed;
    }

    fn next_group(&mut self) -> io::Result<Option<ParquetRecordBatchReader>> {
        let number = self.group;
        let Some(group) = self.metadata.metadata().row_groups().get(number) else {
            return Ok(None);
        };
        let whole = |bytes: i64| usize::try_from(bytes).unwrap_or_default();
        let rows = whole(group.num_rows()).max(1);
        self.bytes_a_row = (whole(group.compressed_size()) / rows) as u64;
        if self.unwanted == 0 {
            self.size = ROWS.min(self.size * 2);
        }
        let in_file = (whole(group.total_byte_size()) / rows).max(1);
        self.size = self.size.min(BYTES / in_file).max(1);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.file.try_clone()?,
            self.metadata.clone(),
        );
        let reader = builder
            .with_row_groups(vec![number])
            .with_offset(self.unwanted)
            .with_batch_size(self.size)
            .build()?;
        self.group += 1;
        self.passed = std::mem::take(&mut self.unwanted);
        Ok(Some(reader))
    }

    /// How many rows a row group has, if it is there.
    fn rows_of(&self, group: usize) -> Option<usize> {
        let group = self.metadata.metadata().row_groups().get(group)?;
        Some(usize::try_from(group.num_rows()).unwrap_or_default())
    }
}

/// What a file says of itself. Documents are read as bytes, whatever it calls them: one that is no text is then an error in its place,
/// where a reader of texts gives up the file.
fn metadata(file: &File) -> Result<ArrowReaderMetadata, ParquetError> {
    let metadata = ArrowReaderMetadata::load(file, ArrowReaderOptions::new())?;
    match as_bytes(metadata.parquet_schema())? {
        None => Ok(metadata),
        Some(schema) => {
            let options = ArrowReaderOptions::new()
                .with_parquet_schema(Arc::new(schema))
                .with_skip_arrow_metadata(true);
            ArrowReaderMetadata::load(file, options)
        }
    }
}

/// The columns of a file of documents, as bytes; none of another file.
fn as_bytes(schema: &SchemaDescriptor) -> Result<Option<SchemaDescriptor>, ParquetError> {
    let root = schema.root_schema();
    let [field] = root.get_fields() else {
        return Ok(None);
    };
    let of = field.get_basic_info();
    let is_text = field.is_primitive()
        && field.get_physical_type() == Physical::BYTE_ARRAY
        && matches!(
            of.converted_type(),
            ConvertedType::NONE | ConvertedType::UTF8 | ConvertedType::JSON
        );
    if !is_text || field.name() != "record" || of.repetition() == Repetition::REPEATED {
        return Ok(None);
    }
    let field = Type::primitive_type_builder(field.name(), Physical::BYTE_ARRAY)
        .with_repetition(of.repetition())
        .build()?;
    let root = Type::group_type_builder(root.name())
        .with_fields(vec![Arc::new(field)])
        .build()?;
    Ok(Some(SchemaDescriptor::new(Arc::new(root))))
}

impl Batch {
    pub(in crate::fleet) fn len(&self) -> usize {
        self.rows.num_rows()
    }

    /// What long rows become may be many times the rows, so they take all the room there is, as long lines do.
    pub(in crate::fleet) fn cost(&self) -> usize {
        match self.rows.get_array_memory_size() {
            bytes if bytes >= LONG => MOST.max(bytes),
            bytes => bytes + self.len() * ASSESSMENT,
        }
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
