//! A host of Fleet (fleetdm.com), with its software.

use octroi_core::{Instant, NonEmpty, Platform, Scope, SeenApp, Source};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Unexpected},
};

use crate::{
    error::ExportError,
    json,
    kind::Kind,
    list::AppList,
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
    source: Option<String>,
    /// On Apple's systems.
    #[serde(default)]
    bundle_identifier: Option<String>,
    /// On Android.
    #[serde(default)]
    application_id: Option<String>,
}

/// Fleet's name for how an organization's device comes under management by itself, before 2026 and since.
const ORGANIZATIONS: [&str; 2] = ["On (automatic)", "On (company-owned)"];

/// Where Fleet takes apps from.
const APPS: [&str; 5] = [
    "ios_apps",
    "ipados_apps",
    "android_apps",
    "apps",
    "programs",
];

/// Where Fleet takes from what is surely no app: a package of a system or of a programming language, an extension of a
/// browser or of an editor.
const NO_APPS: [&str; 15] = [
    "atom_packages",
    "chocolatey_packages",
    "chrome_extensions",
    "deb_packages",
    "firefox_addons",
    "go_binaries",
    "homebrew_packages",
    "ie_extensions",
    "jetbrains_plugins",
    "npm_packages",
    "portage_packages",
    "python_packages",
    "rpm_packages",
    "safari_extensions",
    "vscode_extensions",
];

impl Host {
    fn part(self) -> Part {
        let platform = self.platform.0;
        let mut part = Part::new(Claim::says(platform, "the platform that Fleet names"));
        let id = self.id.map(|id| id.to_string());
        part.said.id = id.as_deref().and_then(NonEmpty::new);
        part.subject = id.map(|id| (Kind::Fleetdm, id));
        let Some(software) = self.software else {
            part.notes.push(Note::NoList);
            return part;
        };
        let status = self.mdm.and_then(|mdm| mdm.enrollment_status);
        let whole = status.is_some_and(|status| ORGANIZATIONS.contains(&status.as_str()));
        let scope = if whole { Scope::Device } else { Scope::Profile };
        let mut list = AppList::default();
        if !matches!(platform, Platform::Ios | Platform::Android) {
            // On computers Fleet looks where apps usually are.
            list.leave_open();
        }
        for software in software {
            if !software.is_no_app() {
                list.add(software.app());
            }
        }
        list.observed(&mut part, Source::Mdm, scope, self.software_updated_at);
        part
    }
}

impl Software {
    fn id(&self) -> Option<&str> {
        let ids = [&self.bundle_identifier, &self.application_id];
        let mut ids = ids.into_iter().flatten().map(String::as_str);
        ids.find(|id| !id.trim().is_empty())
    }

    fn is_from(&self, sources: &[&str]) -> bool {
        let source = self.source.as_deref();
        source.is_some_and(|source| sources.contains(&source))
    }

    fn is_no_app(&self) -> bool {
        self.id().is_none() && self.is_from(&NO_APPS)
    }

    /// The app, if it can be told that it is one: what has an identifier is, wherever it is from.
    fn app(&self) -> Option<SeenApp<'static>> {
        let (id, name) = (self.id(), self.name.as_deref());
        let is_app = id.is_some() || self.is_from(&APPS);
        let seen = seen::by_id_or_name(id, name).filter(|_| is_app)?;
        Some(seen::app(seen, self.version.as_deref()))
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
