//! What stands in the state, as JSON: people who look for what is kept about them can read it.

use std::collections::BTreeMap;

use octroi_core::{Assessment, Deployment, Instant, PolicyRef, from_json};
use octroi_store::Form;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

use crate::answers::Answers;

/// The state, as it stands in its folder.
pub(crate) const FORM: Form = Form {
    name: "state",
    format: 1,
};

/// What a gate keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    /// The latest time that was ever seen.
    pub(crate) latest: Option<Instant>,
    /// What the person said.
    #[serde(default)]
    pub(crate) answers: Answers,
    /// When an observation last proved that nothing of this identifier or scheme was there: what is seen of it later was installed
    /// since.
    #[serde(default)]
    pub(crate) absences: BTreeMap<String, Instant>,
    /// How often updates were kept beside this.
    #[serde(default)]
    pub(crate) updates: u64,
    /// The last assessment, if it still answers the question that is asked now.
    #[serde(default, deserialize_with = "if_understood")]
    pub(crate) last: Option<Kept>,
}

/// An assessment, and under what it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) under: Under,
    pub(crate) assessment: Assessment,
}

/// All that an assessment rests on beside the device. Under another it is worth nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Under {
    pub(crate) octroi: String,
    pub(crate) policies: Vec<PolicyRef>,
    pub(crate) deployment: Deployment,
    /// What the management said, of the device and its holder too, as a number.
    #[serde(default)]
    pub(crate) managed: u64,
}

impl State {
    pub(crate) fn from_json(json: &[u8]) -> Option<Self> {
        from_json(json).ok()
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        // Every key is a string and nothing is written to but memory: this cannot fail.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

/// An older version may find an assessment with codes that it does not know: it makes a new one, and loses nothing else.
fn if_understood<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    // As text: what reads it from a tree of values would be code of its own, which a phone's library would carry too.
    let text = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
    Ok(from_json(text.get().as_bytes()).unwrap_or_default())
}
