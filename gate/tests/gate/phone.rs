//! A phone to hold a gate: a folder, a clock that is set by hand, and what its system sees.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use octroi_core::{
    Assessment, Code, Deployment, Identifier, Instant, Label, Observation, Ownership,
    OwnershipStatement, Platform, Probe, Record, Scope, Seen, SeenApp, Source,
};
use octroi_gate::{Clock, ClockError, Gate, GateError};
use tempfile::TempDir;

pub(crate) const TIKTOK: &str = "com.zhiliaoapp.musically";

pub(crate) fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[derive(Clone, Default)]
pub(crate) struct Hand(Arc<AtomicI64>);

impl Clock for Hand {
    fn now(&self) -> Result<Instant, ClockError> {
        match self.0.load(Ordering::SeqCst) {
            i64::MAX => Err(ClockError {
                reason: "no battery".to_owned(),
            }),
            seconds => Ok(Instant::from_unix_seconds(seconds)),
        }
    }
}

pub(crate) struct Phone {
    folder: TempDir,
    /// Where the state is, if not there.
    elsewhere: Option<PathBuf>,
    clock: Hand,
    pub(crate) deployment: Deployment,
}

impl Phone {
    pub(crate) fn new(at: &str) -> Self {
        let phone = Self {
            folder: TempDir::new().unwrap(),
            elsewhere: None,
            clock: Hand::default(),
            deployment: Deployment::default(),
        };
        phone.set(at);
        phone
    }

    pub(crate) fn set(&self, at: &str) {
        let seconds = instant(at).unix_seconds();
        self.clock.0.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn break_clock(&self) {
        self.clock.0.store(i64::MAX, Ordering::SeqCst);
    }

    pub(crate) fn move_to(&mut self, folder: PathBuf) {
        self.elsewhere = Some(folder);
    }

    pub(crate) fn folder(&self) -> PathBuf {
        let here = || self.folder.path().join("octroi");
        self.elsewhere.clone().unwrap_or_else(here)
    }

    pub(crate) fn try_open(&self) -> Result<Gate, GateError> {
        let clock = Box::new(self.clock.clone());
        Gate::open(&self.folder(), self.deployment.clone(), clock)
    }

    pub(crate) fn open(&self) -> Gate {
        self.try_open().unwrap()
    }

    /// What stands in the folder, the lock aside.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        files(&self.folder())
    }
}

pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name != "state.lock")
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// A service device on which the system was asked for every identifier of TikTok.
pub(crate) fn service(seen: &[&'static str]) -> Record<'static> {
    let mut record = Record::new(Platform::Android);
    record.device.ownership.push(OwnershipStatement {
        value: Ownership::Organization,
        source: Source::Platform,
    });
    record.observations.push(probed(seen));
    record
}

pub(crate) fn probed(seen: &[&'static str]) -> Observation<'static> {
    let ids = [
        TIKTOK,
        "com.ss.android.ugc.trill",
        "com.zhiliaoapp.musically.go",
        "com.ss.android.ugc.tiktok.lite",
        "com.tiktok.tv",
    ];
    let not_there = ids.into_iter().filter(|id| !seen.contains(id));
    Observation {
        source: Some(Source::Platform),
        scope: Scope::Device,
        apps: seen.iter().map(|id| app(id)).collect(),
        absent: not_there
            .map(|id| Probe::Id(Label::new(id).unwrap()))
            .collect(),
        ..Observation::default()
    }
}

fn app(id: &'static str) -> SeenApp<'static> {
    SeenApp {
        seen: Seen::Id {
            id: Identifier::new(id).unwrap(),
            name: None,
            signers: Vec::new(),
        },
        first_installed: None,
        version: None,
    }
}

pub(crate) fn reasons(assessment: &Assessment) -> Vec<Code> {
    let reasons = &assessment.assessments[0].reasons;
    reasons.iter().map(|reason| reason.code).collect()
}
