//! The packs that ship with octroi.

use once_cell::sync::OnceCell;

use super::Policy;
use crate::read::ReadError;

const PACKS: [&str; 2] = [
    include_str!("../../packs/be-brussels-local.json"),
    include_str!("../../packs/be-brussels-region.json"),
];

/// The policies that ship with octroi, read at the first use.
///
/// # Errors
///
/// None in a build that was tested: the packs are data, and a pack that cannot be read is an error like that of any other.
pub fn embedded() -> Result<&'static [Policy], ReadError> {
    static EMBEDDED: OnceCell<Vec<Policy>> = OnceCell::new();
    EMBEDDED
        .get_or_try_init(|| {
            PACKS
                .iter()
                .map(|json| Policy::from_json(json.as_bytes()))
                .collect()
        })
        .map(Vec::as_slice)
}
