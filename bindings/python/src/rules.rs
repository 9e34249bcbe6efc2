//! Policies and deployments, read once and used by any thread.

use std::collections::BTreeMap;

use octroi_core::{Instant, Policy, embedded};
use pyo3::prelude::*;

use crate::errors::{self, Fault};

#[pyclass(frozen, module = "octroi")]
pub(crate) struct Deployment {
    pub(crate) read: octroi_core::Deployment,
    json: String,
}

#[pymethods]
impl Deployment {
    #[new]
    fn new(python: Python<'_>, json: String) -> PyResult<Self> {
        let read = octroi_core::Deployment::from_json(json.as_bytes());
        let read = read.map_err(|error| errors::of_document(python, error))?;
        Ok(Self { read, json })
    }

    #[getter]
    fn json(&self) -> &str {
        &self.json
    }
}

#[pyclass(frozen, module = "octroi")]
pub(crate) struct Policies {
    pub(crate) selected: octroi_core::Policies,
}

#[pymethods]
impl Policies {
    /// From documents, or from those that ship where there are none.
    #[new]
    fn new(
        python: Python<'_>,
        documents: Option<Vec<String>>,
        deployment: &Deployment,
        stale_since: BTreeMap<String, String>,
    ) -> PyResult<Self> {
        let document = |error| errors::of_document(python, error);
        let mut policies = match documents {
            None => embedded().map_err(document)?.to_vec(),
            Some(documents) => documents
                .iter()
                .map(|json| Policy::from_json(json.as_bytes()))
                .collect::<Result<_, _>>()
                .map_err(document)?,
        };
        for (id, since) in stale_since {
            let since = instant(python, "stale_since", &since)?;
            let Some(policy) = policies
                .iter_mut()
                .find(|policy| policy.id().as_str() == id)
            else {
                let fault = Fault::new("stale_since", format!("`{id}`"), "one of the policies");
                return Err(fault.raised(python));
            };
            *policy = policy.clone().with_stale_since(Some(since));
        }
        let selected = octroi_core::Policies::select(&deployment.read, &policies);
        let selected = selected.map_err(|error| errors::of_policies(python, &error))?;
        Ok(Self { selected })
    }

    /// Whether another deployment than theirs may be used with them: it names the same ones, in the same order.
    fn are_of(&self, python: Python<'_>, deployment: &Deployment) -> PyResult<()> {
        let policies: Vec<_> = self.selected.iter().cloned().collect();
        octroi_core::Policies::select(&deployment.read, &policies)
            .map(drop)
            .map_err(|error| errors::of_policies(python, &error))
    }

    /// Their documents.
    #[getter]
    fn documents(&self) -> Vec<String> {
        self.selected.iter().map(Policy::to_json).collect()
    }

    /// Since when those are unconfirmed that are.
    #[getter]
    fn stale_since(&self) -> BTreeMap<String, String> {
        let policies = self.selected.iter();
        let stale = policies.filter_map(|policy| Some((policy.id(), policy.stale_since()?)));
        stale
            .map(|(id, since)| (id.to_string(), since.to_string()))
            .collect()
    }

    /// Id and version of each.
    #[getter]
    fn versions(&self) -> Vec<(String, u32)> {
        let policies = self.selected.iter();
        policies
            .map(|policy| (policy.id().to_string(), policy.document().version))
            .collect()
    }
}

pub(crate) fn instant(python: Python<'_>, path: &str, text: &str) -> PyResult<Instant> {
    Instant::parse(text).ok_or_else(|| {
        let expected = "an instant in RFC 3339 with an offset, such as `2023-03-28T08:00:00+02:00`, before the end of 9999-12-30";
        Fault::new(path, format!("`{text}`"), expected).raised(python)
    })
}
