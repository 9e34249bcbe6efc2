//! The gate: the one object with state that an app holds.
//!
//! A verdict is a pure function of what is known (`octroi-core`). What an app must keep so that this stays true from one day to the next
//! is here: the answers that the person gave, when an app was last proven absent, the last assessment, and the latest time that was
//! ever seen, so that a clock set back opens nothing. The app collects first and hands over what it saw; nothing calls back into it
//! but its clock.
#![forbid(unsafe_code)]

mod answers;
mod clock;
mod configured;
mod error;
mod gate;
mod inside;
mod known;
mod managed;
mod state;

pub use answers::{Answers, Statement, Topic};
pub use clock::{Clock, ClockError, SystemClock};
pub use error::{GateError, RefreshError};
pub use gate::Gate;
pub use managed::{Managed, ManagedError};
