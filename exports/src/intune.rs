//! Intune's devices and their discovered apps, as Microsoft Graph gives them.

use octroi_core::{NonEmpty, Ownership, OwnershipStatement, Platform, Scope, Source};
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Unexpected},
};

use crate::{
    error::{ExportError, Place},
    json,
    kind::Kind,
    list::AppList,
    note::Note,
    part::{Claim, Part},
    seen,
};

/// Reads a `managedDevice`, its `detectedApps`, or both: bare, or in the envelope of a list.
pub(crate) fn read(text: &str) -> Result<Part, ExportError> {
    let Envelope { value, next_link } = json::read(text)?;
    let Some(entries) = value else {
        return json::read::<Resource>(text)?.device();
    };
    if entries.is_empty() {
        let expected = "a device, or its discovered apps";
        return Err(ExportError::new(Place::Whole, "an empty list", expected));
    }
    if entries.iter().all(Resource::is_app) {
        let apps: Vec<App> = entries.into_iter().map(Resource::app).collect();
        let platforms: Vec<Platform> = apps.iter().filter_map(App::platform).collect();
        let platform = match platforms.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Some(*first),
            _ => None,
        };
        let mut part = Part::new(claim(platform));
        look(apps, platform, Scope::Profile, &next_link, &mut part);
        return Ok(part);
    }
    json::only(entries)?.device()
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    value: Option<Vec<Resource>>,
    #[serde(default, rename = "@odata.nextLink")]
    next_link: Option<String>,
}

/// A device, or one of its apps: Graph gives both in the same envelope.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    #[serde(default)]
    id: Option<NonEmpty>,
    #[serde(default)]
    managed_device_owner_type: Option<String>,
    #[serde(default)]
    owner_type: Option<String>,
    #[serde(default)]
    operating_system: Option<OperatingSystem>,
    #[serde(default)]
    detected_apps: Option<Vec<App>>,
    #[serde(default, rename = "detectedApps@odata.nextLink")]
    next_link: Option<String>,
    #[serde(default)]
    device_name: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    platform: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct App {
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    platform: Option<String>,
}

impl Resource {
    fn is_app(&self) -> bool {
        self.display_name.is_some()
            && self.device_name.is_none()
            && self.operating_system.is_none()
            && self.detected_apps.is_none()
    }

    fn app(self) -> App {
        App {
            display_name: self.display_name,
            version: self.version,
            platform: self.platform,
        }
    }

    fn device(self) -> Result<Part, ExportError> {
        let owners = [&self.managed_device_owner_type, &self.owner_type];
        let owners = owners
            .into_iter()
            .flatten()
            .filter_map(|owner| owner_of(owner));
        let owners: Vec<Ownership> = owners.collect();
        let known = self.operating_system.is_some() || self.detected_apps.is_some();
        if owners.is_empty() && !known {
            let expected = "a managedDevice, or its detectedApps";
            return Err(ExportError::new(
                Place::Whole,
                "neither an owner, a system nor apps",
                expected,
            ));
        }
        let platform = self.operating_system.and_then(|system| system.0);
        let mut part = Part::new(claim(platform));
        part.said.id = self.id.clone();
        part.subject = self.id.map(|id| (Kind::Intune, id.to_string()));
        let source = Source::Mdm;
        let statements = owners.iter().map(|value| OwnershipStatement {
            value: *value,
            source,
        });
        part.said.ownership.extend(statements);
        let Some(apps) = self.detected_apps else {
            part.notes.push(Note::NoList);
            return Ok(part);
        };
        let corporate = owners.first() == Some(&Ownership::Organization)
            && !owners.contains(&Ownership::Personal);
        let whole = corporate && matches!(platform, Some(Platform::Ios | Platform::Macos));
        let scope = if whole { Scope::Device } else { Scope::Profile };
        look(apps, platform, scope, &self.next_link, &mut part);
        Ok(part)
    }
}

impl App {
    fn platform(&self) -> Option<Platform> {
        platform(self.platform.as_deref()?)
    }
}

fn look(
    apps: Vec<App>,
    platform: Option<Platform>,
    scope: Scope,
    next_link: &Option<String>,
    part: &mut Part,
) {
    let mut list = AppList::default();
    if next_link.is_some() {
        list.leave_open();
        part.notes.push(Note::ListGoesOn);
    }
    for app in apps {
        let version = app.version.as_deref();
        let name = app.display_name.as_deref();
        let seen = |seen| seen::app(seen, version);
        list.add(seen::by_id_or_name(None, name).map(seen));
        // It may be the name that people see as well.
        let package = name.filter(|name| platform == Some(Platform::Windows) && is_package(name));
        if let Some(id) = package.and_then(|name| seen::by_id_or_name(Some(name), None)) {
            list.add(Some(seen(id)));
        }
    }
    list.observed(part, Source::Mdm, scope, None);
}

/// Whether a name can be that of a package of Windows: a publisher, a full stop and a name.
fn is_package(name: &str) -> bool {
    name.contains('.') && seen::is_identifier(name)
}

fn owner_of(word: &str) -> Option<Ownership> {
    match word {
        "company" => Some(Ownership::Organization),
        "personal" => Some(Ownership::Personal),
        _ => None,
    }
}

fn claim(platform: Option<Platform>) -> Claim {
    match platform {
        Some(platform) => Claim::says(platform, "the platform that Intune names"),
        None => Claim::one_of(&Platform::ALL, None, "a platform that Intune manages"),
    }
}

/// What a device runs; nothing if Intune does not say.
struct OperatingSystem(Option<Platform>);

impl<'de> Deserialize<'de> for OperatingSystem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let named = platform(&text);
        if named.is_none() && !text.is_empty() {
            let found = Unexpected::Str(&text);
            return Err(D::Error::invalid_value(
                found,
                &"a system that octroi knows",
            ));
        }
        Ok(Self(named))
    }
}

/// The platform of an `operatingSystem`, such as `iOS`, or of a `detectedAppPlatformType`, such as `androidWorkProfile`.
fn platform(word: &str) -> Option<Platform> {
    let word = word.to_ascii_lowercase();
    let beginnings = [
        ("android", Platform::Android),
        ("ios", Platform::Ios),
        ("ipados", Platform::Ios),
        ("macos", Platform::Macos),
        ("windows", Platform::Windows),
        ("chromeos", Platform::Chromeos),
        ("linux", Platform::Linux),
    ];
    let known = beginnings
        .iter()
        .find(|(beginning, _)| word.starts_with(beginning));
    known.map(|(_, platform)| *platform)
}
