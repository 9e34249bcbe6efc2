//! Two files, written in turns, so that one whole state is always there: whatever is cut off, cuts off the newer one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    error::GateError,
    frame::{FORMAT, Fault, Frame},
};

const NAMES: [&str; 2] = ["state-a", "state-b"];
const LOCK: &str = "state.lock";
const TEMPORARY: &str = "state.tmp";
/// A state is a few kilobytes. What is larger was never one, and is not read into memory.
const LARGEST: u64 = 16 << 20;

/// The folder in which a gate keeps its state.
#[derive(Debug)]
pub(crate) struct Slots {
    directory: PathBuf,
}

/// The folder while no other process and no other gate reads or writes it.
pub(crate) struct Locked<'a> {
    slots: &'a Slots,
    // Closing the file gives the lock back.
    _lock: File,
}

/// What the folder holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The latest whole state.
    pub(crate) frame: Option<Frame>,
    /// Something was there, and nothing of it could be used.
    pub(crate) lost: bool,
}

impl Slots {
    /// The folder, made if it is not there.
    pub(crate) fn open(directory: &Path) -> Result<Self, GateError> {
        let slots = Self {
            directory: directory.to_owned(),
        };
        fs::create_dir_all(directory).map_err(|error| slots.cannot("create", &error))?;
        Ok(slots)
    }

    /// Waits until nobody else has the folder.
    pub(crate) fn lock(&self) -> Result<Locked<'_>, GateError> {
        let cannot = |error| self.cannot("lock", &error);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        let lock = options.open(self.path(LOCK)).map_err(cannot)?;
        wait_for(&lock).map_err(cannot)?;
        Ok(Locked {
            slots: self,
            _lock: lock,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn cannot(&self, action: &'static str, error: &io::Error) -> GateError {
        GateError::State {
            action,
            directory: self.directory.display().to_string(),
            reason: error.to_string(),
        }
    }

    fn slot(&self, name: &str) -> Result<Slot, GateError> {
        let path = self.path(name);
        match fs::metadata(&path) {
            Ok(metadata) if metadata.len() > LARGEST => return Ok(Slot::Damaged),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Slot::Empty),
            Err(error) => return Err(self.cannot("read", &error)),
        }
        let bytes = fs::read(&path).map_err(|error| self.cannot("read", &error))?;
        match Frame::decode(&bytes) {
            Ok(frame) => Ok(Slot::Whole(frame)),
            Err(Fault::Damaged) => Ok(Slot::Damaged),
            Err(Fault::Newer(found)) => Err(GateError::StateNewer {
                found,
                known: FORMAT,
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

impl Locked<'_> {
    /// The latest state.
    ///
    /// # Errors
    ///
    /// If a newer version wrote one of the two: nothing is read then, and nothing may be written.
    pub(crate) fn read(&self) -> Result<Held, GateError> {
        let [a, b] = NAMES;
        let (a, b) = (self.slots.slot(a)?, self.slots.slot(b)?);
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

    /// Keeps a state, in place of the older of the two. It is on the disk when this returns, or the two are as they were.
    pub(crate) fn write(&self, frame: &Frame) -> Result<(), GateError> {
        let slots = self.slots;
        let [a, b] = NAMES;
        let older = if slots.slot(a)?.generation() <= slots.slot(b)?.generation() {
            a
        } else {
            b
        };
        let temporary = slots.path(TEMPORARY);
        let write = || -> io::Result<()> {
            let mut file = File::create(&temporary)?;
            file.write_all(&frame.encode())?;
            file.sync_all()?;
            fs::rename(&temporary, slots.path(older))?;
            sync_directory(&slots.directory)
        };
        write().map_err(|error| slots.cannot("write", &error))
    }
}

/// Waits until nobody else has the file. Closing it gives it back.
#[cfg(not(target_os = "android"))]
fn wait_for(file: &File) -> io::Result<()> {
    file.lock()
}

/// The standard library knows no such call on Android; Android has had it always.
#[cfg(target_os = "android")]
fn wait_for(file: &File) -> io::Result<()> {
    use rustix::fs::{FlockOperation, flock};
    loop {
        match flock(file, FlockOperation::LockExclusive) {
            Err(rustix::io::Errno::INTR) => {}
            done => return done.map_err(io::Error::from),
        }
    }
}

/// A renamed file is where it should be after a power cut only if its folder was written, too.
#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Windows has no such call.
#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> io::Result<()> {
    Ok(())
}
