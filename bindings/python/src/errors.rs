//! What is wrong with what was handed in, as the package's exception.

use octroi_columns::{BatchError, SchemaError};
use octroi_core::{PoliciesError, ReadError};
use octroi_exports::{ExportError, Place};
use pyo3::prelude::*;

/// Where it is, and what.
#[derive(Default)]
pub(crate) struct Fault {
    pub(crate) line: Option<usize>,
    pub(crate) column: Option<usize>,
    pub(crate) path: String,
    pub(crate) found: String,
    pub(crate) expected: String,
}

impl Fault {
    pub(crate) fn new(path: &str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            found: found.into(),
            expected: expected.into(),
            ..Self::default()
        }
    }

    /// `octroi.OctroiError`, or why Python could not make one.
    pub(crate) fn raised(self, python: Python<'_>) -> PyErr {
        let Self {
            line,
            column,
            path,
            found,
            expected,
        } = self;
        let module = python.import("octroi._error");
        let raised = module
            .and_then(|module| module.getattr("OctroiError"))
            .and_then(|class| class.call1((path, found, expected, line, column)));
        raised.map_or_else(|error| error, PyErr::from_value)
    }
}

pub(crate) fn of_document(python: Python<'_>, error: ReadError) -> PyErr {
    let fault = Fault {
        line: Some(error.line),
        column: Some(error.column),
        ..Fault::new(&error.path.to_string(), error.found, error.expected)
    };
    fault.raised(python)
}

pub(crate) fn of_policies(python: Python<'_>, error: &PoliciesError) -> PyErr {
    Fault::new("policies", error.to_string(), "policies that go together").raised(python)
}

pub(crate) fn of_export(python: Python<'_>, error: ExportError) -> PyErr {
    let mut fault = Fault::new("", error.found, error.expected);
    match error.place {
        Place::Json { line, column, path } => {
            fault.line = Some(line);
            fault.column = Some(column);
            fault.path = path;
        }
        Place::Text { line, column } => {
            fault.line = Some(line);
            fault.column = Some(column);
        }
        Place::Path(path) => fault.path = path,
        Place::Platform => fault.path = "platform".to_owned(),
        other @ Place::Offset(_) => fault.path = other.to_string(),
        Place::Whole | Place::Devices => {}
    }
    fault.raised(python)
}

pub(crate) fn of_columns(python: Python<'_>, error: BatchError) -> PyErr {
    match error {
        BatchError::Schema(SchemaError {
            path,
            found,
            expected,
        }) => Fault::new(&path, found, expected).raised(python),
        BatchError::Arrow(error) => {
            Fault::new("", error.to_string(), "a batch of fewer rows").raised(python)
        }
    }
}
