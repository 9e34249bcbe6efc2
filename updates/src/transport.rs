//! How a file of the repository is fetched: the host's part.

/// Fetches files of a repository.
///
/// It gives up by itself when a server hangs: nothing here waits for it with a clock of its own.
pub trait Transport: Send + Sync {
    /// The content of a file; `None` if there is none (a web server says 404, some stores of objects say 403).
    ///
    /// The path is relative to the repository, and fit for a URL as it is: `metadata/timestamp.json`. No more than `most` bytes are
    /// of use, so reading may stop there; more is refused.
    ///
    /// # Errors
    ///
    /// If it cannot be told whether there is such a file, or what is in it.
    fn fetch(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, TransportError>;
}

/// Why a file could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TransportError {
    /// What the host says, for its log.
    pub reason: String,
}
