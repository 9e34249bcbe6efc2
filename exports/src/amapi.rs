//! A device of the Android Management API (`enterprises.devices`).

use octroi_core::{
    Instant, NonEmpty, Ownership, OwnershipStatement, Platform, Scope, Seen, SeenApp, Signer,
    Source,
};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    error::{ExportError, Place},
    json,
    kind::Kind,
    list::AppList,
    note::Note,
    part::{Claim, Part},
    seen,
};

/// Reads a device, bare or alone in an answer to `enterprises.devices.list`.
pub(crate) fn read(text: &str) -> Result<Part, ExportError> {
    let answer: Answer = json::read(text)?;
    match answer.devices {
        Some(devices) => json::only(devices)?.part(),
        None => json::read::<Device>(text)?.part(),
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    devices: Option<Vec<Device>>,
}

#[derive(Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    #[serde(default)]
    name: Option<NonEmpty>,
    #[serde(default)]
    management_mode: Option<String>,
    #[serde(default)]
    ownership: Option<String>,
    #[serde(default)]
    applied_state: Option<String>,
    #[serde(default)]
    last_status_report_time: Option<Instant>,
    #[serde(default)]
    application_reports: Option<Vec<Report>>,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    #[serde(default)]
    package_name: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    version_name: Option<String>,
    #[serde(default)]
    signing_key_cert_fingerprints: Option<Vec<Fingerprint>>,
}

impl Device {
    fn part(self) -> Result<Part, ExportError> {
        if self == Self::default() {
            let found = "nothing that a device of Android Management has";
            let expected =
                "a device, with its `managementMode`, `ownership` or `applicationReports`";
            return Err(ExportError::new(Place::Whole, found, expected));
        }
        let owner = match self.ownership.as_deref() {
            Some("COMPANY_OWNED") => Some(Ownership::Organization),
            Some("PERSONALLY_OWNED") => Some(Ownership::Personal),
            _ => None,
        };
        let claim = Claim::says(Platform::Android, "the platform of Android Management");
        let mut part = Part::new(claim);
        part.said.id = self.name.clone();
        part.subject = self.name.map(|name| (Kind::Amapi, name.to_string()));
        let source = Source::Mdm;
        let statement = owner.map(|value| OwnershipStatement { value, source });
        part.said.ownership.extend(statement);
        let Some(reports) = self.application_reports else {
            part.notes.push(Note::NoList);
            return Ok(part);
        };
        let whole = owner == Some(Ownership::Organization)
            && self.management_mode.as_deref() == Some("DEVICE_OWNER");
        let scope = if whole { Scope::Device } else { Scope::Profile };
        let mut list = AppList::default();
        if let Some("PROVISIONING" | "DELETED") = self.applied_state.as_deref() {
            // Before it is set up, and when it is gone, a device reports what there was at some other time.
            list.leave_open();
        }
        for report in reports {
            if report.state.as_deref() == Some("REMOVED") {
                list.not_installed();
            } else {
                list.add(report.app());
            }
        }
        list.observed(&mut part, source, scope, self.last_status_report_time);
        Ok(part)
    }
}

impl Report {
    fn app(self) -> Option<SeenApp<'static>> {
        let mut seen =
            seen::by_id_or_name(self.package_name.as_deref(), self.display_name.as_deref())?;
        if let Seen::Id { signers, .. } = &mut seen {
            let fingerprints = self.signing_key_cert_fingerprints.into_iter();
            signers.extend(fingerprints.flatten().map(|fingerprint| fingerprint.0));
        }
        Some(seen::app(seen, self.version_name.as_deref()))
    }
}

/// The SHA-1 digest of a certificate, two hexadecimal digits a byte.
#[derive(PartialEq)]
struct Fingerprint(Signer);

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.replace(':', "").to_ascii_lowercase();
        Signer::parse(&format!("sha1:{digits}"))
            .map(Self)
            .ok_or_else(|| {
                let found = serde::de::Unexpected::Str(&text);
                D::Error::invalid_value(found, &"the 40 hexadecimal digits of a SHA-1 digest")
            })
    }
}
