//! The few things that are asked of a file system, so that a test can be one that fails.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// A folder of small files.
///
/// What was written is sure to be there after a power cut only once it was synced, and a new name only once the folder was.
pub trait Files: Send + Sync {
    /// Gives the lock back when it is dropped.
    type Lock;

    /// Waits until nobody else, in this or another process, has the lock.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn lock(&self, name: &str) -> io::Result<Self::Lock>;

    /// The content of a file; `None` if there is none. Of a larger file, `most` bytes and one more.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>>;

    /// Writes a file, in place of one of that name.
    ///
    /// # Errors
    ///
    /// What the system says. A part may be written.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<()>;

    /// Returns once the content of a file is on the disk.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn sync(&self, name: &str) -> io::Result<()>;

    /// Gives a file a name, in place of a file that had it; at no time is there none of that name, if there was one.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Returns once the names in the folder are on the disk.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn sync_names(&self) -> io::Result<()>;

    /// Where they are, for people.
    fn place(&self) -> String;
}

/// A folder of the system.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder, made if it is not there.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn create(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self(path.to_owned()))
    }

    /// The folder, which need not be there as long as nothing is asked of it.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl Files for Folder {
    // Closing the file gives the lock back. Where nobody may write there may be none, and nobody needs one.
    type Lock = Option<File>;

    fn lock(&self, name: &str) -> io::Result<Option<File>> {
        let path = self.0.join(name);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        let lock = match options.open(&path) {
            Err(error) if may_not_write(&error) => match File::open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                opened => opened,
            },
            opened => opened,
        }?;
        wait_for(&lock)?;
        Ok(Some(lock))
    }

    fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.0.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut content = Vec::new();
        file.take(most.saturating_add(1))
            .read_to_end(&mut content)?;
        Ok(Some(content))
    }

    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        File::create(self.0.join(name))?.write_all(content)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        OpenOptions::new()
            .write(true)
            .open(self.0.join(name))?
            .sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    #[cfg(unix)]
    fn sync_names(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }

    /// Windows has no such call.
    #[cfg(not(unix))]
    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }

    fn place(&self) -> String {
        self.0.display().to_string()
    }
}

fn may_not_write(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem)
}

/// Waits until nobody else has the file.
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
