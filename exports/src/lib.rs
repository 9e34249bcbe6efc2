//! What phones and device managements print about installed apps, read into octroi's device [`Record`].
//!
//! [`Kind::detect`] recognises an export by its content, [`read`] reads it. A reader says how far the export sees and never more:
//! what is cut, filtered or full of error messages gives a list that is not complete, so that not seeing an app does not
//! become its absence. What cannot be read is an [`ExportError`]: where, what was found, what was expected. What a person
//! should know of a reading that worked is a [`Note`]: data, without a text in any language.
//!
//! `docs/exports.md` tells how far each export sees and why.
//!
//! ```
//! use octroi_core::{Deployment, Platform, Policies, embedded};
//! use octroi_exports::{Kind, Note, Options, read};
//!
//! let policies = Policies::select(&Deployment::default(), embedded()?)?;
//! let export = b"Users:\n\tUserInfo{0:Owner:c13} running\npackage:android\npackage:com.zhiliaoapp.musically\n";
//!
//! let reading = read(export, Kind::detect(export)?, &policies, &Options::default())?;
//! assert_eq!(reading.record.device.platform, Platform::Android);
//! assert!(reading.record.observations[0].complete);
//! assert_eq!(reading.notes, [Note::PmListFilter]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod amapi;
mod apple;
mod apple_device;
mod dumpsys;
mod error;
mod fleetdm;
mod ideviceinstaller;
mod intune;
mod json;
mod kind;
mod line;
mod list;
mod note;
mod one_kind;
mod part;
mod passed_over;
mod pm_list;
mod property_list;
mod said;
mod seen;
mod text;
mod zone;

pub use error::{ExportError, Place};
pub use kind::Kind;
pub use line::{LONGEST_LINE, LineError, LineErrorCode, read_line};
pub use note::Note;
pub use zone::TimeZone;

use octroi_core::{Platform, Policies, Record, Scope};
use part::{Claim, Part};

/// Reads an export of the kind.
///
/// # Errors
///
/// Anything that is not an export of this kind, and an [`Options::platform`] that it cannot come from.
pub fn read(
    export: &[u8],
    kind: Kind,
    policies: &Policies,
    options: &Options,
) -> Result<Reading, ExportError> {
    let all = read_all(&[(export, kind)], policies, options).map_err(|(_, error)| error)?;
    Ok(Reading {
        record: all.record,
        notes: all.notes.into_iter().flatten().collect(),
    })
}

/// Reads exports of one device, each of its kind, and puts together what they say.
///
/// # Errors
///
/// With the number of an export, from 0: anything that [`read`] refuses, and what contradicts an export before.
pub fn read_all(
    exports: &[(&[u8], Kind)],
    policies: &Policies,
    options: &Options,
) -> Result<Readings, (usize, ExportError)> {
    let parts = exports.iter().enumerate().map(|(number, (export, kind))| {
        part(export, *kind, policies, options).map_err(|error| (number, error))
    });
    part::join(parts.collect::<Result<_, _>>()?, options)
}

/// What the user tells beside the exports.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The system that the device runs, for exports that do not say so; one that contradicts an export is an error.
    pub platform: Option<Platform>,
    /// Where times without a zone are from; else that of the first policy.
    pub time_zone: Option<TimeZone>,
    /// The farthest that any of the exports can see: `Profile` narrows every list, as only the person knows of a list that shows a part
    /// and does not say so; `Device` narrows none.
    pub scope: Scope,
}

/// What an export says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The device and what was seen on it.
    pub record: Record<'static>,
    /// What a person should know of this reading, most general first.
    pub notes: Vec<Note>,
}

/// What exports of one device say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings {
    /// The device and what was seen on it.
    pub record: Record<'static>,
    /// What a person should know of the reading of each, in their order.
    pub notes: Vec<Vec<Note>>,
}

fn part(
    export: &[u8],
    kind: Kind,
    policies: &Policies,
    options: &Options,
) -> Result<Part, ExportError> {
    match kind {
        Kind::Record => record(&text::decode(export)?, policies),
        Kind::PmList => pm_list::read(&text::decode(export)?),
        Kind::Dumpsys => {
            let mut policies = policies.iter();
            let first = || TimeZone::of(&policies.next()?.document().time_zone);
            let zone = options.time_zone.clone().or_else(first);
            dumpsys::read(&text::decode(export)?, zone.as_ref())
        }
        Kind::Ideviceinstaller => ideviceinstaller::read(export),
        Kind::AppleMdm => apple::read(export),
        Kind::Amapi | Kind::Intune | Kind::Fleetdm => {
            let text = text::decode(export)?;
            json::expect(&text, kind)?;
            match kind {
                Kind::Amapi => amapi::read(&text),
                Kind::Intune => intune::read(&text),
                _ => fleetdm::read(&text),
            }
        }
    }
}

fn record(export: &str, policies: &Policies) -> Result<Part, ExportError> {
    let record = Record::from_json(export.as_bytes(), policies)
        .map_err(|error| ExportError::of_record(export, error))?
        .into_owned();
    let claim = Claim::says(record.device.platform, "the platform that the record names");
    let mut part = Part::new(claim);
    let subject = record.device.id.as_ref();
    part.subject = subject.map(|id| (Kind::Record, id.to_string()));
    part.said = record.into();
    Ok(part)
}
