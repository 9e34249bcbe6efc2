//! A threshold is a number of keys. The library counts the names of keys, and one key may stand under two.

use std::collections::{BTreeMap, BTreeSet};

use sigstore_tuf::{Key, Metadata, Root, Targets};

use crate::error::UpdateError;

/// Metadata in which no role has one key under two names. What is no metadata is for the library to say.
///
/// # Errors
///
/// If a role has: whoever holds that key would sign twice.
pub(crate) fn are_counted_once(metadata: &[u8]) -> Result<(), UpdateError> {
    if let Ok(root) = Metadata::<Root>::from_slice(metadata) {
        let Root { keys, roles, .. } = root.signed();
        roles
            .iter()
            .try_for_each(|(name, role)| are_distinct(name, &role.keyids, keys))?;
    }
    if let Ok(targets) = Metadata::<Targets>::from_slice(metadata)
        && let Some(delegations) = &targets.signed().delegations
    {
        let mut roles = delegations.roles.iter();
        roles.try_for_each(|role| are_distinct(&role.name, &role.keyids, &delegations.keys))?;
    }
    Ok(())
}

fn are_distinct(
    role: &str,
    names: &[String],
    keys: &BTreeMap<String, Key>,
) -> Result<(), UpdateError> {
    let names: BTreeSet<_> = names.iter().collect();
    let mut seen = BTreeSet::new();
    for name in names {
        // With what cannot be used nobody signs.
        let Some(key) = keys.get(name).and_then(material) else {
            continue;
        };
        if !seen.insert(key) {
            return Err(UpdateError::Malformed {
                reason: format!("`{role}` has one key under two names, `{name}` and another"),
            });
        }
    }
    Ok(())
}

/// What tells a key from another, in whichever of its forms it is written: of a point on a curve, its first coordinate. Who has the key of
/// one of the two points that share it has the other's.
fn material(key: &Key) -> Option<Vec<u8>> {
    let key = key.verification_key().ok()?;
    let bytes = key.as_bytes();
    let coordinate = match bytes {
        [2 | 3, x @ ..] if x.len() == 32 => x,
        [4, both @ ..] if both.len() == 64 => both.get(..32)?,
        _ => bytes,
    };
    Some(coordinate.to_vec())
}
