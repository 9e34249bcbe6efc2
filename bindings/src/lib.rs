//! octroi for Kotlin and Swift: core's types and functions as they cross the border, and no rule.
//!
//! Core's types are mirrored here field by field. What is missing in a mirror does not compile, so neither side can know less than
//! the other. The documentation of the mirrors is what people read in Kotlin and Swift: it stands here, in their words.
#![expect(
    unreachable_pub,
    reason = "what is public here is reached from Kotlin and Swift, by way of what UniFFI writes"
)]

mod assessment;
mod deployment;
mod errors;
mod evidence;
mod explanation;
mod facts;
mod gate;
mod names;
mod observation;
mod policies;
mod ports;
mod record;
mod time;
mod updates;

uniffi::setup_scaffolding!();
