//! The gate over days, restarts, damaged files and clocks that lie.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod configuration;
mod failing;
mod keeping;
mod phone;
mod time;
