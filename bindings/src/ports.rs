//! What the app gives to octroi: a clock, a way to fetch, a key that signs, and a place for the log.

use std::sync::{Arc, PoisonError, RwLock};

use log::{Level, LevelFilter, Log, Metadata};
use octroi_core::Instant;
use octroi_gate::ClockError;
use uniffi::UnexpectedUniFFICallbackError;

use crate::evidence::Identity;

/// Tells the time. Called from any thread; it must not call the gate.
#[uniffi::export(foreign)]
pub trait Clock: Send + Sync {
    /// The time now. If it throws, the gate decides nothing.
    fn now(&self) -> Result<Instant, PortError>;
}

/// Takes over what octroi logs: never the name of an app. Called from any thread; it must not call octroi.
#[uniffi::export(foreign)]
pub trait LogSink: Send + Sync {
    /// One message. If it throws, the message is lost.
    fn log(&self, level: LogLevel, text: String) -> Result<(), PortError>;
}

/// Fetches files of a repository of policies. It gives up by itself when a server hangs. Called from the thread that refreshes.
#[uniffi::export(foreign)]
pub trait Transport: Send + Sync {
    /// The content of a file; none if there is none (a web server says 404, some stores of objects say 403).
    ///
    /// The path is relative to the repository, and fit for a URL as it is: `metadata/timestamp.json`. No more than `most` bytes are of
    /// use, so reading stops there; more is refused. It throws if it cannot tell whether there is such a file, or what is in it.
    fn fetch(&self, path: String, most: u64) -> Result<Option<Vec<u8>>, PortError>;
}

/// Holds a private key on P-256 and signs with it: Android Keystore, the Secure Enclave, a server's module. Called from the thread that
/// asks for a statement.
#[uniffi::export(foreign)]
pub trait EvidenceSigner: Send + Sync {
    /// How a statement says whose it is. Asked before each signature.
    fn identity(&self) -> Result<Identity, PortError>;

    /// The ECDSA signature with SHA-256 of these bytes, in DER or as 64 raw bytes. It throws if the key is gone or may not be used.
    fn sign(&self, bytes: Vec<u8>) -> Result<Vec<u8>, PortError>;
}

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// Something did not work.
    Error,
    /// Something is not as it should be, and octroi went on.
    Warn,
    /// Something worth knowing.
    Info,
    /// For whoever looks for a fault in octroi.
    Debug,
}

/// The app's own code failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum PortError {
    /// It threw.
    #[error("the app's own code failed: {reason}")]
    Failed {
        /// What it said.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for PortError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: error.reason,
        }
    }
}

/// The app's clock, as the gate knows clocks.
pub(crate) struct AppClock(pub(crate) Arc<dyn Clock>);

impl octroi_gate::Clock for AppClock {
    fn now(&self) -> Result<Instant, ClockError> {
        self.0.now().map_err(|error| {
            let PortError::Failed { reason } = error;
            ClockError { reason }
        })
    }
}

static SINK: RwLock<Option<Arc<dyn LogSink>>> = RwLock::new(None);

/// Sends what octroi logs to the app, from now on and for the whole process; to nobody without a sink.
#[uniffi::export]
pub fn set_log_sink(sink: Option<Arc<dyn LogSink>>) {
    *SINK.write().unwrap_or_else(PoisonError::into_inner) = sink;
    // It is refused where this library has its logger already: the same one.
    if log::set_logger(&Forward).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
}

struct Forward;

impl Log for Forward {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("octroi")
    }

    fn log(&self, record: &log::Record<'_>) {
        let level = match record.level() {
            Level::Error => LogLevel::Error,
            Level::Warn => LogLevel::Warn,
            Level::Info => LogLevel::Info,
            Level::Debug | Level::Trace => LogLevel::Debug,
        };
        // The sink is called outside the lock: it may take its time, and another may be set.
        let sink = SINK
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .filter(|_| self.enabled(record.metadata()));
        if let Some(sink) = sink {
            // What cannot be logged cannot be logged.
            let _ = sink.log(level, record.args().to_string());
        }
    }

    fn flush(&self) {}
}
