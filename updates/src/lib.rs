//! Policies that change: signed updates that cannot be forged, rolled back, frozen or lost.
//!
//! The circular says that its directives may change with later advice. A repository of policies is one of The Update Framework
//! (<https://theupdateframework.github.io/specification/latest/>): a folder that any web server serves, and that nobody who holds the
//! server can change unnoticed. The policies that ship with octroi are the floor: no update brings a lower version, whatever
//! happened to what was kept.
//!
//! ```text
//! metadata/timestamp.json …               who signs what, and until when
//! targets/policies/ID/VERSION.json        a policy, in the form of `docs/policy-format.md`
//! targets/deployments/NAME.json           what a device management sets for an administration
//! ```
//!
//! This crate opens no connection and reads no clock: how a file is fetched, and what time it is, says who uses it.
#![forbid(unsafe_code)]

mod candidate;
mod crypto;
mod error;
mod keys;
mod news;
mod repository;
mod state;
mod transport;
mod updates;

pub use candidate::{Refusal, judge, path as policy_path, version as policy_version};
pub use error::{UpdateError, UpdatesError};
pub use repository::{Metadata, Repository};
pub use transport::{Transport, TransportError};
pub use updates::{Change, Current, Refreshed, Updates, Wanted};
