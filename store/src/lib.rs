//! What must outlive a power cut: two files, written in turns, so that one whole state is always there.
//!
//! A state is what somebody else understands; here it is bytes with a generation, 16 MiB at most. It is written into a file of its
//! own, which is on the disk before it takes the place of the older of the two. Whatever is cut off, cuts off the newer one.
#![forbid(unsafe_code)]

mod files;
mod form;
mod frame;
mod slots;

pub use files::{Files, Folder};
pub use form::Form;
pub use frame::Frame;
pub use slots::{Held, Locked, Since, Slots, StoreError};
