//! What the bench of Python (`tests/bench/python`) needs of Rust: the fleet that it judges, and the loops over it that one would write
//! in Rust.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::case::{Answer, Run};
use crate::workload::{Phone, Workload};
use crate::{octroi, rego};

/// Writes the fleet, the policy and the identifiers of its apps.
pub(crate) const WRITE: &str = "--write-fleet";
/// Judges the fleet in a loop, and prints how many devices a second.
pub(crate) const LOOP: &str = "--loop";

/// A program for the loops: this one once more, for each device.
type Engine = fn(&Workload, &Phone) -> Result<Run>;

/// Writes them into a folder.
pub(crate) fn write(folder: &Path, devices: usize) -> Result<()> {
    let workload = Workload::new()?;
    fs::write(folder.join("policy.json"), &workload.policy)?;
    let identifiers = serde_json::to_string(&workload.identifiers)?;
    fs::write(folder.join("identifiers.json"), identifiers)?;
    let mut file = BufWriter::new(File::create(folder.join("devices.ndjson"))?);
    for (number, phone) in workload.phones.iter().cycle().take(devices).enumerate() {
        file.write_all(phone.line(number)?.as_bytes())?;
    }
    file.flush().context("cannot write the fleet")
}

/// From each record as JSON to its decision as JSON, by octroi and by regorus, as often as is said.
pub(crate) fn run(devices: usize) -> Result<String> {
    let octroi = speed(octroi::json, devices)?;
    let regorus = speed(rego::each_json, devices)?;
    Ok(format!("octroi {octroi:.0}\nregorus {regorus:.0}"))
}

fn speed(engine: Engine, devices: usize) -> Result<f64> {
    let workload = Workload::new()?;
    let runs: Result<Vec<_>> = workload
        .phones
        .iter()
        .map(|phone| engine(&workload, phone))
        .collect();
    let mut runs = runs?;
    let started = Instant::now();
    let count = runs.len();
    for number in 0..devices {
        let run = runs.get_mut(number % count).context("no phones")?;
        let Answer::Json(json) = run()? else {
            continue;
        };
        ensure!(!json.is_empty(), "no decision");
    }
    Ok(devices as f64 / started.elapsed().as_secs_f64())
}
