//! Vectors, laws and comparisons of octroi.
//!
//! What a verdict has to be is written down three times here: as data in `vectors/`, which every language runs; as a
//! second evaluator in `reference/`, against which the core is held on every case of a large space and on random ones;
//! and as laws that hold whatever the policies say.

pub mod choices;
pub mod core_side;
pub mod fuzz;
pub mod issuers;
pub mod layout;
pub mod mutations;
pub mod situations;
pub mod space;
pub mod vectors;

/// The README's Rust is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
