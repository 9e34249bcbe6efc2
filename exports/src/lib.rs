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
//! let export = b"package:android\npackage:com.zhiliaoapp.musically\n";
//!
//! let reading = read(export, Kind::detect(export)?, &policies, Options::default())?;
//! assert_eq!(reading.record.device.platform, Platform::Android);
//! assert!(reading.record.observations[0].complete);
//! assert_eq!(reading.notes, [Note::PmListFilter]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod apple;
mod error;
mod kind;
mod note;
mod pm_list;
mod property_list;
mod text;

pub use error::{ExportError, Place};
pub use kind::Kind;
pub use note::Note;

use octroi_core::{Platform, Policies, Record};

/// Reads an export of the kind.
///
/// # Errors
///
/// Anything that is not an export of this kind, and an [`Options::platform`] that it cannot come from.
pub fn read(
    export: &[u8],
    kind: Kind,
    policies: &Policies,
    options: Options,
) -> Result<Reading, ExportError> {
    match kind {
        Kind::Record => record(export, policies, options),
        Kind::PmList => pm_list::read(&text::decode(export)?, options.platform),
        Kind::AppleMdm => apple::read(export, options.platform),
    }
}

/// What the user tells beside the export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The system that the device runs, for exports that do not say so; one that contradicts the export is an error.
    pub platform: Option<Platform>,
}

/// What an export says.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The device and what was seen on it.
    pub record: Record<'static>,
    /// What a person should know of this reading, most general first.
    pub notes: Vec<Note>,
}

fn record(export: &[u8], policies: &Policies, options: Options) -> Result<Reading, ExportError> {
    let text = text::decode(export)?;
    let record = Record::from_json(text.as_bytes(), policies)?.into_owned();
    let platform = record.device.platform;
    match options.platform {
        Some(told) if told != platform => Err(ExportError::contradiction(
            told,
            format!(
                "`{}`, the platform that the record names",
                platform.as_str()
            ),
        )),
        _ => Ok(Reading {
            record,
            notes: Vec::new(),
        }),
    }
}
