//! octroi for Python: what is behind the package `octroi`, which has the names and the documentation.
//!
//! Texts, columns and bytes cross here. No rule stands here, and while octroi works, Python's other threads do.

mod batch;
mod checked;
mod errors;
mod evidence;
mod export;
mod rules;

use octroi_core::{Record, assess};
use pyo3::prelude::*;
use rules::{Deployment, Policies};

/// The module that the package imports from.
#[pymodule(gil_used = false)]
mod _octroi {
    #[pymodule_export]
    use super::assess_json;
    #[pymodule_export]
    use super::batch::{Assessments, assess_batch, assessment_schema, record_schema};
    #[pymodule_export]
    use super::evidence::verify_evidence;
    #[pymodule_export]
    use super::export::read_export;
    #[pymodule_export]
    use super::rules::{Deployment, Policies};
}

/// Assesses one record.
#[pyfunction]
fn assess_json(
    python: Python<'_>,
    record: &str,
    policies: &Policies,
    deployment: &Deployment,
    at: &str,
) -> PyResult<String> {
    let at = rules::instant(python, "at", at)?;
    let assessed = python.detach(|| {
        let record = Record::from_json(record.as_bytes(), &policies.selected)?;
        Ok(assess(&policies.selected, &record, &deployment.read, at).to_json())
    });
    assessed.map_err(|error| errors::of_document(python, error))
}
