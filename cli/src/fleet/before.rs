//! An earlier output, as far as a comparison needs it: of each device how it stood.
//!
//! What is kept of a device is 16 bytes of its id's SHA-256 and the number of its state; devices that stand alike share one.

use std::{
    collections::{HashMap, HashSet, hash_map},
    fmt,
    fs::{self, File},
    num::NonZeroU32,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use octroi_core::{Access, NonEmpty, Obligation, Status};
use serde::{Deserialize, de::IgnoredAny};
use sha2::{Digest, Sha256};

use super::{
    change::{Change, State},
    inputs::is_parquet,
    lines::{Lines, Mark},
    manifest::{self, Manifest},
    question::Judged,
};
use crate::failure::Failure;

/// How the devices of an earlier output stood.
#[derive(Default)]
pub(super) struct Before {
    states: Vec<State>,
    devices: HashMap<Key, Device>,
    /// How many of its lines name no device.
    pub(super) nameless: u64,
    /// How many of its inputs could not be read to their ends.
    pub(super) unread: usize,
    /// How many ids its lines contradict each other about.
    pub(super) contradicted: u64,
    /// The devices of this run that it did not know.
    unknown: Mutex<HashSet<Key>>,
    /// How many lines of this run name a device that another one named before.
    repeated: AtomicU64,
}

type Key = [u8; 16];

struct Device {
    /// The number of its state, from 1; none if lines contradict each other.
    state: Option<NonZeroU32>,
    is_seen: AtomicBool,
}

/// While they are read: the number of each state.
type Numbers = HashMap<Vec<u8>, NonZeroU32>;

impl Before {
    /// Reads an output of `octroi fleet`: a file of NDJSON, or a folder of parts.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let (mut before, mut numbers) = (Self::default(), Numbers::new());
        if path.is_dir() {
            let manifest = manifest(path)?;
            before.unread = manifest.unread.len();
            for part in &manifest.parts {
                before.add(&part.found_in(path)?, &mut numbers)?;
            }
        } else {
            before.add(path, &mut numbers)?;
        }
        before.devices.shrink_to_fit();
        Ok(before)
    }

    fn add(&mut self, path: &Path, numbers: &mut Numbers) -> Result<(), Failure> {
        let wrong = |error| Failure::io(path, &error);
        if is_parquet(path) {
            #[cfg(feature = "parquet")]
            return super::parquet::earlier::each(path, |number, row| {
                let place = format!("{}: row {number}", path.display());
                self.add_line(row, &place, numbers)
            })
            .map_err(wrong)?;
            #[cfg(not(feature = "parquet"))]
            return Err(Failure::no_parquet(path.display()));
        }
        let file = File::open(path).map_err(wrong)?;
        let mut lines = Lines::after(Mark::default(), file);
        while let Some(batch) = lines.batch(usize::MAX).map_err(wrong)? {
            for (number, line) in batch.lines() {
                let place = format!("{}:{number}", path.display());
                self.add_line(line.unwrap_or_default(), &place, numbers)?;
            }
        }
        Ok(())
    }

    fn add_line(&mut self, line: &[u8], place: &str, numbers: &mut Numbers) -> Result<(), Failure> {
        let earlier: Earlier = serde_json::from_slice(line).map_err(|error| {
            let expected = "a line that `octroi fleet` wrote as NDJSON";
            Failure::new(place, error.to_string(), expected)
        })?;
        let (device_id, state) = earlier.state(place)?;
        self.insert(device_id, state, numbers)
    }

    fn insert(
        &mut self,
        device_id: Option<NonEmpty>,
        state: State,
        numbers: &mut Numbers,
    ) -> Result<(), Failure> {
        let Some(device_id) = device_id else {
            self.nameless += 1;
            return Ok(());
        };
        let wrong = |error: String| Failure::new("--since", error, "an earlier output");
        let form = serde_json::to_vec(&state).map_err(|error| wrong(error.to_string()))?;
        let number = match numbers.get(&form) {
            Some(number) => *number,
            None => {
                self.states.push(state);
                let number = u32::try_from(self.states.len()).and_then(NonZeroU32::try_from);
                let number = number.map_err(|error| wrong(error.to_string()))?;
                numbers.insert(form, number);
                number
            }
        };
        match self.devices.entry(key(&device_id)) {
            hash_map::Entry::Vacant(place) => {
                place.insert(Device {
                    state: Some(number),
                    is_seen: AtomicBool::new(false),
                });
            }
            hash_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                if known.state.is_some_and(|state| state != number) {
                    known.state = None;
                    self.contradicted += 1;
                }
            }
        }
        Ok(())
    }

    /// What changed for the device.
    pub(super) fn change(&self, judged: &Judged) -> Option<Change> {
        let device_id = match judged {
            Ok(assessment) => assessment.device_id.as_ref(),
            Err(error) => error.device_id.as_ref(),
        };
        let Some(device_id) = device_id else {
            return Some(Change::NotComparable);
        };
        let key = key(device_id);
        let Some(device) = self.devices.get(&key) else {
            let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
            self.count(!unknown.insert(key));
            return Some(Change::NewDevice);
        };
        self.count(device.is_seen.swap(true, Relaxed));
        let state = device.state.map(|number| number.get() as usize - 1);
        match state.and_then(|number| self.states.get(number)) {
            Some(before) => State::of(judged).since(before),
            None => Some(Change::NotComparable),
        }
    }

    fn count(&self, is_repeated: bool) {
        self.repeated.fetch_add(u64::from(is_repeated), Relaxed);
    }

    /// How many devices it knows.
    pub(super) fn devices(&self) -> usize {
        self.devices.len()
    }

    /// How many devices were not met again.
    pub(super) fn gone(&self) -> usize {
        let gone = self
            .devices
            .values()
            .filter(|device| !device.is_seen.load(Relaxed));
        gone.count()
    }

    pub(super) fn repeated(&self) -> u64 {
        self.repeated.load(Relaxed)
    }
}

fn key(device_id: &NonEmpty) -> Key {
    let digest = Sha256::digest(device_id.as_str().as_bytes());
    let mut key = Key::default();
    for (to, from) in key.iter_mut().zip(digest) {
        *to = from;
    }
    key
}

/// The manifest of an earlier output that can be compared with.
fn manifest(path: &Path) -> Result<Manifest, Failure> {
    let place = path.join(manifest::NAME);
    let text = fs::read(&place).map_err(|error| Failure::io(&place, &error))?;
    let manifest = Manifest::from_json(&place, &text)?;
    if !manifest.complete {
        let expected = "one that ran to its end, as with --resume";
        return Err(Failure::new(
            path.display(),
            "an output that is not whole",
            expected,
        ));
    }
    // Where nothing had changed, no line is there to tell.
    if manifest.holds_changes() {
        return Err(changes_only(path.display()));
    }
    if !matches!(manifest.settings.format.as_str(), "ndjson" | "parquet") {
        let found = format!("an output as {}", manifest.settings.format);
        return Err(Failure::new(
            path.display(),
            found,
            "one as ndjson or parquet",
        ));
    }
    Ok(manifest)
}

fn changes_only(place: impl fmt::Display) -> Failure {
    let found = "an output that holds only what had changed";
    Failure::new(place, found, "one that holds all devices")
}

/// What is read of a line.
#[derive(Deserialize)]
struct Earlier {
    device_id: Option<NonEmpty>,
    change: Option<IgnoredAny>,
    error: Option<IgnoredAny>,
    access: Option<Access>,
    status: Option<Status>,
    #[serde(default)]
    assessments: Vec<OfPolicy>,
}

#[derive(Deserialize)]
struct OfPolicy {
    obligations: Vec<Obligation>,
}

impl Earlier {
    fn state(self, place: &str) -> Result<(Option<NonEmpty>, State), Failure> {
        let state = match (self.error, self.access, self.status) {
            _ if self.change.is_some() => {
                return Err(changes_only(place));
            }
            (Some(_), _, _) => State::Unreadable,
            (None, Some(access), Some(status)) => {
                let obligations = self.assessments.iter().flat_map(|said| &said.obligations);
                State::assessed(access, status, obligations)
            }
            (None, _, _) => {
                let found = "neither an assessment nor an error";
                return Err(Failure::new(
                    place,
                    found,
                    "a line that `octroi fleet` wrote",
                ));
            }
        };
        Ok((self.device_id, state))
    }
}
