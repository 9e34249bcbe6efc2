//! Scenarios: situations in plain words with the verdict expected, written by whoever writes the policy.

use serde::{Deserialize, Serialize};

use super::Document;
use crate::{
    assessment::{ClassName, Decision, NetworkZone, Status},
    code::Code,
    facts::{Ownership, Share},
    names::AppId,
    read::{Entries, Fault, NonEmpty, given, steps},
    record::Declared,
    time::{Day, Instant},
};

/// A situation with the verdict expected. `docs/policy-format.md` says what each key means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The situation in plain words.
    pub situation: NonEmpty,
    pub(crate) at: Instant,
    #[serde(default)]
    pub(crate) device: DeviceFacts,
    #[serde(default)]
    pub(crate) apps: Entries<AppId, Declared>,
    #[serde(default)]
    pub(crate) installed: Entries<AppId, Instant>,
    #[serde(default)]
    pub(crate) prevented: Vec<AppId>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) supervisor_informed_on: Option<Day>,
    #[serde(default)]
    pub(crate) roles: Vec<NonEmpty>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) notified_on: Option<Day>,
    pub(crate) expect: Expectation,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceFacts {
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) ownership: Option<Ownership>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) purchase: Option<Share>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) subscription: Option<Share>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) usage: Option<Share>,
}

/// The verdict that an author expects; what is left out is not looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub(crate) decision: Decision,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) class: Option<ClassName>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) zone: Option<NetworkZone>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) certain: Option<bool>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) status: Option<Status>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) missing: Option<Vec<NonEmpty>>,
    #[serde(default)]
    pub(crate) due: Entries<AppId, Day>,
    #[serde(default)]
    pub(crate) reasons: Vec<Code>,
    #[serde(default)]
    pub(crate) advice: Vec<Code>,
}

impl Scenario {
    pub(super) fn check(&self, document: &Document) -> Result<(), Fault> {
        let lists: [(&str, Vec<&AppId>); 4] = [
            ("apps", self.apps.0.keys().collect()),
            ("installed", self.installed.0.keys().collect()),
            ("prevented", self.prevented.iter().collect()),
            ("due", self.expect.due.0.keys().collect()),
        ];
        for (key, apps) in lists {
            if let Some(app) = apps
                .into_iter()
                .find(|app| !document.catalogue.0.contains_key(*app))
            {
                let path = if key == "due" {
                    steps!["expect", key]
                } else {
                    steps![key]
                };
                return Err(Fault::new(
                    path,
                    format!("`{app}`"),
                    "an app that the policy regulates",
                ));
            }
        }
        match self
            .installed
            .0
            .keys()
            .find(|app| self.apps.0.get(*app) != Some(&Declared::Present))
        {
            Some(app) => {
                let path = steps!["installed", app.as_str()];
                Err(Fault::new(
                    path,
                    format!("the install time of `{app}`"),
                    "one only for an app that is present",
                ))
            }
            None => Ok(()),
        }
    }
}
