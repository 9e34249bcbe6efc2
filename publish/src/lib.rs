//! Publishes policies: the other side of `octroi-updates`.
//!
//! A repository is a folder that any web server serves. Who changes it prepares what is to be signed, lets those sign who must, on
//! their own machines if they like, and publishes it with the keys that sign what is new:
//!
//! ```text
//! metadata/1.root.json …                        what phones fetch: who signs what, and until when
//! targets/policies/ID/DIGEST.VERSION.json …     what phones fetch: the documents
//! pending/2.root.json …                         what waits for signatures; no phone asks for it
//! ```
//!
//! The metadata is that of `tough`, a second implementation on purpose: what it writes and signs, the client in `octroi-updates`
//! reads and judges before a phone can. Of `tough` its forms, its canonical JSON, its key ids and its verification are used, and
//! not its `RepositoryEditor`, for two reasons. The editor signs a role at once or not at all: it wants the keys of a whole
//! threshold in one process, and a ceremony is the opposite of that (a root it does not write at all). And it writes every role
//! anew with each change, from hash tables: files that were published under their number, and may be cached for ever, would
//! change in the order of their keys.
#![forbid(unsafe_code)]

mod add;
mod draft;
mod error;
mod files;
mod holders;
mod keys;
mod publish;
mod repository;
mod signing;
mod verify;

pub use draft::Draft;
pub use error::PublishError;
pub use holders::{Delegation, Holders, Scope};
pub use keys::{Holder, Signer};
pub use publish::Published;
pub use repository::Folder;
pub use signing::Waiting;
pub use verify::{Document, RoleSeen, Seen, verify};
