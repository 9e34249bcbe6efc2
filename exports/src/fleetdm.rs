//! A host of Fleet (fleetdm.com), with its software.

use octroi_core::{Instant, Observation, Platform, Scope, Seen, Source};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Unexpected},
};

use crate::{
    error::ExportError,
    json,
    kind::Kind,
    note::Note,
    part::{Claim, Part},
    seen,
};

/// Reads a host: in the answer to `GET /hosts/:id`, alone in that to `GET /hosts`, or bare.
pub(crate) fn read(text: &str) -> Result<Part, ExportError> {
    let answer: Answer = json::read(text)?;
    let host = match (answer.host, answer.hosts) {
        (Some(host), _) => host,
        (None, Some(hosts)) => json::only(hosts)?,
        (None, None) => json::read(text)?,
    };
    Ok(host.part())
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    host: Option<Host>,
    #[serde(default)]
    hosts: Option<Vec<Host>>,
}

#[derive(Deserialize)]
struct Host {
    platform: HostPlatform,
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    software_updated_at: Option<Instant>,
    #[serde(default)]
    software: Option<Vec<Software>>,
    #[serde(default)]
    mdm: Option<Mdm>,
}

#[derive(Deserialize)]
struct Mdm {
    #[serde(default)]
    enrollment_status: Option<String>,
}

#[derive(Deserialize)]
struct Software {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    source: String,
    /// On Apple's systems.
    #[serde(default)]
    bundle_identifier: Option<String>,
    /// On Android.
    #[serde(default)]
    application_id: Option<String>,
}

/// Fleet's name for how an organization's device comes under management by itself, before 2026 and since.
const ORGANIZATIONS: [&str; 2] = ["On (automatic)", "On (company-owned)"];

/// Where Fleet takes apps from. Packages of a programming language and extensions of a browser are none.
const APPS: [&str; 5] = [
    "ios_apps",
    "ipados_apps",
    "android_apps",
    "apps",
    "programs",
];

impl Host {
    fn part(self) -> Part {
        let platform = self.platform.0;
        let mut part = Part::new(Claim::says(platform, "the platform that Fleet names"));
        let id = self.id.map(|id| id.to_string());
        part.record.device.id = id.as_deref().and_then(octroi_core::NonEmpty::new);
        part.subject = id.map(|id| (Kind::Fleetdm, id));
        let Some(software) = self.software else {
            part.notes.push(Note::NoList);
            return part;
        };
        let status = self.mdm.and_then(|mdm| mdm.enrollment_status);
        let whole = status.is_some_and(|status| ORGANIZATIONS.contains(&status.as_str()));
        if !whole {
            part.notes.push(Note::ManagedOnly);
        }
        let mut observation = Observation {
            source: Some(Source::Mdm),
            taken_at: self.software_updated_at,
            scope: if whole { Scope::Device } else { Scope::Profile },
            // On computers Fleet looks where apps usually are.
            complete: matches!(platform, Platform::Ios | Platform::Android),
            ..Observation::default()
        };
        let mut without_identifier = 0;
        for software in software {
            if !APPS.contains(&software.source.as_str()) {
                continue;
            }
            let ids = [&software.bundle_identifier, &software.application_id];
            let id = ids.into_iter().flatten().find(|id| !id.trim().is_empty());
            match seen::by_id_or_name(id.map(String::as_str), software.name.as_deref()) {
                Some(seen) => {
                    without_identifier += usize::from(matches!(seen, Seen::Name(_)));
                    let version = software.version.as_deref();
                    observation.apps.push(seen::app(seen, version));
                }
                None => {
                    // Some app is there, and it can be any.
                    without_identifier += 1;
                    observation.complete = false;
                }
            }
        }
        part.notes
            .extend(Note::without_identifier(without_identifier));
        part.observed(observation)
    }
}

/// What a host runs, in Fleet's words.
struct HostPlatform(Platform);

impl<'de> Deserialize<'de> for HostPlatform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let platform = match text.as_str() {
            "ios" | "ipados" => Platform::Ios,
            "android" => Platform::Android,
            "darwin" => Platform::Macos,
            "windows" => Platform::Windows,
            "chrome" => Platform::Chromeos,
            // Fleet names a Linux by its distribution.
            "linux"
            | "ubuntu"
            | "debian"
            | "rhel"
            | "centos"
            | "sles"
            | "kali"
            | "gentoo"
            | "amzn"
            | "pop"
            | "arch"
            | "linuxmint"
            | "void"
            | "nixos"
            | "endeavouros"
            | "manjaro"
            | "opensuse-leap"
            | "opensuse-tumbleweed"
            | "tuxedo" => Platform::Linux,
            _ => {
                let found = Unexpected::Str(&text);
                return Err(D::Error::invalid_value(
                    found,
                    &"a platform that octroi knows, such as `ios` or `android`",
                ));
            }
        };
        Ok(Self(platform))
    }
}
