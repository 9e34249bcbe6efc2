//! What a phone believes of a repository of policies: a publisher, its mirrors, and those who attack both.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod attacks;
mod damage;
mod gate;
mod kept;
mod news;
mod publisher;
mod races;
