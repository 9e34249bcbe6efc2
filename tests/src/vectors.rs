//! The vectors: situations with the whole assessment expected, as data.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One situation and what is to come of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What would break for whom, in plain words.
    pub name: String,
    /// Ids of embedded packs, or files under `vectors/` (`packs/NAME.json`).
    pub policies: Vec<String>,
    /// The expiry of a policy's update metadata: policy id → instant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stale_since: BTreeMap<String, String>,
    /// What the administration sets.
    pub deployment: Value,
    /// What is known of the device.
    pub record: Value,
    /// The instant of the assessment.
    pub at: String,
    /// The assessment expected; null until it is filled in.
    #[serde(default)]
    pub assessment: Value,
}

impl Vector {
    /// The wire JSON of its policies, each with its own `stale_since` as a further key where the vector gives one.
    ///
    /// # Errors
    ///
    /// A pack that is not there, or is no JSON.
    pub fn policies(&self) -> Result<Vec<Value>, String> {
        let mut policies = Vec::new();
        for name in &self.policies {
            let mut policy: Value = serde_json::from_str(&pack(name)?)
                .map_err(|error| format!("pack {name}: {error}"))?;
            let id = policy.get("id").and_then(Value::as_str).unwrap_or_default();
            if let Some(instant) = self.stale_since.get(id).cloned()
                && let Some(keys) = policy.as_object_mut()
            {
                keys.insert("stale_since".to_owned(), Value::String(instant));
            }
            policies.push(policy);
        }
        Ok(policies)
    }
}

/// The folder of the vectors.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// The wire JSON of a pack: embedded ones by their id, others by their file under `vectors/`.
///
/// # Errors
///
/// A pack that is not there.
pub fn pack(name: &str) -> Result<String, String> {
    let path = if name.ends_with(".json") {
        folder().join(name)
    } else {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../core/packs")
            .join(format!("{name}.json"))
    };
    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The files of vectors, in the order of their names.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn files() -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder()).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The vectors of one file.
///
/// # Errors
///
/// A file that is not an array of vectors.
pub fn read(file: &Path) -> Result<Vec<Vector>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}
