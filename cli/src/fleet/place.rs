//! Where a report may stand: in place of nothing that the run reads or writes, and of nothing but a report.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read},
    path::{Path, PathBuf},
    process,
};

use octroi_report::BEGINNING;
use same_file::Handle;

use super::inputs::{Inputs, STDIN};
use crate::{arguments::Fleet, failure::Failure};

/// A place for a report.
pub(super) struct Place {
    /// What the user calls it.
    asked: PathBuf,
    /// Where it is, with all links followed.
    path: PathBuf,
    /// Who may do what with the file that is there.
    permissions: Option<Permissions>,
}

/// So many links are followed, as systems do.
const LINKS: usize = 40;

impl Place {
    /// The place of that name, unless anything of the run is there.
    pub(super) fn of(asked: &Path, arguments: &Fleet, inputs: &Inputs) -> Result<Self, Failure> {
        let place = Self::find(asked)?;
        place.is_not_read(arguments, inputs)?;
        place.is_not_written(arguments)?;
        place.is_a_report()?;
        Ok(place)
    }

    fn find(asked: &Path) -> Result<Self, Failure> {
        if asked == Path::new(STDIN) {
            let failure = Failure::new("--report -", "no name of a file", "a report is a file");
            return Err(failure.help("a file of that name is written `./-`"));
        }
        let wrong = |error: io::Error| unwritable(asked, &error);
        let (path, permissions) = match fs::metadata(asked) {
            Ok(of) if of.is_file() => {
                let path = fs::canonicalize(asked).map_err(wrong)?;
                (path, Some(of.permissions()))
            }
            // What a page would replace is no page; and who opens a pipe waits for somebody at its other end.
            Ok(of) => {
                let found = match of.is_dir() {
                    true => "a folder",
                    false => "a device, a pipe or a socket",
                };
                let expected = "a file, or the name of a new one";
                return Err(Failure::new(asked.display(), found, expected));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let path = end(asked);
                let Some(name) = path.file_name() else {
                    let expected = "the name of a file";
                    return Err(Failure::new(asked.display(), "no name of a file", expected));
                };
                let folder = fs::canonicalize(folder(&path)).map_err(wrong)?;
                (folder.join(name), None)
            }
            Err(error) => return Err(wrong(error)),
        };
        Ok(Self {
            asked: asked.to_owned(),
            path,
            permissions,
        })
    }

    /// Refuses what the run reads: a report instead of the rules, the key or the devices is their loss.
    fn is_not_read(&self, arguments: &Fleet, inputs: &Inputs) -> Result<(), Failure> {
        let selection = &arguments.rules.selection;
        let policies = selection.policy.iter().map(Path::new);
        let given = [
            &arguments.reported.pseudonymise,
            &selection.deployment,
            &arguments.since,
        ];
        #[cfg(feature = "publish")]
        let repository = [
            &selection.repository.repo_root,
            &selection.repository.repo_state,
        ];
        #[cfg(not(feature = "publish"))]
        let repository: [&Option<PathBuf>; 0] = [];
        let given = given.into_iter().chain(repository);
        let mut read = (0..inputs.len())
            .map(|input| inputs.path(input))
            .chain(given.filter_map(Option::as_deref))
            .chain(policies);
        if read.any(|read| self.is_at(read)) || self.is_open(Handle::stdin()) {
            let found = "a file that is read as well";
            return Err(self.refused(found));
        }
        Ok(())
    }

    fn is_not_written(&self, arguments: &Fleet) -> Result<(), Failure> {
        if [Handle::stdout(), Handle::stderr()]
            .into_iter()
            .any(|stream| self.is_open(stream))
        {
            return Err(self.refused("a file that is written to as well"));
        }
        // A folder of parts holds nothing else: the next run would refuse it.
        if let Some(output) = &arguments.written.output
            && self.is_at(output)
        {
            return Err(self.refused("a file in the folder of --output"));
        }
        Ok(())
    }

    /// Refuses a file of anything else: whoever mistypes a name, or names the assessments of yesterday, keeps them.
    fn is_a_report(&self) -> Result<(), Failure> {
        if self.permissions.is_none() {
            return Ok(());
        }
        let mut beginning = Vec::new();
        File::open(&self.path)
            .and_then(|file| {
                file.take(BEGINNING.len() as u64)
                    .read_to_end(&mut beginning)
            })
            .map_err(|error| self.wrong(&error))?;
        if beginning.is_empty() || beginning == BEGINNING.as_bytes() {
            return Ok(());
        }
        Err(self.refused("a file that is no report"))
    }

    /// Whether it is that file, or in that folder.
    fn is_at(&self, path: &Path) -> bool {
        match fs::metadata(path) {
            Ok(of) if of.is_dir() => {
                fs::canonicalize(path).is_ok_and(|folder| self.path.starts_with(folder))
            }
            Ok(of) if of.is_file() => same_file::is_same_file(&self.path, path).unwrap_or(false),
            _ => false,
        }
    }

    /// Whether it is what a stream of the command is read from or written to.
    fn is_open(&self, stream: io::Result<Handle>) -> bool {
        // Without a file there, nothing is open; only one that is there is opened to look.
        self.permissions.is_some()
            && stream.is_ok_and(|stream| {
                Handle::from_path(&self.path).is_ok_and(|report| report == stream)
            })
    }

    fn refused(&self, found: &str) -> Failure {
        Failure::new(self.asked.display(), found, "another file for the report")
            .help("a report takes the place of an earlier report, and of nothing else")
    }

    /// Why nothing can be written there.
    pub(super) fn wrong(&self, error: &io::Error) -> Failure {
        unwritable(&self.asked, error)
    }

    /// A file beside it that nobody else has, for what is not whole yet: as open to others as the one that it will replace, and to nobody
    /// if there is none.
    pub(super) fn partial(&self) -> io::Result<(PathBuf, File)> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut number = 0_u64;
        loop {
            let name = format!(".octroi-{}-{number}.partial", process::id());
            let path = folder(&self.path).join(name);
            match options.open(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
                Ok(file) => {
                    #[cfg(unix)]
                    if let Some(permissions) = &self.permissions {
                        // Where a file system knows no modes, there is none to keep.
                        let _ = file.set_permissions(permissions.clone());
                    }
                    return Ok((path, file));
                }
            }
        }
    }

    /// Puts there what is whole.
    pub(super) fn take(&self, partial: &Path) -> io::Result<()> {
        fs::rename(partial, &self.path)
    }
}

/// Where links lead that end in no file yet.
fn end(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(to) => path = folder(&path).join(to),
            Err(_) => break,
        }
    }
    path
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let expected = match error.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::ReadOnlyFilesystem => "a folder that may be written to",
        _ => "a place to write to",
    };
    Failure::new(path.display(), error.to_string(), expected)
}
