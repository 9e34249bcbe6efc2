//! Random situations that shrink well: everything is chosen from one string of bytes, and zero is the plainest choice.

use std::fmt;

use proptest::prelude::*;
use serde_json::Value;

/// A string of bytes from which choices are made, one after the other; when it is used up, all further choices are plain.
#[derive(Clone)]
pub struct Choices {
    bytes: Vec<u8>,
    next: usize,
}

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

/// Strings long enough for a whole situation.
pub fn choices() -> impl Strategy<Value = Choices> {
    proptest::collection::vec(any::<u8>(), 0..700).prop_map(Choices::from)
}

impl From<Vec<u8>> for Choices {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, next: 0 }
    }
}

impl Choices {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let byte = self.bytes.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(byte) % end.max(1)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        let last = times.saturating_sub(1);
        self.below(times) == last
    }

    /// One of these texts; the first is the plainest.
    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let position = self.below(of.len());
        of.get(position).copied().unwrap_or_default()
    }

    /// One of these values; the first is the plainest.
    pub fn value(&mut self, of: &[Value]) -> Value {
        let position = self.below(of.len());
        of.get(position).cloned().unwrap_or_default()
    }

    /// Some of these, in their order.
    pub fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.below(2) == 1).collect()
    }

    /// The same, in another order.
    #[must_use]
    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for position in (1..items.len()).rev() {
            let other = position - self.below(position + 1);
            items.swap(position, other);
        }
        items
    }
}
