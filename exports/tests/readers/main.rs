//! The readers, from the bytes of a file to what the verdict makes of it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails, panics"
)]

mod amapi;
mod any_input;
mod apple;
mod dumpsys;
mod fleetdm;
mod ideviceinstaller;
mod intune;
mod kinds;
mod nothing;
mod pm_list;
mod several;

use octroi_core::{
    Deployment, Instant, Observation, Ownership, Platform, Policies, Presence, Source, assess,
    embedded,
};
use octroi_exports::{ExportError, Kind, Options, Reading};

pub(crate) fn policies() -> Policies {
    Policies::select(&Deployment::default(), embedded().unwrap()).unwrap()
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Detects and reads, as the command does.
pub(crate) fn read(export: &[u8]) -> Result<Reading, ExportError> {
    read_for(export, None)
}

pub(crate) fn read_for(export: &[u8], platform: Option<Platform>) -> Result<Reading, ExportError> {
    let kind = Kind::detect(export)?;
    octroi_exports::read(export, kind, &policies(), &options(platform))
}

pub(crate) fn options(platform: Option<Platform>) -> Options {
    Options {
        platform,
        ..Options::default()
    }
}

pub(crate) fn observation(reading: &Reading) -> &Observation<'_> {
    assert_eq!(reading.record.observations.len(), 1);
    &reading.record.observations[0]
}

/// What the verdict makes of TikTok, and why.
pub(crate) fn tiktok(reading: &Reading) -> (Presence, Vec<String>) {
    let at = Instant::parse("2023-05-02T12:00:00+02:00").unwrap();
    let assessment = assess(&policies(), &reading.record, &Deployment::default(), at);
    let finding = &assessment.assessments[0].findings[0];
    let evidence = finding.evidence.iter().map(|code| code.to_string());
    (finding.presence, evidence.collect())
}

/// The word of the management on the owner.
pub(crate) fn owners(reading: &Reading) -> Vec<Ownership> {
    let statements = reading.record.device.ownership.iter();
    assert!(
        statements
            .clone()
            .all(|statement| statement.source == Source::Mdm)
    );
    let device = &reading.record.device;
    let paid = [&device.purchase, &device.subscription, &device.usage];
    assert!(
        paid.iter().all(|share| share.is_empty()),
        "no management knows who pays"
    );
    statements.map(|statement| statement.value).collect()
}

pub(crate) fn unknown(reason: &str) -> (Presence, Vec<String>) {
    (Presence::Unknown, vec![reason.to_owned()])
}

pub(crate) fn absent() -> (Presence, Vec<String>) {
    (Presence::Absent, vec!["complete_list_lacks_it".to_owned()])
}

pub(crate) fn present() -> (Presence, Vec<String>) {
    (Presence::Present, vec!["identifier_seen".to_owned()])
}
