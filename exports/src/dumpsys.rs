//! What `adb shell dumpsys package` prints.

use std::collections::BTreeSet;

use octroi_core::{Instant, Label, Platform, Scope, SeenApp, Source};

use crate::{
    error::{ExportError, Place},
    list::{AppList, NAMED},
    note::Note,
    part::{Claim, Part},
    pm_list::is_error,
    seen,
    zone::TimeZone,
};

/// Reads a dump. Its times have no zone: they are read in the one that is given.
pub(crate) fn read(text: &str, zone: Option<&TimeZone>) -> Result<Part, ExportError> {
    let mut dump = Dump {
        zone,
        ..Dump::default()
    };
    let mut section = Section::Other;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let whole = line.ends_with('\n');
        let line = line.trim_end();
        if is_error(line) || line.contains(TIMED_OUT) {
            dump.list.error_line(number);
        } else if line == PACKAGES {
            dump.close();
            dump.sections += 1;
            section = Section::Packages;
        } else if section == Section::Packages && is_title(line) && whole {
            dump.close();
            dump.ended = true;
            section = Section::Other;
        } else if section == Section::Packages && !dump.line(number, line) {
            dump.list.error_line(number);
        }
    }
    dump.close();
    if dump.sections == 0 {
        let expected = "a section `Packages:`, as `adb shell dumpsys package` prints it";
        return Err(ExportError::new(Place::Whole, "no packages", expected));
    }
    Ok(dump.part())
}

/// Whether the text has a list of packages as dumpsys prints it.
pub(crate) fn is_dump(text: &str) -> bool {
    let mut lines = text.lines();
    lines.any(|line| line.trim_end() == PACKAGES)
        && lines
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| line.starts_with("  Package ["))
}

const PACKAGES: &str = "Packages:";

/// dumpsys gives up on a service that does not answer in time, after whatever it has said.
const TIMED_OUT: &str = "DUMP TIMEOUT";

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Packages,
    /// Among them `Hidden system packages:`, the versions that came with the system of packages that were updated since.
    Other,
}

/// A line that begins the next section: words and a colon, at the left edge.
fn is_title(line: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b" -_()/".contains(&byte);
    line.strip_suffix(':').is_some_and(|title| {
        title.starts_with(|first: char| first.is_ascii_uppercase()) && title.bytes().all(is_word)
    })
}

#[derive(Default)]
struct Dump<'a> {
    zone: Option<&'a TimeZone>,
    open: Option<Package<'a>>,
    list: AppList,
    /// How many lists of packages there are: one, unless several dumps stand one after the other.
    sections: usize,
    packages: usize,
    local_times: bool,
    /// The lines of times that cannot be read, the first of them.
    unread_times: BTreeSet<usize>,
    /// Whether something follows the packages, so that none of them was cut off.
    ended: bool,
}

/// A package, while its lines are read.
struct Package<'a> {
    name: &'a str,
    /// What the system calls it, where that is another name.
    compat_name: Option<&'a str>,
    version: Option<&'a str>,
    /// Before Android 12: for all users.
    first_installed: Option<Time<'a>>,
    users: Vec<User<'a>>,
}

struct User<'a> {
    installed: bool,
    first_installed: Option<Time<'a>>,
}

/// A local time as it is written, and its line.
#[derive(Clone, Copy)]
struct Time<'a> {
    written: &'a str,
    line: usize,
}

impl<'a> Dump<'a> {
    /// Reads a line of the packages; false if it is no such line.
    fn line(&mut self, number: usize, line: &'a str) -> bool {
        let inside = line.trim_start();
        let depth = line.len() - inside.len();
        if inside.is_empty() {
            return true;
        }
        if depth == 2
            && let Some(rest) = inside.strip_prefix("Package [")
        {
            self.close();
            let name = rest.split_once(']').map(|(name, _)| name);
            let name = name.filter(|name| seen::is_identifier(name));
            self.open = name.map(Package::new);
            return name.is_some();
        }
        match &mut self.open {
            Some(package) if depth > 2 => package.line(number, inside, depth),
            // The lines of a package whose name could not be read: that one was named.
            None if depth > 2 => {}
            _ => return false,
        }
        true
    }

    /// Ends the package whose lines were read last.
    fn close(&mut self) {
        let Some(package) = self.open.take() else {
            return;
        };
        self.packages += 1;
        // A dump that names no users is of an Android that had one.
        let alone = User {
            installed: true,
            first_installed: None,
        };
        let users = if package.users.is_empty() {
            &[alone][..]
        } else {
            &package.users[..]
        };
        let mut times: Vec<Option<Instant>> = Vec::new();
        for user in users.iter().filter(|user| user.installed) {
            let local = user.first_installed.or(package.first_installed);
            let instant = local.and_then(|time| self.instant(time));
            if !times.contains(&instant) {
                times.push(instant);
            }
        }
        if times.is_empty() {
            self.list.not_installed();
        }
        // Each user installed it at some time, and one of them may have done so after the others.
        for first_installed in times {
            for name in [Some(package.name), package.compat_name]
                .into_iter()
                .flatten()
            {
                let seen = seen::by_id(name, None, Vec::new());
                self.list.add(seen.map(|seen| {
                    SeenApp {
                        seen,
                        first_installed,
                        version: package
                            .version
                            .and_then(|version| Label::new(version.to_owned())),
                    }
                }));
            }
        }
    }

    fn instant(&mut self, time: Time<'_>) -> Option<Instant> {
        let Some(instant) = self.zone?.instant(time.written) else {
            if self.unread_times.len() < NAMED {
                self.unread_times.insert(time.line);
            }
            return None;
        };
        // Android writes the start of its time where it knows none.
        if instant.unix_seconds() < 2 * 86_400 {
            return None;
        }
        self.local_times = true;
        Some(instant)
    }

    fn part(mut self) -> Part {
        // `dumpsys package NAME` prints one package alone, and several of those dumps are no whole one.
        let alone = self.sections == 1;
        let whole = alone && self.ended && self.packages > 1 && self.list.has_android();
        let mut part = Part::new(Claim::one_of(
            &[Platform::Android, Platform::Chromeos],
            Some(Platform::Android),
            "`android` or `chromeos`, the platforms of dumpsys",
        ));
        if !whole {
            self.list.leave_open();
            part.notes.push(Note::DumpsysNotWhole);
        }
        if self.local_times
            && let Some(zone) = self.zone
        {
            let zone = zone.name().to_owned();
            part.notes.push(Note::LocalTimes { zone });
        }
        let unread = self.unread_times.into_iter();
        part.notes
            .extend(unread.map(|line| Note::TimeNotRead { line }));
        self.list
            .observed(&mut part, Source::Platform, Scope::Device, None);
        part
    }
}

impl<'a> Package<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            compat_name: None,
            version: None,
            first_installed: None,
            users: Vec::new(),
        }
    }

    fn line(&mut self, number: usize, line: &'a str, depth: usize) {
        if depth == 4
            && let Some(rest) = line.strip_prefix("User ")
        {
            // A state that cannot be read counts as installed: the package is there, for somebody.
            let installed = !rest
                .split_whitespace()
                .any(|word| word == "installed=false");
            self.users.push(User {
                installed,
                first_installed: None,
            });
            return;
        }
        let Some((key, value)) = line.split_once('=') else {
            return;
        };
        let time = Time {
            written: value,
            line: number,
        };
        match (key, self.users.last_mut()) {
            ("compat name", None) if seen::is_identifier(value) => self.compat_name = Some(value),
            ("versionName", None) => self.version = Some(value),
            ("firstInstallTime", None) => self.first_installed = Some(time),
            ("firstInstallTime", Some(user)) => user.first_installed = Some(time),
            // An archived app is without its code; its icon and its data are there, and one tap brings it back.
            ("archiveTime", Some(user)) => user.installed = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_words_and_a_colon() {
        for title in [
            "Hidden system packages:",
            "Shared users:",
            "Package Changes:",
        ] {
            assert!(is_title(title), "{title}");
        }
        for line in [
            "",
            "Packages",
            "  Package [a] (1):",
            "shared:",
            "java.lang.Error: x:",
        ] {
            assert!(!is_title(line), "{line}");
        }
    }
}
