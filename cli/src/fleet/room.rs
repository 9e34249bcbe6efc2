//! How much may be under way at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Room for so many bytes between the reading and the writing.
pub(super) struct Room {
    most: usize,
    taken: Mutex<usize>,
    freed: Condvar,
}

impl Room {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            taken: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room. What is larger than the room waits until it is alone.
    pub(super) fn take(&self, bytes: usize) {
        let mut taken = self.taken();
        while *taken > 0 && *taken + bytes > self.most {
            taken = self
                .freed
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *taken += bytes;
    }

    pub(super) fn give(&self, bytes: usize) {
        let mut taken = self.taken();
        *taken = taken.saturating_sub(bytes);
        self.freed.notify_one();
    }

    fn taken(&self) -> MutexGuard<'_, usize> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
