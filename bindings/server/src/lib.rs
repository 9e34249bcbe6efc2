//! octroi for servers on the JVM: what `octroi-evidence` does with a statement, as Kotlin sees it, and no rule.
//!
//! It is a library of its own, beside `octroi-ffi`: JNA binds all functions of an interface at once, and no phone carries X.509 and
//! P-384 to check what it never checks. Policies, deployments and assessments are the same mirrors, compiled for this package.
#![expect(
    unreachable_pub,
    reason = "what is public here is reached from Kotlin, by way of what UniFFI writes"
)]

#[path = "../../src/assessment.rs"]
mod assessment;
#[path = "../../src/deployment.rs"]
mod deployment;
#[path = "../../src/explanation.rs"]
mod explanation;
#[path = "../../src/facts.rs"]
mod facts;
#[path = "../../src/names.rs"]
mod names;
#[path = "../../src/observation.rs"]
mod observation;
#[path = "../../src/policies.rs"]
mod policies;
#[path = "../../src/record.rs"]
mod record;
#[path = "../../src/time.rs"]
mod time;

mod appraisal;
mod errors;
mod keys;
mod ports;
mod results;
mod verifier;

uniffi::setup_scaffolding!();
