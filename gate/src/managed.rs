//! Managed configuration: what the device management tells the app, as keys and strings (`docs/mdm.md`).

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use octroi_core::{
    Contacts, Deployment, HostPattern, NonEmpty, Observation, Ownership, OwnershipStatement,
    PolicyId, ReadError, Record, Share, ShareStatement, Source, Step, ZoneNames, from_json,
    visible,
};
use serde::Deserialize;

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
/// The day for all policies.
const FOR_ALL: &str = "notified_on";
/// Followed by the id of a policy.
const NOTIFIED_ON: &str = "notified_on.";

/// What a managed configuration says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Managed {
    /// What it says of the deployment; all else there is as it is where nobody says anything.
    deployment: Deployment,
    /// By which keys.
    said: Vec<String>,
    device: Device,
    roles: Vec<NonEmpty>,
    observation: Option<Observation<'static>>,
    /// Of what was read: another word, another number.
    print: u64,
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
        let (mut deployment, mut rest) = (Vec::new(), Vec::new());
        for (key, text) in entries {
            let Some(path) = key.strip_prefix(PREFIX) else {
                continue;
            };
            let value = value(path, text.trim()).ok_or_else(|| unknown(key))?;
            if text.trim().is_empty() {
                continue;
            }
            let inside = ["device.", "holder.", "observation."];
            if inside.iter().any(|prefix| path.starts_with(prefix)) {
                rest.push((path, value));
                continue;
            }
            if path.starts_with(NOTIFIED_ON) && deployment.iter().any(|(path, _)| *path == FOR_ALL)
            {
                return Err(ManagedError {
                    key: key.clone(),
                    found: "a day for all policies and one for a policy".to_owned(),
                    expected: "one of the two".to_owned(),
                });
            }
            deployment.push((path, value));
        }
        if rest
            .iter()
            .any(|(path, _)| path.starts_with("observation."))
        {
            rest.push(("observation.source", quoted("managed_config")));
        }
        let rest = object(&rest);
        let document: Document<'_> = from_json(rest.as_bytes()).map_err(|error| of(&error))?;
        let said = deployment.iter().map(|(path, _)| (*path).to_owned());
        let mut print = DefaultHasher::new();
        for (key, text) in Self::ours(entries) {
            if !text.trim().is_empty() {
                (key, text).hash(&mut print);
            }
        }
        Ok(Self {
            print: print.finish(),
            said: said.collect(),
            deployment: Deployment::from_json(object(&deployment).as_bytes())
                .map_err(|error| of(&error))?,
            device: document.device,
            roles: document.holder.roles,
            observation: document.observation.map(Observation::into_owned),
        })
    }

    /// Without the keys that are the app's own.
    pub(crate) fn ours(entries: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut ours = entries.clone();
        ours.retain(|key, _| key.starts_with(PREFIX));
        ours
    }

    /// The policies that a configuration names, whatever else is wrong with it.
    pub(crate) fn policies(entries: &BTreeMap<String, String>) -> Vec<PolicyId> {
        let named = entries.get("octroi.policies").into_iter();
        let named = named.flat_map(|text| text.split(','));
        named.filter_map(|id| PolicyId::new(id.trim())).collect()
    }

    /// The internal hosts that these keys name, however wrong they are: in an address, with a port, in an array as some console
    /// printed it, under a key that was mistyped. What is guarded too much is a host of the administration's own words.
    pub(crate) fn hosts(entries: &BTreeMap<String, String>) -> Vec<HostPattern> {
        let named = entries.iter();
        let named = named.filter(|(key, _)| key.starts_with(PREFIX) && key.contains("host"));
        let words = named.flat_map(|(_, text)| text.split(|of: char| !is_of_a_host(of)));
        let hosts = words.filter_map(|word| {
            let without_port = word.rsplit_once(':').map_or(word, |(host, _)| host);
            let bare = [word, without_port].map(|host| host.trim_matches(['[', ']']));
            bare.into_iter().find_map(HostPattern::new)
        });
        hosts.collect()
    }

    /// The deployment that was given to the app, with what the management says in place of what it says there.
    pub fn deployment_over(&self, given: &Deployment) -> Deployment {
        let Deployment {
            administration,
            policies,
            notified_on,
            when_undetermined,
            self_declared_facts,
            declared_absence,
            declaration_valid_for,
            observation_valid_for,
            working_week,
            extra_holidays,
            zones,
            contacts,
            internal_hosts,
            policy_stale_after,
        } = given.clone();
        let here = self.deployment.clone();
        let says = |key: &str| self.said.iter().any(|said| said == key);
        Deployment {
            administration: here.administration.or(administration),
            policies: either(says("policies"), here.policies, policies),
            // Days of policies leave none of those that were given.
            notified_on: here.notified_on.or(notified_on),
            when_undetermined: either(
                says("when_undetermined"),
                here.when_undetermined,
                when_undetermined,
            ),
            self_declared_facts: either(
                says("self_declared_facts"),
                here.self_declared_facts,
                self_declared_facts,
            ),
            declared_absence: either(
                says("declared_absence"),
                here.declared_absence,
                declared_absence,
            ),
            declaration_valid_for: here.declaration_valid_for.or(declaration_valid_for),
            observation_valid_for: here.observation_valid_for.or(observation_valid_for),
            working_week: here.working_week.or(working_week),
            extra_holidays: either(says("extra_holidays"), here.extra_holidays, extra_holidays),
            // One name of a zone leaves the other as it was given, and so do contacts.
            zones: match (here.zones, zones) {
                (Some(here), Some(given)) => Some(ZoneNames {
                    service: here.service.or(given.service),
                    personal: here.personal.or(given.personal),
                }),
                (here, given) => here.or(given),
            },
            contacts: match (here.contacts, contacts) {
                (Some(here), Some(given)) => Some(Contacts {
                    supervisor: here.supervisor.or(given.supervisor),
                    helpdesk: here.helpdesk.or(given.helpdesk),
                }),
                (here, given) => here.or(given),
            },
            internal_hosts: either(says("internal_hosts"), here.internal_hosts, internal_hosts),
            policy_stale_after: here.policy_stale_after.or(policy_stale_after),
        }
    }

    /// Tells one configuration from another, as long as this version lasts; what was decided under another one is void.
    pub(crate) fn print(&self) -> u64 {
        self.print
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

fn is_of_a_host(character: char) -> bool {
    character.is_alphanumeric() || "*.-:[]".contains(character)
}

fn either<T>(is_here: bool, here: T, given: T) -> T {
    if is_here { here } else { given }
}

/// The value as the forms have it, in JSON, or `None` if there is no such key.
fn value(path: &str, text: &str) -> Option<String> {
    if LISTS.contains(&path) {
        let items = text.split(',').map(str::trim);
        let items = items.filter(|item| !item.is_empty()).map(quoted);
        let items: Vec<_> = match path {
            "observation.apps" => items.map(|id| format!(r#"{{"id":{id}}}"#)).collect(),
            _ => items.collect(),
        };
        return Some(format!("[{}]", items.join(",")));
    }
    (TEXTS.contains(&path) || path.starts_with(NOTIFIED_ON)).then(|| quoted(text))
}

fn quoted(text: &str) -> String {
    // A string can be written as JSON.
    serde_json::to_string(text).unwrap_or_default()
}

/// The JSON object in which the values stand where their paths say. What has the same beginning must follow one another.
///
/// Written and not built: a tree of values would be a reader and a writer of its own, which a phone would carry.
fn object(values: &[(&str, String)]) -> String {
    let mut json = String::from("{");
    let mut open: Vec<&str> = Vec::new();
    for (path, value) in values {
        // The id of a policy is one step, whatever stands in it.
        let most = if path.starts_with(NOTIFIED_ON) {
            2
        } else {
            usize::MAX
        };
        let mut steps: Vec<&str> = path.splitn(most, '.').collect();
        let last = steps.pop().unwrap_or_default();
        let same = open.iter().zip(&steps).take_while(|(a, b)| a == b).count();
        json.extend(open.drain(same..).map(|_| '}'));
        if !json.ends_with('{') {
            json.push(',');
        }
        for step in steps.into_iter().skip(same) {
            json.extend([&quoted(step), ":{"]);
            open.push(step);
        }
        json.extend([&quoted(last), ":", value]);
    }
    json.extend(open.iter().map(|_| '}'));
    json.push('}');
    json
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
