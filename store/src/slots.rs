//! Two files, written in turns.

use std::{io, path::Path};

use crate::{
    files::{Files, Folder},
    form::Form,
    frame::{Fault, Frame},
};

/// A state has some kilobytes, and with policies that came some hundred. What is larger was never one: it is neither read nor written.
const LARGEST: u64 = 16 << 20;

/// Where a state of one kind is kept.
#[derive(Debug)]
pub struct Slots<F = Folder> {
    files: F,
    form: Form,
}

/// The state while no other process and no other thread reads or writes it.
pub struct Locked<'a, F: Files = Folder> {
    slots: &'a Slots<F>,
    _lock: F::Lock,
}

/// What is there.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    /// The latest whole state.
    pub frame: Option<Frame>,
    /// Something was there, and nothing of it could be used.
    pub lost: bool,
}

/// What is there, for somebody who read or wrote a state before.
#[derive(Debug, PartialEq, Eq)]
pub enum Since {
    /// Nothing newer: where the newest copy was damaged meanwhile, what was read or written is newer than what is left.
    Nothing,
    /// What somebody else wrote meanwhile.
    Newer(Frame),
    /// Something was there before anything was read, and nothing of it can be used.
    Lost,
}

/// Why a state can be neither read nor kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A newer version wrote it. It stays as it is.
    #[error("it has format {found}, expected at most {known}: a newer version wrote it")]
    Newer {
        /// The format of the state.
        found: u32,
        /// The newest format that this version reads.
        known: u32,
    },
    /// The system refuses.
    #[error("cannot {action} `{directory}`: {reason}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        directory: String,
        /// What the system said.
        reason: String,
    },
}

impl Slots {
    /// In this folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn open(directory: &Path, form: Form) -> Result<Self, StoreError> {
        match Folder::create(directory) {
            Ok(folder) => Ok(Slots::new(folder, form)),
            Err(error) => Err(Slots::new(Folder::at(directory), form).cannot("create", &error)),
        }
    }
}

impl<F: Files> Slots<F> {
    /// Among these files.
    pub fn new(files: F, form: Form) -> Self {
        Self { files, form }
    }

    /// Waits until nobody else has the state.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn lock(&self) -> Result<Locked<'_, F>, StoreError> {
        let lock = self.files.lock(&self.form.lock());
        Ok(Locked {
            slots: self,
            _lock: lock.map_err(|error| self.cannot("lock", &error))?,
        })
    }

    fn cannot(&self, action: &'static str, error: &io::Error) -> StoreError {
        StoreError::Io {
            action,
            directory: self.files.place(),
            reason: error.to_string(),
        }
    }

    fn slot(&self, name: &str) -> Result<Slot, StoreError> {
        let read = self.files.read(name, LARGEST);
        let Some(bytes) = read.map_err(|error| self.cannot("read", &error))? else {
            return Ok(Slot::Empty);
        };
        if bytes.len() as u64 > LARGEST {
            return Ok(Slot::Damaged);
        }
        match Frame::decode(&bytes, self.form) {
            Ok(frame) => Ok(Slot::Whole(frame)),
            Err(Fault::Damaged) => Ok(Slot::Damaged),
            Err(Fault::Newer(found)) => Err(StoreError::Newer {
                found,
                known: self.form.format,
            }),
        }
    }
}

enum Slot {
    Empty,
    Damaged,
    Whole(Frame),
}

impl Slot {
    fn generation(&self) -> Option<u64> {
        match self {
            Slot::Whole(frame) => Some(frame.generation),
            _ => None,
        }
    }
}

impl<F: Files> Locked<'_, F> {
    /// The latest state.
    ///
    /// # Errors
    ///
    /// If a newer version wrote one of the two: nothing is read then, and nothing may be written. If the system refuses.
    pub fn read(&self) -> Result<Held, StoreError> {
        let [a, b] = self.slots.form.slots();
        let (a, b) = (self.slots.slot(&a)?, self.slots.slot(&b)?);
        let lost = !matches!((&a, &b), (Slot::Empty, Slot::Empty));
        let later = if a.generation() >= b.generation() {
            a
        } else {
            b
        };
        Ok(match later {
            Slot::Whole(frame) => Held {
                frame: Some(frame),
                lost: false,
            },
            _ => Held { frame: None, lost },
        })
    }

    /// What is there beside a state of that generation; 0 is none.
    ///
    /// # Errors
    ///
    /// Those of [`Locked::read`].
    pub fn since(&self, generation: u64) -> Result<Since, StoreError> {
        let held = self.read()?;
        Ok(match held.frame {
            Some(frame) if frame.generation > generation => Since::Newer(frame),
            None if held.lost && generation == 0 => Since::Lost,
            _ => Since::Nothing,
        })
    }

    /// Keeps a state, in place of the older of the two. It is on the disk when this returns, or the two are as they were.
    ///
    /// # Errors
    ///
    /// If a newer version wrote one of the two, or if the system refuses.
    pub fn write(&self, frame: &Frame) -> Result<(), StoreError> {
        let Slots { files, form } = self.slots;
        let [a, b] = form.slots();
        let older = if self.slots.slot(&a)?.generation() <= self.slots.slot(&b)?.generation() {
            a
        } else {
            b
        };
        let temporary = form.temporary();
        let encoded = frame.encode(*form);
        let write = || -> io::Result<()> {
            if encoded.len() as u64 > LARGEST {
                // It could not be read again.
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            files.write(&temporary, &encoded)?;
            files.sync(&temporary)?;
            files.rename(&temporary, &older)?;
            files.sync_names()
        };
        write().map_err(|error| self.slots.cannot("write", &error))
    }
}
