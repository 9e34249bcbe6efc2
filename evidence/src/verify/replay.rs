//! What was answered already.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use octroi_core::Instant;

/// Whether a nonce was answered before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was not, and is remembered now.
    First,
    /// It was.
    Again,
    /// It was not, and cannot be remembered.
    Full,
}

/// Remembers the nonces that were answered: a table of the server's, shared by all that check tokens.
pub trait Replay {
    /// Takes down that a nonce was answered now, in one step with the look whether it was before. From `until` on its token does not
    /// count any more, and it may be forgotten.
    fn first_use(&self, nonce: &str, until: Instant, now: Instant) -> Seen;
}

/// Remembers in the memory of one process, so many nonces at most; what is full refuses, and forgets nothing before its time.
#[derive(Debug)]
pub struct OneTime {
    most: usize,
    until: Mutex<HashMap<String, Instant>>,
}

impl OneTime {
    /// Room for so many nonces.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            until: Mutex::default(),
        }
    }
}

impl Replay for OneTime {
    fn first_use(&self, nonce: &str, until: Instant, now: Instant) -> Seen {
        let mut answered = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.get(nonce).is_some_and(|until| now < *until) {
            return Seen::Again;
        }
        if answered.len() >= self.most {
            answered.retain(|_, until| now < *until);
        }
        if answered.len() >= self.most {
            return Seen::Full;
        }
        answered.insert(nonce.to_owned(), until);
        Seen::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_unix_seconds(seconds)
    }

    /// Whoever floods a server with answers makes it refuse, and never forget an answer that still counts.
    #[test]
    fn what_is_full_refuses_until_a_time_is_up() {
        let answered = OneTime::new(2);
        let first = |nonce, until, now| answered.first_use(nonce, at(until), at(now));
        assert_eq!(first("one", 10, 0), Seen::First);
        assert_eq!(first("two", 20, 0), Seen::First);
        assert_eq!(first("three", 30, 9), Seen::Full);
        assert_eq!(first("one", 10, 9), Seen::Again);
        assert_eq!(first("three", 30, 10), Seen::First);
        assert_eq!(first("two", 20, 19), Seen::Again);
    }
}
