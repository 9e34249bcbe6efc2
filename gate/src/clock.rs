//! The clock, given by the app.

use std::time::{SystemTime, UNIX_EPOCH};

use octroi_core::Instant;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    ///
    /// # Errors
    ///
    /// If the app cannot tell; the gate then decides nothing.
    fn now(&self) -> Result<Instant, ClockError>;
}

/// Why the app's clock did not tell the time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the clock failed: {reason}")]
pub struct ClockError {
    /// What the app said.
    pub reason: String,
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Result<Instant, ClockError> {
        let now = SystemTime::now();
        let seconds = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()),
            Err(before) => i64::try_from(before.duration().as_secs()).map(|seconds| -seconds - 1),
        };
        let seconds = seconds.map_err(|error| ClockError {
            reason: error.to_string(),
        })?;
        Ok(Instant::from_unix_seconds(seconds))
    }
}
