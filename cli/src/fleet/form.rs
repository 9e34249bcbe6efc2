//! The forms of the output: an assessment or an error, on a line.

use std::io;

use octroi_core::{Assessment, NonEmpty, Presence};
use octroi_exports::LineError;
use serde::Serialize;
use serde_json::Value;

#[cfg(feature = "parquet")]
use super::parquet::answers::Answers;
use super::{
    change::Change,
    question::{Answer, Judged},
};
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

/// How lines are written: in which format, and what they say besides.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) format: FleetFormat,
    /// Which input each is from.
    pub(super) has_file: bool,
    /// What changed.
    pub(super) has_change: bool,
    /// What the old rules say.
    pub(super) has_against: bool,
}

impl Layout {
    /// What stands before the first line.
    pub(super) fn head(self) -> io::Result<Vec<u8>> {
        match self.format {
            FleetFormat::Ndjson | FleetFormat::Parquet => Ok(Vec::new()),
            FleetFormat::Csv => {
                let mut rows = rows();
                let more = [
                    (self.has_file, &FILE[..]),
                    (self.has_change, &CHANGE),
                    (self.has_against, &AGAINST),
                ];
                let more = more.iter().filter(|(is_there, _)| *is_there);
                let more = more.flat_map(|(_, columns)| *columns);
                rows.write_record(COLUMNS.iter().chain(more))?;
                finish(rows)
            }
        }
    }
}

/// Columns of a run that has something to say there, in this order.
const FILE: [&str; 1] = ["file"];
const CHANGE: [&str; 1] = ["change"];
const AGAINST: [&str; 4] = [
    "against_decision",
    "against_status",
    "against_obligations",
    "against_error_code",
];

/// Lines in the making.
pub(super) struct Lines {
    layout: Layout,
    file: Option<String>,
    written: Written,
}

enum Written {
    Ndjson(Vec<u8>),
    Csv(Box<csv::Writer<Vec<u8>>>),
    #[cfg(feature = "parquet")]
    Rows(Box<Answers>),
}

/// What becomes of lines.
pub(super) enum Made {
    Text(Vec<u8>),
    #[cfg(feature = "parquet")]
    Rows(arrow_array::RecordBatch),
}

impl Lines {
    /// Of an input of that name.
    pub(super) fn new(layout: Layout, file: Option<String>) -> io::Result<Self> {
        let written = match layout.format {
            FleetFormat::Ndjson => Written::Ndjson(Vec::new()),
            FleetFormat::Csv => Written::Csv(Box::new(rows())),
            #[cfg(feature = "parquet")]
            FleetFormat::Parquet => Written::Rows(Box::new(Answers::new(layout, file.clone())?)),
            #[cfg(not(feature = "parquet"))]
            FleetFormat::Parquet => return Err(io::ErrorKind::Unsupported.into()),
        };
        Ok(Self {
            layout,
            file,
            written,
        })
    }

    pub(super) fn add(&mut self, record: u64, answer: &Answer) -> io::Result<()> {
        match &mut self.written {
            Written::Ndjson(text) => {
                let (device_id, assessment, error) = match &answer.judged {
                    Ok(assessment) => (None, Some(assessment), None),
                    Err(error) => (Some(error.device_id.as_ref()), None, Some(error)),
                };
                let line = Line {
                    record,
                    file: self.file.as_deref(),
                    change: answer.change,
                    device_id,
                    assessment,
                    error,
                    against: answer.against.as_ref().map(Against::from),
                };
                serde_json::to_writer(&mut *text, &line)?;
                text.push(b'\n');
                Ok(())
            }
            Written::Csv(rows) => {
                let mut row = row(record, &answer.judged);
                if self.layout.has_file {
                    row.push(no_formula(self.file.as_deref().unwrap_or_default()));
                }
                if self.layout.has_change {
                    row.push(word(&answer.change));
                }
                if let Some(against) = &answer.against {
                    row.extend(row_against(against));
                }
                Ok(rows.write_record(row)?)
            }
            #[cfg(feature = "parquet")]
            Written::Rows(rows) => rows.add(record, answer),
        }
    }

    pub(super) fn finish(self) -> io::Result<Made> {
        match self.written {
            Written::Ndjson(text) => Ok(Made::Text(text)),
            Written::Csv(rows) => Ok(Made::Text(finish(*rows)?)),
            #[cfg(feature = "parquet")]
            Written::Rows(rows) => Ok(Made::Rows(rows.finish()?)),
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    record: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<Option<&'a NonEmpty>>,
    #[serde(flatten)]
    assessment: Option<&'a Assessment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a LineError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Against<'a>>,
}

/// What the old rules say of a device.
#[derive(Serialize)]
#[serde(untagged)]
enum Against<'a> {
    Assessed(&'a Assessment),
    Refused { error: &'a LineError },
}

impl<'a> From<&'a Judged> for Against<'a> {
    fn from(judged: &'a Judged) -> Self {
        match judged {
            Ok(assessment) => Self::Assessed(assessment),
            Err(error) => Self::Refused { error },
        }
    }
}

fn rows() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer(Vec::new())
}

fn finish(rows: csv::Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    rows.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// The cells of the columns that are always there.
fn row(record: u64, judged: &Judged) -> Vec<String> {
    let nothing = String::new;
    let record = record.to_string();
    let assessment = match judged {
        Ok(assessment) => assessment,
        Err(error) => {
            let mut row = vec![String::new(); COLUMNS.len()];
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
    vec![
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
        obligations(assessment),
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

/// What the old rules say, as cells.
fn row_against(judged: &Judged) -> [String; AGAINST.len()] {
    match judged {
        Ok(assessment) => [
            word(&assessment.access.decision),
            word(&assessment.status),
            obligations(assessment),
            String::new(),
        ],
        Err(error) => {
            let nothing = String::new;
            [nothing(), nothing(), nothing(), word(&error.code)]
        }
    }
}

fn obligations(assessment: &Assessment) -> String {
    let policies = assessment.assessments.iter();
    each(policies.flat_map(|said| &said.obligations).map(|must| {
        let due = must.due.as_ref().map(word).unwrap_or_default();
        [word(&must.kind), word(&must.app), due, word(&must.state)].join(":")
    }))
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
