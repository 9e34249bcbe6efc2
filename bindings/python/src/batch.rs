//! Columns, in and out by Arrow's PyCapsule interface: what both sides read is the same memory.
//!
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray,
    ffi::{FFI_ArrowSchema, to_ffi},
    ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader},
};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use octroi_columns::BatchError;
use pyo3::{
    exceptions::PyRuntimeError,
    intern,
    prelude::*,
    types::{PyCapsule, PyTuple},
};

use crate::{
    checked,
    errors::{self, Fault},
    rules::{Deployment, Policies, instant},
};

/// What was decided, one row for each device.
#[pyclass(frozen, module = "octroi")]
pub(crate) struct Assessments {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Assessments {
    fn __repr__(&self) -> String {
        let rows = self.__len__();
        format!(
            "<octroi.Assessments: {rows} rows; pyarrow.table(…) or polars.DataFrame(…) reads them>"
        )
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        python: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        // Who asks for another schema gets this one, as the interface allows, and casts it.
        drop(requested_schema);
        let [batch] = self.batches.as_slice() else {
            let found = format!("{} batches", self.batches.len());
            let expected = "one batch; `__arrow_c_stream__` gives each";
            return Err(Fault::new("", found, expected).raised(python));
        };
        let (array, schema) =
            to_ffi(&StructArray::from(batch.clone()).to_data()).map_err(|error| broken(&error))?;
        let schema = PyCapsule::new_with_value(python, schema, c"arrow_schema")?;
        let array = PyCapsule::new_with_value(python, array, c"arrow_array")?;
        PyTuple::new(python, [schema, array])
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        python: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, self.schema.clone());
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(python, stream, c"arrow_array_stream")
    }

    fn __arrow_c_schema__<'py>(&self, python: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule(python, &self.schema)
    }
}

/// A schema that other libraries read.
#[pyclass(frozen, module = "octroi")]
pub(crate) struct ArrowSchema(SchemaRef);

#[pymethods]
impl ArrowSchema {
    fn __arrow_c_schema__<'py>(&self, python: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule(python, &self.0)
    }
}

#[pyfunction]
pub(crate) fn record_schema() -> ArrowSchema {
    ArrowSchema(octroi_columns::record_schema())
}

#[pyfunction]
pub(crate) fn assessment_schema() -> ArrowSchema {
    ArrowSchema(octroi_columns::assessment_schema(false))
}

/// Assesses each row of a batch, or of all batches of a stream or a table. `bad_records` asks for a last column of that name.
#[pyfunction]
pub(crate) fn assess_batch(
    python: Python<'_>,
    records: &Bound<'_, PyAny>,
    policies: &Policies,
    deployment: &Deployment,
    at: &str,
    bad_records: bool,
) -> PyResult<Assessments> {
    let at = instant(python, "at", at)?;
    let assess = |batch: &RecordBatch| -> Result<RecordBatch, Unjudged> {
        let (policies, deployment) = (&policies.selected, &deployment.read);
        let assessed = octroi_columns::assess_batch(batch, policies, deployment, at)?;
        match bad_records {
            true => Ok(with_bad_records(batch, assessed)?),
            false => Ok(assessed),
        }
    };
    let batches = if records.hasattr(intern!(python, "__arrow_c_stream__"))? {
        let reader = imported(|| RecordBatchStreamReader::from_pyarrow_bound(records))
            .map_err(|error| Fault::new("", error, COLUMNS).raised(python))?;
        python.detach(|| of_stream(reader, assess))
    } else if records.hasattr(intern!(python, "__arrow_c_array__"))? {
        let batch = imported(|| RecordBatch::from_pyarrow_bound(records))
            .map_err(|error| Fault::new("", error, COLUMNS).raised(python))?;
        python.detach(|| assess(&batch).map(|assessed| vec![assessed]))
    } else {
        let found = format!("a `{}`", records.get_type().name()?);
        return Err(Fault::new("", found, COLUMNS).raised(python));
    };
    let batches = batches.map_err(|error| error.raised(python))?;
    let schema = batches.first().map(RecordBatch::schema);
    let schema = schema.unwrap_or_else(|| octroi_columns::assessment_schema(false));
    Ok(Assessments { schema, batches })
}

const COLUMNS: &str = "columns as Arrow has them: something with `__arrow_c_array__` or `__arrow_c_stream__`, such as a batch or table of \
                       pyarrow, or a frame of Polars";

/// Why nothing was judged.
enum Unjudged {
    Batch(BatchError),
    /// Whoever gives the batches could not, or what they hold breaks Arrow's own rules.
    Stream(ArrowError),
}

impl From<BatchError> for Unjudged {
    fn from(error: BatchError) -> Self {
        Self::Batch(error)
    }
}

impl From<ArrowError> for Unjudged {
    fn from(error: ArrowError) -> Self {
        Self::Stream(error)
    }
}

impl Unjudged {
    fn raised(self, python: Python<'_>) -> PyErr {
        match self {
            Self::Batch(error) => errors::of_columns(python, error),
            Self::Stream(error) => {
                let expected = "columns that can be read to their end, and text in UTF-8";
                Fault::new("", error.to_string(), expected).raised(python)
            }
        }
    }
}

/// What comes from elsewhere, or why it cannot be had. Who wrote the import takes pyarrow's exceptions for granted, and panics where there
/// is no pyarrow.
fn imported<T>(import: impl FnOnce() -> PyResult<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(import)) {
        Ok(imported) => imported.map_err(|error| error.to_string()),
        Err(_) => Err("columns that break Arrow's rules".to_owned()),
    }
}

fn of_stream(
    reader: RecordBatchStreamReader,
    assess: impl Fn(&RecordBatch) -> Result<RecordBatch, Unjudged>,
) -> Result<Vec<RecordBatch>, Unjudged> {
    // Columns that are none of a record's are wrong even if there is no row.
    let empty = assess(&RecordBatch::new_empty(reader.schema()))?;
    let assessed = reader.map(|batch| {
        let batch = batch?;
        checked::check(&batch)?;
        assess(&batch)
    });
    let mut assessed = assessed.collect::<Result<Vec<_>, _>>()?;
    if assessed.is_empty() {
        assessed.push(empty);
    }
    Ok(assessed)
}

fn with_bad_records(batch: &RecordBatch, assessed: RecordBatch) -> Result<RecordBatch, BatchError> {
    let bad = octroi_columns::bad_records(batch, &assessed)?;
    let field = Field::new("bad_record", DataType::Utf8, true);
    let fields = assessed.schema_ref().fields().iter().cloned();
    let fields: Vec<_> = fields.chain([Arc::new(field)]).collect();
    let columns = assessed.columns().iter().cloned();
    let columns = columns.chain([Arc::new(bad) as ArrayRef]).collect();
    Ok(RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns,
    )?)
}

fn capsule<'py>(python: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| broken(&error))?;
    PyCapsule::new_with_value(python, schema, c"arrow_schema")
}

/// What Arrow says of our own columns, which its interface can carry.
fn broken(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
