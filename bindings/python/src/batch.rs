//! Columns, in and out by Arrow's PyCapsule interface: what both sides read is the same memory.
//!
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>

use arrow_array::{
    Array, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray,
    ffi::{FFI_ArrowSchema, to_ffi},
    ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader},
};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::{
    exceptions::PyRuntimeError,
    intern,
    prelude::*,
    types::{PyCapsule, PyTuple},
};

use crate::{
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

/// Assesses each row of a batch, or of all batches of a stream or a table.
#[pyfunction]
pub(crate) fn assess_batch(
    python: Python<'_>,
    records: &Bound<'_, PyAny>,
    policies: &Policies,
    deployment: &Deployment,
    at: &str,
) -> PyResult<Assessments> {
    let at = instant(python, "at", at)?;
    let assess = |batch: &RecordBatch| {
        octroi_columns::assess_batch(batch, &policies.selected, &deployment.read, at)
    };
    let mut batches = Vec::new();
    if records.hasattr(intern!(python, "__arrow_c_array__"))? {
        let batch = RecordBatch::from_pyarrow_bound(records)?;
        batches.push(python.detach(|| assess(&batch)));
    } else if records.hasattr(intern!(python, "__arrow_c_stream__"))? {
        let mut reader = RecordBatchStreamReader::from_pyarrow_bound(records)?;
        batches = python.detach(|| {
            // Columns that are none of a record's are wrong even if there is no row.
            let nothing = RecordBatch::new_empty(reader.schema());
            if let Err(error) = assess(&nothing) {
                return vec![Err(error)];
            }
            let batches = reader.by_ref().map(|batch| assess(&batch?));
            batches.collect()
        });
    } else {
        let found = format!("a `{}`", records.get_type().name()?);
        let expected = "columns: something with `__arrow_c_array__` or `__arrow_c_stream__`, such as a batch or table of \
                        pyarrow, or a frame of Polars";
        return Err(Fault::new("", found, expected).raised(python));
    }
    let batches = batches.into_iter().collect::<Result<Vec<_>, _>>();
    Ok(Assessments {
        schema: octroi_columns::assessment_schema(false),
        batches: batches.map_err(|error| errors::of_columns(python, error))?,
    })
}

fn capsule<'py>(python: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|error| broken(&error))?;
    PyCapsule::new_with_value(python, schema, c"arrow_schema")
}

/// What Arrow says of our own columns, which its interface can carry.
fn broken(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
