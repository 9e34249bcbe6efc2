//! Managed configuration: what the device management tells the app, as keys and strings (`docs/mdm.md`).

use std::collections::BTreeMap;

use octroi_core::{
    Deployment, HostPattern, NonEmpty, Observation, Ownership, OwnershipStatement, ReadError,
    Record, Share, ShareStatement, Source, Step, from_json, visible,
};
use serde::Deserialize;
use serde_json::{Map, Value};

const PREFIX: &str = "octroi.";

/// The keys that are lists, written with commas.
const LISTS: [&str; 6] = [
    "policies",
    "extra_holidays",
    "internal_hosts",
    "holder.roles",
    "observation.apps",
    "observation.absent",
];
/// All other keys.
const TEXTS: [&str; 20] = [
    "administration",
    "notified_on",
    "when_undetermined",
    "self_declared_facts",
    "declared_absence",
    "declaration_valid_for",
    "observation_valid_for",
    "working_week",
    "zones.service",
    "zones.personal",
    "contacts.supervisor",
    "contacts.helpdesk",
    "policy_stale_after",
    "device.id",
    "device.ownership",
    "device.funding.purchase",
    "device.funding.subscription",
    "device.funding.usage",
    "observation.taken_at",
    "observation.scope",
];
/// Followed by the id of a policy.
const NOTIFIED_ON: &str = "notified_on.";

/// What a managed configuration says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Managed {
    deployment: Map<String, Value>,
    device: Device,
    roles: Vec<NonEmpty>,
    observation: Option<Observation<'static>>,
}

/// A key of a managed configuration with a value that it may not have, or a key that there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the managed configuration's `{}`: found {found}, expected {expected}",
    visible(key)
)]
pub struct ManagedError {
    /// The key, as the management knows it.
    pub key: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(default)]
    device: Device,
    #[serde(default)]
    holder: Holder,
    #[serde(borrow)]
    observation: Option<Observation<'a>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Device {
    id: Option<NonEmpty>,
    ownership: Option<Ownership>,
    #[serde(default)]
    funding: Funding,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Funding {
    purchase: Option<Share>,
    subscription: Option<Share>,
    usage: Option<Share>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holder {
    #[serde(default)]
    roles: Vec<NonEmpty>,
}

impl Managed {
    /// Reads the keys that begin with `octroi.`; others are the app's own. An empty value is none: some consoles send every key.
    ///
    /// # Errors
    ///
    /// A key that there is not, or a value that it may not have.
    pub fn read(entries: &BTreeMap<String, String>) -> Result<Self, ManagedError> {
        let (mut deployment, mut rest) = (Map::new(), Map::new());
        for (key, text) in entries {
            let Some(path) = key.strip_prefix(PREFIX) else {
                continue;
            };
            let value = value(path, text.trim()).ok_or_else(|| unknown(key))?;
            if text.trim().is_empty() {
                continue;
            }
            let inside = ["device.", "holder.", "observation."];
            let document = if inside.iter().any(|prefix| path.starts_with(prefix)) {
                &mut rest
            } else {
                &mut deployment
            };
            insert(document, path, value).ok_or_else(|| ManagedError {
                key: key.clone(),
                found: "a day for all policies and one for a policy".to_owned(),
                expected: "one of the two".to_owned(),
            })?;
        }
        if let Some(observation) = rest.get_mut("observation").and_then(Value::as_object_mut) {
            observation.insert("source".to_owned(), "managed_config".into());
            let ids = observation.get_mut("apps").and_then(Value::as_array_mut);
            for id in ids.into_iter().flatten() {
                *id = Value::Object(Map::from_iter([("id".to_owned(), id.take())]));
            }
        }
        let rest = Value::Object(rest).to_string();
        let document: Document<'_> = from_json(rest.as_bytes()).map_err(|error| of(&error))?;
        let managed = Self {
            deployment,
            device: document.device,
            roles: document.holder.roles,
            observation: document.observation.map(Observation::into_owned),
        };
        managed.deployment_over(&Deployment::default())?;
        Ok(managed)
    }

    /// The internal hosts that these keys name, however wrong the rest of them is.
    pub(crate) fn hosts(entries: &BTreeMap<String, String>) -> Vec<HostPattern> {
        let hosts = entries.get("octroi.internal_hosts");
        let hosts = hosts.into_iter().flat_map(|hosts| hosts.split(','));
        hosts.map(str::trim).filter_map(HostPattern::new).collect()
    }

    /// The deployment that was given to the app, with what the management says in place of what it says there.
    ///
    /// # Errors
    ///
    /// None after a successful [`Managed::read`].
    pub fn deployment_over(&self, given: &Deployment) -> Result<Deployment, ManagedError> {
        let Ok(Value::Object(mut document)) = serde_json::to_value(given) else {
            return Ok(given.clone());
        };
        for (key, value) in &self.deployment {
            match (document.get_mut(key), value) {
                // One name of a zone leaves the other as it was given; days of policies leave none.
                (Some(Value::Object(old)), Value::Object(new)) if key != "notified_on" => {
                    old.extend(new.clone());
                }
                _ => drop(document.insert(key.clone(), value.clone())),
            }
        }
        let document = Value::Object(document).to_string();
        Deployment::from_json(document.as_bytes()).map_err(|error| of(&error))
    }

    /// Adds what the management says of the device and its holder.
    pub(crate) fn add_to(&self, record: &mut Record<'_>) {
        let source = Source::ManagedConfig;
        let device = &mut record.device;
        if device.id.is_none() {
            device.id.clone_from(&self.device.id);
        }
        device.ownership.extend(
            self.device
                .ownership
                .map(|value| OwnershipStatement { value, source }),
        );
        let funding = &self.device.funding;
        let shares = [
            (&mut device.purchase, funding.purchase),
            (&mut device.subscription, funding.subscription),
            (&mut device.usage, funding.usage),
        ];
        for (statements, share) in shares {
            statements.extend(share.map(|value| ShareStatement { value, source }));
        }
        record.roles.extend(self.roles.iter().cloned());
        record.observations.extend(self.observation.clone());
    }
}

/// The value as the forms have it, or `None` if there is no such key.
fn value(path: &str, text: &str) -> Option<Value> {
    if LISTS.contains(&path) {
        let items = text.split(',').map(str::trim);
        return Some(items.filter(|item| !item.is_empty()).collect());
    }
    (TEXTS.contains(&path) || path.starts_with(NOTIFIED_ON)).then(|| text.into())
}

/// Puts the value where the path says. `None` if something else stands there.
fn insert(document: &mut Map<String, Value>, path: &str, value: Value) -> Option<()> {
    // The id of a policy is one step, whatever stands in it.
    let step = if path.starts_with(NOTIFIED_ON) {
        2
    } else {
        usize::MAX
    };
    let mut steps: Vec<&str> = path.splitn(step, '.').collect();
    let last = steps.pop()?;
    let mut place = document;
    for step in steps {
        let inside = place.entry(step).or_insert_with(|| Map::new().into());
        place = inside.as_object_mut()?;
    }
    match place.insert(last.to_owned(), value) {
        None => Some(()),
        Some(_) => None,
    }
}

fn unknown(key: &str) -> ManagedError {
    let mut keys: Vec<_> = LISTS
        .iter()
        .chain(&TEXTS)
        .map(|key| format!("`{PREFIX}{key}`"))
        .collect();
    keys.sort_unstable();
    ManagedError {
        key: key.to_owned(),
        found: "no key of octroi".to_owned(),
        expected: format!(
            "{} or `{PREFIX}{NOTIFIED_ON}` and a policy",
            keys.join(", ")
        ),
    }
}

fn of(error: &ReadError) -> ManagedError {
    let keys = error.path.steps().iter();
    let keys: Vec<_> = keys
        .map_while(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    ManagedError {
        key: format!("{PREFIX}{}", keys.join(".")),
        found: error.found.clone(),
        expected: error.expected.clone(),
    }
}
