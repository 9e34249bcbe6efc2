//! Devices as columns: records in, assessments out, as [Apache Arrow](https://arrow.apache.org/docs/format/Columnar.html) has them.
//!
//! [`Records`] reads the rows of a batch where they lie, without copying them; what it makes of a row is the core's own reading of
//! its form, so a row that is wrong names its place as a line of JSON does. [`Assessments`] writes what was decided.
//! A row that cannot be read is an error in its place, and no row is lost.
//!
//! `docs/fleet.md` tells how both schemas differ from the forms in JSON.
#![forbid(unsafe_code)]

mod assessments;
mod column;
mod records;
mod row;
mod schema;
mod shown;

pub use assessments::Assessments;
pub use column::SchemaError;
pub use records::Records;
pub use schema::{assessment_schema, record_schema};

use arrow_array::{Array as _, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use octroi_core::{Deployment, Instant, Policies, assess};

/// Assesses each row of a batch: as many rows out as in, in the same order.
///
/// # Errors
///
/// Columns that are not those of a record. What is wrong with a row is no error: it stands in the row's `error`.
pub fn assess_batch(
    batch: &RecordBatch,
    policies: &Policies,
    deployment: &Deployment,
    at: Instant,
) -> Result<RecordBatch, BatchError> {
    let records = Records::new(batch)?;
    let mut assessments = Assessments::new(false)?;
    for row in 0..records.len() {
        let record = records.read(row, policies);
        let outcome = record.map(|record| assess(policies, &record, deployment, at));
        assessments.push(None, &outcome)?;
    }
    Ok(assessments.finish()?)
}

/// Each row of a batch that has an error in what [`assess_batch`] made of it, as JSON, so that somebody can look at it and mend it.
///
/// Null where a row has none. What is no text in UTF-8 is shown as well as it can be, and an instant or a day that the form cannot write
/// as the number that it is.
///
/// # Errors
///
/// As [`Records::new`].
pub fn bad_records(
    batch: &RecordBatch,
    assessed: &RecordBatch,
) -> Result<StringArray, SchemaError> {
    let records = Records::new(batch)?;
    let errors = assessed.column_by_name("error");
    let is_bad = |row: &usize| errors.is_some_and(|errors| errors.is_valid(*row));
    let rows = 0..records.len();
    Ok(rows
        .map(|row| Some(row).filter(is_bad).and_then(|row| records.shown(row)))
        .collect())
}

/// Why a batch could not be assessed.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Its columns are not those of a record.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// More text than a column holds, 2 GiB.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}
