//! Files of more than text: keys, and what may have no end.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write as _},
    path::Path,
};

use crate::failure::Failure;

/// Makes a new file, in place of no other, for those whom the mode lets.
pub(crate) fn create(path: &Path, content: &[u8], mode: u32) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let created = options.open(path).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    created.map_err(|error| Failure::new(path.display(), error.to_string(), "a new file"))
}

/// What one device can have: as much as a line of a fleet.
pub(crate) const EXPORT: u64 = 32 << 20;

/// What a root, a certificate or a key can have.
pub(crate) const SMALL: u64 = 1 << 20;

/// What to call where something is from, and all of it; more than so many bytes are refused. `-` is standard input.
pub(crate) fn whole(path: &Path, most: u64) -> Result<(String, Vec<u8>), Failure> {
    let (place, bytes) = input(path, most.saturating_add(1))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        return Ok((place, bytes));
    }
    let most = most >> 20;
    let found = format!("more than {most} MiB");
    Err(Failure::new(place, found, format!("at most {most} MiB")))
}

/// What to call where something is from, and no more than so many bytes of it. `-` is standard input.
pub(crate) fn input(path: &Path, most: u64) -> Result<(String, Vec<u8>), Failure> {
    let (place, opened): (_, io::Result<Box<dyn Read>>) = if path == Path::new("-") {
        (Path::new("standard input"), Ok(Box::new(io::stdin())))
    } else {
        (path, File::open(path).map(|file| Box::new(file) as _))
    };
    let mut bytes = Vec::new();
    let read = opened.and_then(|input| input.take(most).read_to_end(&mut bytes));
    read.map_err(|error| Failure::io(place, &error))?;
    Ok((place.display().to_string(), bytes))
}
