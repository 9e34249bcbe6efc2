//! What was decided, as columns.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use octroi_core::{Assessment, NonEmpty};
use octroi_exports::LineError;
use serde::Serialize;
use serde_arrow::ArrayBuilder;

use crate::schema::assessment_schema;

/// Assessments in the making, as columns of [`assessment_schema`].
pub struct Assessments {
    rows: ArrayBuilder,
}

impl Assessments {
    /// None yet. `numbered` says whether there is a column `record`.
    ///
    /// # Errors
    ///
    /// None that can happen: Arrow's interface has one.
    pub fn new(numbered: bool) -> Result<Self, ArrowError> {
        let rows = ArrayBuilder::from_arrow(assessment_schema(numbered).fields());
        Ok(Self {
            rows: rows.map_err(arrow)?,
        })
    }

    /// Adds a row: what was decided, or why the record could not be read. `record` is its number, for the column of that name.
    ///
    /// # Errors
    ///
    /// More text in a column than it holds, 2 GiB; no more can be added then.
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
        self.rows.push(&row).map_err(arrow)
    }

    /// What was added since the last time.
    ///
    /// # Errors
    ///
    /// None that can happen: Arrow's interface has one.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        self.rows.to_record_batch().map_err(arrow)
    }
}

fn arrow(error: serde_arrow::Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
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
