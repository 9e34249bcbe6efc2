//! Statements of phones: made, forged, checked and judged anew.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod attested;
mod bench;
mod chains;
mod data;
mod forged;
mod reduced;
mod results;
mod signatures;
