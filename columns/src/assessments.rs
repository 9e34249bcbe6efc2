//! What was decided, as columns.

use arrow_array::RecordBatch;
use arrow_json::reader::{Decoder, ReaderBuilder};
use arrow_schema::{ArrowError, SchemaRef};
use octroi_core::{Assessment, NonEmpty};
use octroi_exports::LineError;
use serde::Serialize;

use crate::schema::assessment_schema;

/// Assessments in the making, as columns of [`assessment_schema`].
pub struct Assessments {
    schema: SchemaRef,
    decoder: Decoder,
}

impl Assessments {
    /// None yet. `numbered` says whether there is a column `record`.
    ///
    /// # Errors
    ///
    /// None that can happen: Arrow's interface has one.
    pub fn new(numbered: bool) -> Result<Self, ArrowError> {
        let schema = assessment_schema(numbered);
        let decoder = ReaderBuilder::new(schema.clone()).build_decoder()?;
        Ok(Self { schema, decoder })
    }

    /// Adds a row: what was decided, or why the record could not be read. `record` is its number, for the column of that name.
    ///
    /// # Errors
    ///
    /// More than memory holds.
    pub fn push(
        &mut self,
        record: Option<u64>,
        outcome: &Result<Assessment, LineError>,
    ) -> Result<(), ArrowError> {
        let row = match outcome {
            Ok(assessment) => Row::Assessed { record, assessment },
            Err(error) => Row::Refused {
                record,
                device_id: error.device_id.as_ref(),
                error,
            },
        };
        self.decoder.serialize(&[row])
    }

    /// What was added since the last time.
    ///
    /// # Errors
    ///
    /// More text in a column than it holds, 2 GiB.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let batch = self.decoder.flush()?;
        Ok(batch.unwrap_or_else(|| RecordBatch::new_empty(self.schema.clone())))
    }
}

/// A line of `octroi fleet`, which has the names of the columns.
#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Assessed {
        record: Option<u64>,
        #[serde(flatten)]
        assessment: &'a Assessment,
    },
    Refused {
        record: Option<u64>,
        device_id: Option<&'a NonEmpty>,
        error: &'a LineError,
    },
}
