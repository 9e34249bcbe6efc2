//! Parquet, in and out: rows of columns in place of lines of text.

pub(super) mod answers;
pub(super) mod earlier;
pub(super) mod part;
pub(super) mod rows;

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// How many rows are read at once, at most. How much they hold is not known before: a text that each of a million rows has stands in the
/// file once, and in memory as often as it was read.
const ROWS: usize = 32;

/// What a reader of files makes of one that somebody else wrote: where it has a fault, the file cannot be read, and others still can.
fn guarded<T>(read: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let fault = |_| Err(io::Error::other("a fault of the Parquet reader"));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(fault)
}
