//! What an input is made of: lines, or the rows of a Parquet file.

use std::io::{self, Read};

use octroi_core::{Policies, Record};
use octroi_exports::{LineError, read_line};

use super::lines::{self, Lines, Mark};
#[cfg(feature = "parquet")]
use super::parquet::rows::{self, Rows};

/// An input that is being read.
pub(super) enum Source {
    Lines(Lines<Box<dyn Read + Send>>),
    #[cfg(feature = "parquet")]
    Rows(Box<Rows>),
}

/// Records that stand one after the other in an input.
pub(super) enum Batch {
    Lines(lines::Batch),
    #[cfg(feature = "parquet")]
    Rows(rows::Batch),
}

/// How a record is read, under some policies.
pub(super) type Reading<'r, 'a> = &'r dyn Fn(&Policies) -> Result<Record<'a>, LineError>;

impl Source {
    /// The next batch, of so many records at most; `None` is the end.
    pub(super) fn batch(&mut self, most: usize) -> io::Result<Option<Batch>> {
        match self {
            Self::Lines(lines) => Ok(lines.batch(most)?.map(Batch::Lines)),
            #[cfg(feature = "parquet")]
            Self::Rows(rows) => Ok(rows.batch(most)?.map(Batch::Rows)),
        }
    }
}

impl Batch {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lines(batch) => batch.len(),
            #[cfg(feature = "parquet")]
            Self::Rows(batch) => batch.len(),
        }
    }

    /// What it takes in memory until it is written, roughly.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Lines(batch) => batch.cost(),
            #[cfg(feature = "parquet")]
            Self::Rows(batch) => batch.cost(),
        }
    }

    /// How many bytes of the input it covers.
    pub(super) fn read(&self) -> u64 {
        match self {
            Self::Lines(batch) => batch.read,
            #[cfg(feature = "parquet")]
            Self::Rows(batch) => batch.read,
        }
    }

    /// Where the input stands after it.
    pub(super) fn end(&self) -> Mark {
        match self {
            Self::Lines(batch) => batch.end,
            #[cfg(feature = "parquet")]
            Self::Rows(batch) => batch.end,
        }
    }

    /// Gives each record with its number, from 1.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(u64, Reading<'_, '_>) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Self::Lines(batch) => {
                for (number, line) in batch.lines() {
                    take(number, &|policies| match line {
                        Some(line) => read_line(line, policies),
                        None => Err(LineError::too_long()),
                    })?;
                }
                Ok(())
            }
            #[cfg(feature = "parquet")]
            Self::Rows(batch) => batch.each(take),
        }
    }
}
