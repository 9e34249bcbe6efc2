//! What is measured, and what it answers.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workload::{Phone, Workload};
use crate::{cedar, limits, octroi, rego};

/// One thing to measure: prepared for a phone, then run as often as need be.
pub(crate) struct Case {
    /// Its name, in the table and on the command line.
    pub(crate) name: &'static str,
    /// What comes before the measuring.
    pub(crate) prepare: fn(&Workload, &Phone) -> Result<Run>,
}

/// What is measured.
pub(crate) type Run = Box<dyn FnMut() -> Result<Answer>>;

/// What comes out. It is looked into before anything is measured, never while it is.
pub(crate) enum Answer {
    /// The network that the phone may reach, or `none`.
    Zone(&'static str),
    /// The same as a document: octroi's assessment, or a word.
    Json(String),
    /// None: what runs is a limit, no decision.
    Nothing,
}

/// Cases that answer the same question from the same form of the data; the first is octroi.
pub(crate) struct Group {
    /// From what to what.
    pub(crate) what: &'static str,
    /// On which phone.
    pub(crate) phone: &'static str,
    /// The instructions that octroi may take, if that was settled for such a phone.
    pub(crate) target: Option<u64>,
    /// What is compared.
    pub(crate) cases: &'static [Case],
}

/// Everything that is measured in one process.
pub(crate) const GROUPS: [Group; 4] = [
    Group {
        what: "prepared policies and record → assessment",
        phone: "service",
        target: Some(10_000),
        cases: &[
            Case {
                name: "octroi",
                prepare: octroi::prepared,
            },
            Case {
                name: "regorus, a lookup an app",
                prepare: rego::each,
            },
            Case {
                name: "regorus, an intersection of sets",
                prepare: rego::set,
            },
            Case {
                name: "Cedar",
                prepare: cedar::prepared,
            },
            Case {
                name: "a prepared hash probe an app and nothing else",
                prepare: limits::probes,
            },
        ],
    },
    Group {
        what: "the same for a phone with two regulated apps",
        phone: "two apps",
        target: None,
        cases: &[Case {
            name: "octroi, two regulated apps",
            prepare: octroi::prepared,
        }],
    },
    Group {
        what: "record as JSON → assessment as JSON",
        phone: "service",
        target: Some(350_000),
        cases: &[
            Case {
                name: "octroi, JSON",
                prepare: octroi::json,
            },
            Case {
                name: "regorus, a lookup an app, JSON",
                prepare: rego::each_json,
            },
            Case {
                name: "regorus, an intersection of sets, JSON",
                prepare: rego::set_json,
            },
            Case {
                name: "Cedar, its own JSON",
                prepare: cedar::json,
            },
            Case {
                name: "serde_json, reading the record and nothing else",
                prepare: limits::parse,
            },
            Case {
                name: "memchr, counting the record's quotes",
                prepare: limits::memchr,
            },
        ],
    },
    Group {
        what: "the same for a phone with two regulated apps",
        phone: "two apps",
        target: None,
        cases: &[Case {
            name: "octroi, JSON, two regulated apps",
            prepare: octroi::json,
        }],
    },
];

/// The case of this name, prepared for the phone of its group.
pub(crate) fn prepared(workload: &Workload, name: &str) -> Result<Run> {
    let cases = GROUPS
        .iter()
        .flat_map(|group| group.cases.iter().map(move |case| (group, case)));
    let found = cases.into_iter().find(|(_, case)| case.name == name);
    let (group, case) = found.with_context(|| format!("no case is called `{name}`"))?;
    (case.prepare)(workload, workload.phone_called(group.phone)?)
}

/// Sees to it that everything that decides takes the same decision on every phone: else the comparison would be a lie.
pub(crate) fn agree(workload: &Workload) -> Result<()> {
    for phone in &workload.phones {
        for case in GROUPS.iter().flat_map(|group| group.cases) {
            let zone = (case.prepare)(workload, phone)?()?.zone()?;
            if zone.as_deref().is_some_and(|zone| zone != phone.zone) {
                bail!(
                    "`{}` on the phone `{}`: found {zone:?}, expected `{}`",
                    case.name,
                    phone.what,
                    phone.zone
                );
            }
        }
    }
    Ok(())
}

impl Answer {
    fn zone(self) -> Result<Option<String>> {
        let text = match self {
            Self::Zone(zone) => return Ok(Some(zone.to_owned())),
            Self::Nothing => return Ok(None),
            Self::Json(text) => text,
        };
        let document: Value = serde_json::from_str(&text).context("an answer that is not JSON")?;
        let zone = document
            .pointer("/access/zone")
            .unwrap_or(&document)
            .as_str();
        Ok(Some(zone.context("an answer without a zone")?.to_owned()))
    }
}
