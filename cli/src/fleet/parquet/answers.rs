//! Answers as rows: what `octroi fleet` says of a device, in columns of the names of the JSON form.

use std::{io, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch, StringArray, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use octroi_columns::{Assessments, assessment_schema};

use crate::fleet::{
    form::{Layout, word},
    question::Answer,
};

/// Rows in the making.
pub(in crate::fleet) struct Answers {
    layout: Layout,
    file: Option<String>,
    assessments: Assessments,
    changes: Vec<Option<String>>,
    against: Assessments,
}

/// The columns of a run; those that not every run has come last.
pub(in crate::fleet) fn schema(layout: Layout) -> SchemaRef {
    let mut fields: Vec<_> = assessment_schema(true).fields().iter().cloned().collect();
    let mut add = |name: &str, of| fields.push(Arc::new(Field::new(name, of, true)));
    if layout.has_file {
        add("file", DataType::Utf8);
    }
    if layout.has_change {
        add("change", DataType::Utf8);
    }
    if layout.has_against {
        add(
            "against",
            DataType::Struct(assessment_schema(false).fields().clone()),
        );
    }
    Arc::new(Schema::new(fields))
}

impl Answers {
    /// Of an input of that name.
    pub(in crate::fleet) fn new(layout: Layout, file: Option<String>) -> io::Result<Self> {
        Ok(Self {
            layout,
            file,
            assessments: Assessments::new(true).map_err(io::Error::other)?,
            changes: Vec::new(),
            against: Assessments::new(false).map_err(io::Error::other)?,
        })
    }

    pub(in crate::fleet) fn add(&mut self, record: u64, answer: &Answer) -> io::Result<()> {
        self.push(record, answer).map_err(io::Error::other)
    }

    fn push(&mut self, record: u64, answer: &Answer) -> Result<(), ArrowError> {
        self.assessments.push(Some(record), &answer.judged)?;
        self.changes.push(answer.change.as_ref().map(word));
        match &answer.against {
            Some(against) => self.against.push(None, against),
            None => Ok(()),
        }
    }

    pub(in crate::fleet) fn finish(mut self) -> io::Result<RecordBatch> {
        self.batch().map_err(io::Error::other)
    }

    fn batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = self.assessments.finish()?;
        let mut columns = rows.columns().to_vec();
        if self.layout.has_file {
            let files = (0..rows.num_rows()).map(|_| self.file.as_deref());
            columns.push(Arc::new(StringArray::from_iter(files)) as ArrayRef);
        }
        if self.layout.has_change {
            columns.push(Arc::new(StringArray::from_iter(&self.changes)));
        }
        if self.layout.has_against {
            columns.push(Arc::new(StructArray::from(self.against.finish()?)));
        }
        RecordBatch::try_new(schema(self.layout), columns)
    }
}
