//! `octroi fleet`: how many devices a second, and in how much memory.

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::clock;
use crate::workload::{AT, Workload};

/// The records in the file that is timed.
const TIMED: u32 = 100_000;
/// The records that are piped in while memory is watched.
pub(crate) const WATCHED: usize = 1_000_000;
const ROUNDS: usize = 5;

/// What was measured.
pub(crate) struct Fleet {
    /// With the policies that ship.
    pub(crate) shipped: Speeds,
    /// With the policy of many regulated apps.
    pub(crate) large: Speeds,
    /// The most memory that was ever resident, in MiB, with the policies that ship.
    pub(crate) memory: f64,
}

/// Devices a second.
pub(crate) struct Speeds {
    /// On one core.
    pub(crate) one_core: f64,
    /// On two cores.
    pub(crate) two_cores: f64,
}

/// Measures them.
pub(crate) fn measure(octroi: &Path, workload: &Workload) -> Result<Fleet> {
    let devices = Devices::write(workload)?;
    let policy = Policy::write(workload)?;
    let large = Some(&policy.file);
    let mut runs = [("0", None), ("0,1", None), ("0", large), ("0,1", large)];
    let medians = clock::in_turns(ROUNDS, &mut runs, |(cores, policy)| {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", cores]).arg(octroi);
        let command = quiet(&mut command).arg(&devices.file);
        if let Some(policy) = policy {
            command.arg("--policy").arg(policy);
        }
        let taken = clock::time(|| succeeded(command.status().context("cannot start `taskset`")?))?;
        Ok(f64::from(TIMED) / taken.as_secs_f64())
    })?;
    let &[shipped, shipped_on_two, large, large_on_two] = medians.as_slice() else {
        bail!("not four speeds");
    };
    let speeds = |one_core, two_cores| Speeds {
        one_core,
        two_cores,
    };
    Ok(Fleet {
        shipped: speeds(shipped, shipped_on_two),
        large: speeds(large, large_on_two),
        memory: memory(octroi, workload)?,
    })
}

/// A file of devices, for as long as it is needed.
struct Devices {
    file: PathBuf,
}

impl Devices {
    fn write(workload: &Workload) -> Result<Self> {
        let file = env::current_exe()
            .context("cannot find this program")?
            .with_extension("ndjson");
        let devices = Self { file };
        let cannot_write = || format!("cannot write `{}`", devices.file.display());
        let mut output = BufWriter::new(File::create(&devices.file).with_context(cannot_write)?);
        for (number, phone) in (0..TIMED).zip(workload.phones.iter().cycle()) {
            output
                .write_all(phone.line(number as usize)?.as_bytes())
                .with_context(cannot_write)?;
        }
        output.flush().with_context(cannot_write)?;
        // What the system has still to write would take its time from what is timed.
        output.get_ref().sync_all().with_context(cannot_write)?;
        Ok(devices)
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        // Nothing depends on it: the next run writes over it.
        let _ = fs::remove_file(&self.file);
    }
}

/// The policy in a file, for as long as it is needed.
struct Policy {
    file: PathBuf,
}

impl Policy {
    fn write(workload: &Workload) -> Result<Self> {
        let file = env::current_exe()
            .context("cannot find this program")?
            .with_extension("policy.json");
        fs::write(&file, &workload.policy)
            .with_context(|| format!("cannot write `{}`", file.display()))?;
        Ok(Self { file })
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// The peak of resident memory over many records, in MiB.
fn memory(octroi: &Path, workload: &Workload) -> Result<f64> {
    let mut child = quiet(&mut Command::new(octroi))
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start octroi")?;
    let mut stdin = child.stdin.take().context("octroi has no input")?;
    let peak = thread::scope(|scope| {
        let peak = scope.spawn(|| watch(&mut child));
        for (number, phone) in (0..WATCHED).zip(workload.phones.iter().cycle()) {
            stdin
                .write_all(phone.line(number)?.as_bytes())
                .context("octroi stopped reading")?;
        }
        drop(stdin);
        peak.join()
            .map_err(|_| anyhow::anyhow!("the watch over octroi ended"))?
    })?;
    Ok(peak as f64 / 1024.0)
}

/// Watches until its end; returns the most memory that the kernel ever gave it, in KiB.
fn watch(child: &mut Child) -> Result<u64> {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait().context("cannot watch octroi")? {
            succeeded(status)?;
            ensure!(peak > 0, "`{path}` never told the peak of its memory");
            return Ok(peak);
        }
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        peak = kibibytes
            .and_then(|kibibytes| kibibytes.parse().ok())
            .unwrap_or(peak);
        thread::sleep(Duration::from_millis(5));
    }
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .args(["fleet", "--at", AT])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

fn succeeded(status: ExitStatus) -> Result<()> {
    ensure!(status.success(), "`octroi fleet` failed ({status})");
    Ok(())
}
