//! The core, called the way a caller with JSON in hand would.

use octroi_core::{Deployment, Instant, Policies, Policy, Record};
use serde_json::Value;

/// Policies that the core has read, beside the wire JSON that the reference reads.
#[derive(Debug, Clone)]
pub struct Both {
    /// For the reference.
    pub wire: Vec<Value>,
    /// For the core.
    pub policies: Policies,
}

impl Both {
    /// Reads policies from wire JSON, each of which may carry a further key `stale_since`.
    ///
    /// # Errors
    ///
    /// What the core refuses.
    pub fn read(wire: Vec<Value>) -> Result<Self, String> {
        let mut policies = Vec::new();
        for document in &wire {
            let mut document = document.clone();
            let stale_since = document
                .as_object_mut()
                .and_then(|keys| keys.remove("stale_since"));
            let stale_since = match stale_since.as_ref().and_then(Value::as_str) {
                Some(instant) => {
                    Some(Instant::parse(instant).ok_or_else(|| format!("no instant: {instant}"))?)
                }
                None => None,
            };
            let policy = Policy::from_json(document.to_string().as_bytes())
                .map_err(|error| error.to_string())?;
            policies.push(policy.with_stale_since(stale_since));
        }
        let policies = Policies::new(policies).map_err(|error| error.to_string())?;
        Ok(Both { wire, policies })
    }

    /// The core's assessment, as JSON.
    ///
    /// # Errors
    ///
    /// What the core refuses.
    pub fn core(&self, record: &Value, deployment: &Value, at: &str) -> Result<Value, String> {
        let record = record.to_string();
        let record = Record::from_json(record.as_bytes(), &self.policies)
            .map_err(|error| format!("record: {error}"))?;
        let deployment = Deployment::from_json(deployment.to_string().as_bytes())
            .map_err(|error| format!("deployment: {error}"))?;
        let at = Instant::parse(at).ok_or_else(|| format!("no instant: {at}"))?;
        let assessment = octroi_core::assess(&self.policies, &record, &deployment, at);
        serde_json::to_value(&assessment).map_err(|error| error.to_string())
    }

    /// The reference's assessment, as JSON.
    ///
    /// # Errors
    ///
    /// What the reference cannot read.
    pub fn reference(&self, record: &Value, deployment: &Value, at: &str) -> Result<Value, String> {
        octroi_reference::assess(&self.wire, record, deployment, at)
    }

    /// The assessment on which both agree.
    ///
    /// # Errors
    ///
    /// Where they differ, or what one of them refuses, with the whole case.
    pub fn agreed(&self, record: &Value, deployment: &Value, at: &str) -> Result<Value, String> {
        let case = || {
            let ids: Vec<&Value> = self
                .wire
                .iter()
                .filter_map(|policy| policy.get("id"))
                .collect();
            format!("policies {ids:?}\nrecord {record}\ndeployment {deployment}\nat {at}")
        };
        let reference = self
            .reference(record, deployment, at)
            .map_err(|error| format!("the reference: {error}\n{}", case()))?;
        let core = self
            .core(record, deployment, at)
            .map_err(|error| format!("the core: {error}\n{}", case()))?;
        if core == reference {
            Ok(core)
        } else {
            Err(format!("{}\n{}", differences(&core, &reference), case()))
        }
    }
}

/// Where two values differ, path by path.
#[must_use]
pub fn differences(core: &Value, other: &Value) -> String {
    let mut lines = Vec::new();
    compare("", core, other, &mut lines);
    lines.join("\n")
}

fn compare(path: &str, core: &Value, other: &Value, lines: &mut Vec<String>) {
    match (core, other) {
        (Value::Object(one), Value::Object(two)) if one.keys().eq(two.keys()) => {
            for ((key, one), two) in one.iter().zip(two.values()) {
                compare(&format!("{path}/{key}"), one, two, lines);
            }
        }
        (Value::Array(one), Value::Array(two)) if one.len() == two.len() => {
            for (position, (one, two)) in one.iter().zip(two).enumerate() {
                compare(&format!("{path}/{position}"), one, two, lines);
            }
        }
        _ if core == other => {}
        _ => lines.push(format!(
            "{path}: the core says {core}, but expected is {other}"
        )),
    }
}
