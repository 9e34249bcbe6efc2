//! The forms of the output: an assessment or an error, on a line.

use std::io;

use octroi_core::{Assessment, NonEmpty, Presence};
use octroi_exports::LineError;
use serde::Serialize;
use serde_json::Value;

use crate::arguments::FleetFormat;

/// The columns of the CSV. They are public: docs/forms.md describes each.
const COLUMNS: [&str; 18] = [
    "record",
    "device_id",
    "assessed_at",
    "valid_until",
    "decision",
    "zone",
    "certain",
    "missing",
    "status",
    "policies",
    "classes",
    "apps_present",
    "apps_unknown",
    "obligations",
    "reasons",
    "error_code",
    "error_path",
    "error_message",
];

/// What stands before the first line.
pub(super) fn head(format: FleetFormat) -> io::Result<Vec<u8>> {
    match format {
        FleetFormat::Ndjson => Ok(Vec::new()),
        FleetFormat::Csv => {
            let mut rows = rows();
            rows.write_record(COLUMNS)?;
            finish(rows)
        }
    }
}

/// Lines in the making.
pub(super) enum Form {
    Ndjson(Vec<u8>),
    Csv(Box<csv::Writer<Vec<u8>>>),
}

impl Form {
    pub(super) fn new(format: FleetFormat) -> Self {
        match format {
            FleetFormat::Ndjson => Self::Ndjson(Vec::new()),
            FleetFormat::Csv => Self::Csv(Box::new(rows())),
        }
    }

    pub(super) fn add(
        &mut self,
        record: u64,
        outcome: &Result<Assessment, LineError>,
    ) -> io::Result<()> {
        match self {
            Self::Ndjson(text) => {
                match outcome {
                    Ok(assessment) => {
                        serde_json::to_writer(&mut *text, &Assessed { record, assessment })?
                    }
                    Err(error) => serde_json::to_writer(
                        &mut *text,
                        &Refused {
                            record,
                            device_id: error.device_id.as_ref(),
                            error,
                        },
                    )?,
                }
                text.push(b'\n');
                Ok(())
            }
            Self::Csv(rows) => Ok(rows.write_record(row(record, outcome))?),
        }
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Ndjson(text) => Ok(text),
            Self::Csv(rows) => finish(*rows),
        }
    }
}

#[derive(Serialize)]
struct Assessed<'a> {
    record: u64,
    #[serde(flatten)]
    assessment: &'a Assessment,
}

#[derive(Serialize)]
struct Refused<'a> {
    record: u64,
    device_id: Option<&'a NonEmpty>,
    error: &'a LineError,
}

fn rows() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer(Vec::new())
}

fn finish(rows: csv::Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    rows.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn row(record: u64, outcome: &Result<Assessment, LineError>) -> [String; COLUMNS.len()] {
    let nothing = String::new;
    let record = record.to_string();
    let assessment = match outcome {
        Ok(assessment) => assessment,
        Err(error) => {
            let mut row = [const { String::new() }; COLUMNS.len()];
            let cells = [
                ("record", record),
                ("device_id", word(&error.device_id)),
                ("error_code", word(&error.code)),
                ("error_path", no_formula(&error.path)),
                ("error_message", error.message.clone()),
            ];
            for (name, cell) in cells {
                let column = COLUMNS
                    .iter()
                    .zip(&mut row)
                    .find(|(column, _)| **column == name);
                if let Some((_, place)) = column {
                    *place = cell;
                }
            }
            return row;
        }
    };
    let policies = || assessment.assessments.iter();
    let apps = |presence: Presence| {
        let findings = policies().flat_map(|said| &said.findings);
        each(
            findings
                .filter(|found| found.presence == presence)
                .map(|found| word(&found.app)),
        )
    };
    let obligations = policies().flat_map(|said| &said.obligations).map(|must| {
        let due = must.due.as_ref().map(word).unwrap_or_default();
        [word(&must.kind), word(&must.app), due, word(&must.state)].join(":")
    });
    [
        record,
        word(&assessment.device_id),
        word(&assessment.assessed_at),
        word(&assessment.valid_until),
        word(&assessment.access.decision),
        word(&assessment.access.zone),
        assessment.access.certain.to_string(),
        each(assessment.access.missing.iter().map(word)),
        word(&assessment.status),
        list(policies().map(|said| format!("{}@{}", said.policy.id, said.policy.version))),
        list(policies().map(|said| word(&said.device_class.class))),
        apps(Presence::Present),
        apps(Presence::Unknown),
        each(obligations),
        each(
            policies()
                .flat_map(|said| &said.reasons)
                .map(|reason| word(&reason.code)),
        ),
        nothing(),
        nothing(),
        nothing(),
    ]
}

/// A path whose first key somebody else wrote so that a spreadsheet would calculate it is quoted.
fn no_formula(path: &str) -> String {
    if path.starts_with(['=', '+', '-', '@']) {
        format!("`{path}`")
    } else {
        path.to_owned()
    }
}

/// The word that stands for a value in the JSON form; nothing for `null`.
pub(super) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn list(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// As a list, each word once.
fn each(words: impl Iterator<Item = String>) -> String {
    let mut found = Vec::new();
    for word in words {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found.join(" ")
}
