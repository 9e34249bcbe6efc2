//! What no decision can go below: the lookups alone, and reading the bytes alone.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, Hasher};
use std::hint::black_box;

use anyhow::Result;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::case::{Answer, Run};
use crate::workload::{Phone, Workload};

/// One lookup for each app of the phone: the table is ready, and the identifiers are hashed, as octroi's record is prepared.
pub(crate) fn probes(workload: &Workload, phone: &Phone) -> Result<Run> {
    let numbered = workload.identifiers.iter().map(Hashed::new).zip(0..);
    let table: FxHashMap<Hashed, u32> = numbered.collect();
    let installed: Vec<_> = phone.installed.iter().map(Hashed::new).collect();
    Ok(Box::new(move || {
        let found = installed.iter().filter(|id| table.contains_key(id));
        black_box(found.count());
        Ok(Answer::Nothing)
    }))
}

/// An identifier that is not hashed again.
#[derive(PartialEq, Eq)]
struct Hashed {
    hash: u64,
    id: Box<str>,
}

impl Hashed {
    fn new(id: &String) -> Self {
        Self {
            hash: FxBuildHasher.hash_one(id),
            id: id.as_str().into(),
        }
    }
}

impl Hash for Hashed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
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
