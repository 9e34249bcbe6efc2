//! On what and against which versions was measured: a number alone says little.

use std::fs;
use std::thread;

use anyhow::{Context, Result};

use crate::table::thousands;

const LOCK: &str = include_str!("../Cargo.lock");

/// One sentence about it.
pub(crate) fn sentence(record: usize) -> Result<String> {
    let [regorus, cedar] = ["regorus", "cedar-policy"].map(version);
    let (regorus, cedar) = (regorus?, cedar?);
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let (processor, record) = (processor(), thousands(record as u64));
    Ok(format!(
        "Measured on {cores} cores of {processor}, against regorus {regorus} and cedar-policy {cedar}; a record has {record} bytes. Sizes are those that were recorded when the libraries were built, without what is for debuggers.",
    ))
}

/// The version of a package in the lock file.
fn version(package: &str) -> Result<&'static str> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let version = LOCK
        .split_once(&entry)
        .and_then(|(_, rest)| rest.split('"').next());
    version.with_context(|| format!("Cargo.lock knows no `{package}`"))
}

fn processor() -> String {
    let described = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = described
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map(|model| model.trim_start_matches([' ', '\t', ':']));
    model.unwrap_or("an unnamed processor").to_owned()
}
