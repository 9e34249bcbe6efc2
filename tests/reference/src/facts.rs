//! Who owns the device and who pays: four facts.

use serde_json::Value;

use crate::json::{list, text};

/// The names of the facts, in the order in which they are reported.
pub(crate) const FACTS: [&str; 4] = [
    "ownership",
    "funding.purchase",
    "funding.subscription",
    "funding.usage",
];

/// What is known of one fact.
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    /// Whether it makes a service device, if known.
    pub(crate) says_service: Option<bool>,
    /// It says no, and only self-declared statements say so.
    pub(crate) cleared_by_self_declaration_alone: bool,
}

/// The four facts of a record.
pub(crate) fn read(record: &Value, deployment: &Value) -> Result<Vec<Fact>, String> {
    let self_declared_may_clear = match text(deployment, "self_declared_facts") {
        None | Some("accepted") => true,
        Some("incriminating_only") => false,
        Some(other) => return Err(format!("self_declared_facts: {other}")),
    };
    let mut facts = Vec::new();
    for name in FACTS {
        let statements = match record.pointer(&format!("/device/{}", name.replace('.', "/"))) {
            None => Vec::new(),
            Some(Value::Array(several)) => several.iter().collect(),
            Some(one) => vec![one],
        };
        let (mut incriminating, mut clearing, mut clearing_by_others) = (0, 0, 0);
        for statement in statements {
            let value = statement
                .as_str()
                .or(text(statement, "value"))
                .ok_or("a statement without value")?;
            let self_declared =
                text(statement, "source").unwrap_or("self_declared") == "self_declared";
            match value {
                "organization" | "partial" | "full" => incriminating += 1,
                "personal" | "none" if self_declared && !self_declared_may_clear => {}
                "personal" | "none" => {
                    clearing += 1;
                    if !self_declared {
                        clearing_by_others += 1;
                    }
                }
                "unknown" => {}
                other => return Err(format!("{name}: {other}")),
            }
        }
        let says_service = match (incriminating, clearing) {
            (0, 0) => None,
            (0, _) => Some(false),
            _ => Some(true),
        };
        facts.push(Fact {
            name,
            says_service,
            cleared_by_self_declaration_alone: says_service == Some(false)
                && clearing_by_others == 0,
        });
    }
    Ok(facts)
}

/// The three classes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Service,
    Personal,
    Undetermined,
}

impl Class {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Class::Service => "service",
            Class::Personal => "personal",
            Class::Undetermined => "undetermined",
        }
    }
}

/// For each of the four facts, whether a policy lists it among those that make a service device.
pub(crate) fn listed(policy: &Value) -> Vec<bool> {
    let listed = policy
        .get("service_device")
        .map(|made| list(made, "facts"))
        .unwrap_or_default();
    FACTS
        .iter()
        .map(|fact| listed.iter().any(|one| one == fact))
        .collect()
}

/// The class, given which facts are listed and what each of them says.
pub(crate) fn class(lists: &[bool], says_service: &[Option<bool>]) -> Class {
    let mut class = Class::Personal;
    for (listed, says) in lists.iter().zip(says_service) {
        match says {
            Some(true) if *listed => return Class::Service,
            None if *listed => class = Class::Undetermined,
            _ => {}
        }
    }
    class
}
