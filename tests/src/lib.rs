//! To be filled.

pub mod fuzz;
