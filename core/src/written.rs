//! The record as JSON: what is read again is the same record.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    facts::{OwnershipStatement, ShareStatement, Source},
    observation::{Observation, Probe, Scope, Seen, SeenApp},
    record::{Device, Record},
};

impl Record<'_> {
    /// The JSON form, without spaces.
    pub fn to_json(&self) -> String {
        // Nothing in a record can fail to be written: every key is a string and nothing is written to but memory.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("format", &1)?;
        fields.serialize_entry("device", &self.device)?;
        if !self.roles.is_empty() {
            fields.serialize_entry("holder", &Fields([("roles", &self.roles)]))?;
        }
        if !self.observations.is_empty() {
            fields.serialize_entry("observations", &self.observations)?;
        }
        if !self.declarations.is_empty() {
            fields.serialize_entry("declarations", &self.declarations)?;
        }
        if !self.impediments.is_empty() {
            fields.serialize_entry("impediments", &self.impediments)?;
        }
        fields.end()
    }
}

impl Serialize for Device {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            fields.serialize_entry("id", id)?;
        }
        fields.serialize_entry("platform", &self.platform)?;
        if !self.ownership.is_empty() {
            fields.serialize_entry("ownership", &self.ownership)?;
        }
        let funding = Funding(self);
        if !funding.is_empty() {
            fields.serialize_entry("funding", &funding)?;
        }
        fields.end()
    }
}

struct Funding<'a>(&'a Device);

impl<'a> Funding<'a> {
    fn shares(&self) -> [(&'static str, &'a [ShareStatement]); 3] {
        [
            ("purchase", &self.0.purchase),
            ("subscription", &self.0.subscription),
            ("usage", &self.0.usage),
        ]
    }

    fn is_empty(&self) -> bool {
        self.shares().iter().all(|(_, said)| said.is_empty())
    }
}

impl Serialize for Funding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let said = self
            .shares()
            .into_iter()
            .filter(|(_, said)| !said.is_empty());
        serializer.collect_map(said)
    }
}

impl Serialize for OwnershipStatement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        statement(&self.value, self.source, serializer)
    }
}

impl Serialize for ShareStatement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        statement(&self.value, self.source, serializer)
    }
}

fn statement<S: Serializer>(
    value: &impl Serialize,
    source: Source,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_map(Some(2))?;
    fields.serialize_entry("value", value)?;
    fields.serialize_entry("source", &source)?;
    fields.end()
}

impl Serialize for Observation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        if let Some(source) = &self.source {
            fields.serialize_entry("source", source)?;
        }
        if let Some(taken_at) = &self.taken_at {
            fields.serialize_entry("taken_at", taken_at)?;
        }
        let scope = match self.scope {
            Scope::Device => "device",
            Scope::Profile => "profile",
        };
        fields.serialize_entry("scope", scope)?;
        fields.serialize_entry("complete", &self.complete)?;
        if !self.apps.is_empty() {
            fields.serialize_entry("apps", &self.apps)?;
        }
        if !self.absent.is_empty() {
            fields.serialize_entry("absent", &self.absent)?;
        }
        if !self.not_visible.is_empty() {
            fields.serialize_entry("not_visible", &self.not_visible)?;
        }
        fields.end()
    }
}

impl Serialize for SeenApp<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        match &self.seen {
            Seen::Id { id, name, signers } => {
                fields.serialize_entry("id", id.as_str())?;
                if let Some(name) = name {
                    fields.serialize_entry("name", name.as_str())?;
                }
                if !signers.is_empty() {
                    fields.serialize_entry("signers", signers)?;
                }
            }
            Seen::Scheme(scheme) => fields.serialize_entry("scheme", scheme.as_str())?,
            Seen::Name(name) => fields.serialize_entry("name", name.as_str())?,
        }
        if let Some(first_installed) = &self.first_installed {
            fields.serialize_entry("first_installed", first_installed)?;
        }
        if let Some(version) = &self.version {
            fields.serialize_entry("version", version.as_str())?;
        }
        fields.end()
    }
}

impl Serialize for Probe<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Probe::Id(id) => serializer.serialize_str(id.as_str()),
            Probe::Scheme(scheme) => Fields([("scheme", scheme.as_str())]).serialize(serializer),
        }
    }
}

/// An object with these keys.
struct Fields<T, const N: usize>([(&'static str, T); N]);

impl<T: Serialize, const N: usize> Serialize for Fields<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
