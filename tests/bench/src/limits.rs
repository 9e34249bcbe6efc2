//! What no decision can go below: the lookups alone, and reading the bytes alone.

use std::borrow::Cow;
use std::hint::black_box;

use anyhow::Result;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::case::{Answer, Run};
use crate::workload::{Phone, Workload};

/// One lookup for each app of the phone, in a table that is ready.
pub(crate) fn probes(workload: &Workload, phone: &Phone) -> Result<Run> {
    let numbered = workload
        .identifiers
        .iter()
        .map(|id| id.as_str().into())
        .zip(0..);
    let table: FxHashMap<Box<str>, u32> = numbered.collect();
    let installed = phone.installed.clone();
    Ok(Box::new(move || {
        let found = installed
            .iter()
            .filter(|id| table.contains_key(id.as_str()));
        black_box(found.count());
        Ok(Answer::Nothing)
    }))
}

/// serde_json reading the record into the types below: borrowed where it can be, nothing checked, nothing looked up.
pub(crate) fn parse(_: &Workload, phone: &Phone) -> Result<Run> {
    let record = phone.record.clone();
    Ok(Box::new(move || {
        let phone: Parsed<'_> = serde_json::from_str(&record)?;
        let apps = phone
            .observations
            .iter()
            .flat_map(|observation| &observation.apps);
        black_box(apps.map(|app| app.id.len()).sum::<usize>());
        Ok(Answer::Nothing)
    }))
}

/// The quotes in the record, counted.
pub(crate) fn memchr(_: &Workload, phone: &Phone) -> Result<Run> {
    let record = phone.record.clone();
    Ok(Box::new(move || {
        black_box(memchr::memchr_iter(b'"', record.as_bytes()).count());
        Ok(Answer::Nothing)
    }))
}

#[derive(Deserialize)]
struct Parsed<'a> {
    #[serde(rename = "device")]
    _device: IgnoredAny,
    #[serde(borrow)]
    observations: Vec<Observation<'a>>,
}

#[derive(Deserialize)]
struct Observation<'a> {
    #[serde(borrow)]
    apps: Vec<App<'a>>,
}

#[derive(Deserialize)]
struct App<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}
