//! What a folder of parts says of itself: how the run was asked, how far it came, and what it found.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use octroi_core::{Instant, Policies, PolicyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    inputs::Seen,
    question::{Question, RuleSet},
    tally::Tally,
};
use crate::failure::Failure;

/// What it is called in its folder.
pub(super) const NAME: &str = "_manifest.json";

/// The manifest of a folder of parts (docs/forms.md).
#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) settings: Settings,
    pub(super) inputs: Vec<Seen>,
    pub(super) parts: Vec<Part>,
    /// Inputs that could not be read to their end, and why.
    pub(super) unread: Vec<Unread>,
    /// Inputs that hold no record.
    pub(super) empty: Vec<String>,
    pub(super) complete: bool,
}

/// How the run was asked: with the same settings the same inputs give the same parts.
#[derive(Serialize, Deserialize)]
pub(super) struct Settings {
    octroi: String,
    pub(super) format: String,
    part_records: u64,
    pub(super) at: Instant,
    deployment: String,
    policies: Vec<PolicyVersion>,
    /// Of a simulation, the old rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    against: Option<Against>,
    /// Of a comparison, the earlier output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Against {
    deployment: String,
    policies: Vec<PolicyVersion>,
}

/// A policy, to the letter.
#[derive(Serialize, Deserialize)]
struct PolicyVersion {
    id: PolicyId,
    version: u32,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stale_since: Option<Instant>,
}

/// A part that is whole.
#[derive(Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// How many records were read for it.
    pub(super) records: u64,
    /// How many of them could not be read.
    pub(super) errors: u64,
    pub(super) tally: Tally,
    /// Where the reading stood after it.
    pub(super) end: Position,
}

/// Where the reading stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The number of the input, from 0.
    pub(super) input: usize,
    /// How many of its bytes were read.
    pub(super) offset: u64,
    /// How many of its lines.
    pub(super) line: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Unread {
    pub(super) path: String,
    pub(super) error: String,
}

/// The version of the form.
const FORMAT: u32 = 1;

impl Manifest {
    pub(super) fn new(settings: Settings, inputs: Vec<Seen>) -> Self {
        Self {
            format: FORMAT,
            settings,
            inputs,
            parts: Vec::new(),
            unread: Vec::new(),
            empty: Vec::new(),
            complete: false,
        }
    }

    pub(super) fn from_json(place: &Path, text: &[u8]) -> Result<Self, Failure> {
        let expected = format!("a manifest of `octroi fleet`, of the format {FORMAT}");
        let manifest: Self = serde_json::from_slice(text)
            .map_err(|error| Failure::new(place.display(), error.to_string(), &expected))?;
        if manifest.format != FORMAT {
            let found = format!("the format {}", manifest.format);
            return Err(Failure::new(place.display(), found, expected));
        }
        Ok(manifest)
    }

    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Where the reading goes on.
    pub(super) fn end(&self) -> Position {
        self.parts
            .last()
            .map_or_else(Position::default, |part| part.end)
    }

    /// Whether its parts hold only what changed: since an earlier output, or under other rules.
    pub(super) fn holds_changes(&self) -> bool {
        self.settings.since.is_some() || self.settings.against.is_some()
    }

    /// What to do with a run that was cut off.
    pub(super) fn way_on(&self) -> &'static str {
        match self.settings.since {
            Some(_) => "a comparison does not go on: begin anew in another folder",
            None => "--resume goes on with it",
        }
    }

    /// Refuses to go on with what another run would have made.
    pub(super) fn is_of(
        &self,
        place: &Path,
        settings: &Settings,
        inputs: &[Seen],
    ) -> Result<(), Failure> {
        let value = |settings| serde_json::to_value(settings).unwrap_or_default();
        let (then, now) = (value(&self.settings), value(settings));
        for name in SETTINGS {
            if then.get(name) != now.get(name) {
                let said = |of: &Value| of.get(name).map_or("nothing".to_owned(), Value::to_string);
                return Err(differs(place, name, &said(&then), &said(&now)));
            }
        }
        if self.inputs.len() != inputs.len() {
            let said = |inputs: &[Seen]| inputs.len().to_string();
            return Err(differs(place, "inputs", &said(&self.inputs), &said(inputs)));
        }
        for (then, now) in self.inputs.iter().zip(inputs) {
            if then != now {
                let said = |seen| serde_json::to_string(seen).unwrap_or_default();
                return Err(differs(place, "inputs", &said(then), &said(now)));
            }
            if !then.can_be_read_again() {
                let found = format!(
                    "the input `{}`, of which nobody knows what was read",
                    then.path()
                );
                return Err(Failure::new(
                    place.display(),
                    found,
                    "inputs that are files",
                ));
            }
        }
        Ok(())
    }
}

impl Part {
    /// Where it is, if it is as long as it was made.
    pub(super) fn found_in(&self, folder: &Path) -> Result<PathBuf, Failure> {
        let path = folder.join(&self.name);
        let found = fs::metadata(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                let expected = "the part that the manifest names, as the run made it";
                Failure::new(path.display(), error.to_string(), expected)
            }
            _ => Failure::io(&path, &error),
        })?;
        if found.len() != self.bytes {
            let found = format!("{} bytes", found.len());
            let expected = format!("{} bytes, as the manifest says", self.bytes);
            return Err(Failure::new(path.display(), found, expected));
        }
        Ok(path)
    }

    /// Refuses one that holds anything else than it was made with.
    pub(super) fn is_unchanged_in(&self, folder: &Path) -> Result<(), Failure> {
        let path = self.found_in(folder)?;
        let read = || {
            let mut hashed = Hashed::new(io::sink());
            io::copy(&mut File::open(&path)?, &mut hashed)?;
            Ok(hashed.finish().1)
        };
        let found = read().map_err(|error| Failure::io(&path, &error))?;
        if found != self.sha256 {
            let found = format!("the SHA-256 {found}");
            let expected = format!("{}, as the manifest says", self.sha256);
            return Err(Failure::new(path.display(), found, expected));
        }
        Ok(())
    }
}

/// What is written, and its SHA-256.
pub(super) struct Hashed<W> {
    to: W,
    digest: Sha256,
}

impl<W> Hashed<W> {
    pub(super) fn new(to: W) -> Self {
        Self {
            to,
            digest: Sha256::new(),
        }
    }

    pub(super) fn finish(self) -> (W, String) {
        (self.to, hex(&self.digest.finalize()))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

const SETTINGS: [&str; 8] = [
    "octroi",
    "format",
    "part_records",
    "at",
    "policies",
    "deployment",
    "against",
    "since",
];

fn differs(place: &Path, what: &str, then: &str, now: &str) -> Failure {
    let found = format!("other {what} than now: {then}, and now {now}");
    let expected = "the same inputs and settings as when the run was begun";
    Failure::new(place.display(), found, expected).help("begin anew in another folder")
}

impl Settings {
    pub(super) fn new(
        question: &Question,
        since: Option<&Path>,
        format: &str,
        part_records: u64,
        at: Instant,
    ) -> serde_json::Result<Self> {
        let RuleSet {
            deployment,
            policies,
        } = question.rules();
        let against = match question {
            Question::Simulate { old, .. } => Some(Against {
                deployment: digest(&serde_json::to_vec(&old.deployment)?),
                policies: versions(&old.policies),
            }),
            _ => None,
        };
        Ok(Self {
            octroi: env!("CARGO_PKG_VERSION").to_owned(),
            format: format.to_owned(),
            part_records,
            at,
            deployment: digest(&serde_json::to_vec(deployment)?),
            policies: versions(policies),
            against,
            since: since.map(|path| path.display().to_string()),
        })
    }
}

fn versions(policies: &Policies) -> Vec<PolicyVersion> {
    let versions = policies.iter().map(|policy| PolicyVersion {
        id: policy.id().clone(),
        version: policy.document().version,
        sha256: digest(policy.to_json().as_bytes()),
        stale_since: policy.stale_since(),
    });
    versions.collect()
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
