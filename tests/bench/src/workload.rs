//! What is decided: a policy that regulates many apps, and phones on which many apps are.
//!
//! Everything is made of lists of words, so each run measures the same bytes.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// An instant at which the term for removal has passed, so that a regulated app means a denial.
pub(crate) const AT: &str = "2023-05-01T00:00:00Z";

const PACK: &str = include_str!("../../../core/packs/be-brussels-local.json");

/// The rules, and the phones that they judge.
pub(crate) struct Workload {
    /// The policy document.
    pub(crate) policy: String,
    /// Every identifier of a regulated app.
    pub(crate) identifiers: Vec<String>,
    /// The phones; the first is the one that is measured beside others.
    pub(crate) phones: Vec<Phone>,
}

/// A phone.
#[derive(Clone)]
pub(crate) struct Phone {
    /// What is particular about it.
    pub(crate) what: &'static str,
    /// The network that it may reach.
    pub(crate) zone: &'static str,
    /// Who owns it.
    pub(crate) ownership: &'static str,
    /// What the administration bears of the subscription.
    pub(crate) subscription: &'static str,
    /// The identifiers of its apps.
    pub(crate) installed: Vec<String>,
    /// Its record.
    pub(crate) record: String,
}

impl Workload {
    /// Makes it.
    pub(crate) fn new() -> Result<Self> {
        let catalogue = catalogue();
        let identifiers: Vec<_> = catalogue.iter().flat_map(|(_, ids)| ids.clone()).collect();
        let last = identifiers.last().context("no identifiers")?.as_str();
        let first = identifiers.first().context("no identifiers")?.as_str();
        let phones = vec![
            phone("service", "organization", "none", &[], "service"),
            phone("service, one app", "organization", "none", &[last], "none"),
            phone("personal", "personal", "none", &[], "personal"),
            phone("personal, one app", "personal", "none", &[first], "none"),
            phone("paid in part", "personal", "partial", &[], "service"),
            phone("paid, one app", "personal", "full", &[last], "none"),
            phone("two apps", "organization", "full", &[first, last], "none"),
        ];
        Ok(Self {
            policy: policy(&catalogue)?,
            identifiers,
            phones,
        })
    }

    /// The phone that is measured beside others.
    pub(crate) fn phone(&self) -> Result<&Phone> {
        self.phones.first().context("no phones")
    }

    /// The phone of which this is particular.
    pub(crate) fn phone_called(&self, what: &str) -> Result<&Phone> {
        let phone = self.phones.iter().find(|phone| phone.what == what);
        phone.with_context(|| format!("no phone is called `{what}`"))
    }
}

impl Phone {
    /// Its record as a line of a fleet, with an id of its own.
    pub(crate) fn line(&self, number: usize) -> Result<String> {
        const START: &str = r#"{"device":{"#;
        let rest = self.record.strip_prefix(START);
        let rest = rest.context("a record that does not start with its device")?;
        Ok(format!("{START}\"id\":\"{number:08}\",{rest}\n"))
    }
}

fn phone(
    what: &'static str,
    ownership: &'static str,
    subscription: &'static str,
    regulated: &[&str],
    zone: &'static str,
) -> Phone {
    let mut installed: Vec<_> = MAKERS
        .iter()
        .flat_map(|maker| PRODUCTS.map(|product| format!("{maker}.{product}")))
        .collect();
    // In the middle, where neither the first nor the last look finds them.
    let middle = installed.len() / 2;
    for (slot, id) in installed.iter_mut().skip(middle).zip(regulated) {
        *slot = (*id).to_owned();
    }
    let apps = installed.iter().enumerate().map(|(number, id)| {
        let name = id.rsplit('.').next().filter(|_| number % 3 == 0);
        name.map_or_else(
            || json!({ "id": id }),
            |name| json!({ "id": id, "name": format!("Business {name}") }),
        )
    });
    let record = json!({
        "device": {
            "platform": "android",
            "ownership": ownership,
            "funding": { "purchase": "none", "subscription": subscription, "usage": "none" },
        },
        "observations": [{
            "source": "platform",
            "taken_at": "2023-04-30T08:00:00Z",
            "complete": true,
            "apps": apps.collect::<Vec<_>>(),
        }],
    });
    Phone {
        what,
        zone,
        ownership,
        subscription,
        installed,
        record: record.to_string(),
    }
}

/// The regulated apps, each with its identifiers.
fn catalogue() -> Vec<(String, Vec<String>)> {
    let names = FIRST
        .iter()
        .flat_map(|first| SECOND.map(|second| format!("{first}{second}")));
    names
        .map(|name| {
            let ids = THEMES
                .iter()
                .flat_map(|theme| EDITIONS.map(|edition| format!("com.{name}.{theme}.{edition}")));
            let ids = ids.collect();
            (name, ids)
        })
        .collect()
}

/// The pack that ships, with these apps in place of its own.
fn policy(catalogue: &[(String, Vec<String>)]) -> Result<String> {
    let mut pack: Value = serde_json::from_str(PACK).context("the pack is not JSON")?;
    let entries: Map<_, _> = catalogue
        .iter()
        .map(|(name, ids)| {
            let identifiers =
                json!({ "platforms": ["android"], "ids": ids, "learnt_from": "made up" });
            (
                name.clone(),
                json!({ "name": name, "identifiers": [identifiers] }),
            )
        })
        .collect();
    let names: Vec<_> = entries.keys().cloned().collect();
    let rule = pack
        .pointer_mut("/rules/0/apps")
        .context("the pack has no rule")?;
    *rule = names.into();
    let document = pack.as_object_mut().context("the pack is no object")?;
    document.insert("catalogue".to_owned(), entries.into());
    document.insert("scenarios".to_owned(), json!([]));
    Ok(pack.to_string())
}

const MAKERS: [&str; 20] = [
    "com.android.providers",
    "com.google.android.apps",
    "com.google.android",
    "com.samsung.android",
    "com.sec.android.app",
    "com.qualcomm.qti",
    "com.microsoft.office",
    "com.microsoft",
    "org.mozilla",
    "org.fdroid",
    "be.brussels.mobile",
    "be.belgium.gov.citizen",
    "be.stib.traveller",
    "eu.europa.publications",
    "com.adobe.android",
    "com.citrix.workspace",
    "com.cisco.secure",
    "de.bahn.travel",
    "fr.gouv.services",
    "nl.overheid.app",
];

const PRODUCTS: [&str; 10] = [
    "messaging",
    "calendar",
    "contacts",
    "documents",
    "photos",
    "maps",
    "settings",
    "keyboard",
    "wallet",
    "update",
];

const FIRST: [&str; 10] = [
    "byte", "snap", "tele", "vibe", "chat", "clip", "live", "moon", "nova", "star",
];

const SECOND: [&str; 10] = [
    "dance", "gram", "loop", "wave", "talk", "cast", "book", "play", "link", "mix",
];

const THEMES: [&str; 10] = [
    "video", "music", "social", "camera", "stream", "shorts", "creator", "market", "games",
    "friends",
];

const EDITIONS: [&str; 10] = [
    "android", "lite", "go", "tv", "tablet", "beta", "global", "asia", "kids", "pro",
];
