//! What phones and MDMs print.

use octroi_core::{Platform, Scope};
use octroi_exports::{Kind, Options, TimeZone, read};
use pyo3::prelude::*;

use crate::{
    errors::{self, Fault},
    rules::Policies,
};

/// Reads an export: the record, and what a person should know of the reading, both as JSON.
#[pyfunction]
#[pyo3(signature = (export, kind, policies, platform, time_zone, profile))]
pub(crate) fn read_export(
    python: Python<'_>,
    export: &[u8],
    kind: Option<&str>,
    policies: &Policies,
    platform: Option<&str>,
    time_zone: Option<&str>,
    profile: bool,
) -> PyResult<(String, String)> {
    let wrong = |path, found: &str, expected: String| {
        Fault::new(path, format!("`{found}`"), expected).raised(python)
    };
    let named = |name: &str| Kind::ALL.into_iter().find(|kind| kind.name() == name);
    let kind = match kind {
        None => None,
        Some(name) => Some(named(name).ok_or_else(|| {
            let known = Kind::ALL.map(Kind::name).join("`, `");
            wrong("kind", name, format!("`auto` or one of `{known}`"))
        })?),
    };
    let system = |name: &str| {
        let found = Platform::ALL.into_iter().find(|one| one.as_str() == name);
        let known = Platform::ALL.map(Platform::as_str).join("`, `");
        found.ok_or_else(|| wrong("platform", name, format!("one of `{known}`")))
    };
    let zone = |name: &str| {
        let expected = "an IANA name such as Europe/Brussels, or a POSIX rule";
        TimeZone::parse(name).ok_or_else(|| wrong("time_zone", name, expected.to_owned()))
    };
    let options = Options {
        platform: platform.map(system).transpose()?,
        time_zone: time_zone.map(zone).transpose()?,
        scope: match profile {
            true => Scope::Profile,
            false => Scope::Device,
        },
    };
    let reading = python.detach(|| {
        let kind = kind.map_or_else(|| Kind::detect(export), Ok)?;
        read(export, kind, &policies.selected, &options)
    });
    let reading = reading.map_err(|error| errors::of_export(python, error))?;
    // Nothing in a note can fail to be written.
    let notes = serde_json::to_string(&reading.notes).unwrap_or_default();
    Ok((reading.record.to_json(), notes))
}
