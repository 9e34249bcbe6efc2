//! Asking a plugged phone.

mod ask;

use std::{
    io,
    process::{Command, Output},
    time::Duration,
};

use octroi_exports::Kind;

use crate::{arguments::Check, failure::Failure};

/// A phone gives its list within a second or two. One that waits for its owner to unlock it, or to trust the computer, may do so
/// without end.
const LIMIT: Duration = Duration::from_secs(60);

/// A phone at the other end of a cable.
#[derive(Clone, Copy)]
pub(crate) enum Phone {
    Android,
    Ios,
}

impl Phone {
    /// The phone that the command was told to ask.
    pub(crate) fn asked(arguments: &Check) -> Option<Self> {
        match (arguments.adb, arguments.ios) {
            (true, _) => Some(Phone::Android),
            (_, true) => Some(Phone::Ios),
            _ => None,
        }
    }

    /// The option of the command.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Phone::Android => "adb",
            Phone::Ios => "ios",
        }
    }

    pub(crate) fn kind(self) -> Kind {
        match self {
            Phone::Android => Kind::PmList,
            Phone::Ios => Kind::Ideviceinstaller,
        }
    }

    /// The program that asks it.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Phone::Android => "adb",
            Phone::Ios => "ideviceinstaller",
        }
    }

    /// What a complete list takes: on Android every user beside the packages, as packages are listed of the first one; on iOS the apps that a person can install.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Phone::Android => &["shell", "pm list users; pm list packages"],
            Phone::Ios => &["list", "--user"],
        }
    }

    /// What the phone lists, and whatever the program says on standard error: one list for the reader, in which each line that
    /// is no entry shows that the list is not complete.
    pub(crate) fn list(self) -> Result<Vec<u8>, Failure> {
        let program = self.program();
        let command = format!("{program} {}", self.arguments().join(" "));
        let output =
            ask::ask(Command::new(program).args(self.arguments()), LIMIT).map_err(|error| {
                match error.kind() {
                    io::ErrorKind::TimedOut => {
                        let found = format!("no answer within {} seconds", LIMIT.as_secs());
                        Failure::new(&command, found, self.expected()).help(self.help())
                    }
                    io::ErrorKind::NotFound => Failure::new(
                        &command,
                        format!("no program `{program}`"),
                        self.tools(),
                    )
                    .help("install them, or bring a list made elsewhere: octroi check list.txt"),
                    _ => Failure::new(&command, error.to_string(), "a program that starts"),
                }
            })?;
        if lines(&output.stdout).any(|line| self.is_entry(line)) {
            return Ok(self.put_together(output));
        }
        let said = [output.stdout, output.stderr].join(&b'\n');
        let said = String::from_utf8_lossy(&said);
        let said = said
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("nothing");
        Err(Failure::new(
            command,
            format!("{}: {said}", output.status),
            self.expected(),
        )
        .help(self.help()))
    }

    fn put_together(self, output: Output) -> Vec<u8> {
        let program = self.program();
        let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            // It failed on its way: what it printed before is still there.
            said.push_str(&format!("\n{}{program}: {}", self.error(), output.status));
        }
        let names_users = |line: &[u8]| line.trim_ascii_start().starts_with(b"UserInfo{");
        if matches!(self, Phone::Android) && !lines(&output.stdout).any(names_users) {
            // They were asked for. In a file it may be that nobody asked, so that the reader goes on without them.
            said.push_str("\nadb: no users");
        }
        // The list stands last, so that the reader sees whether its last line is cut.
        [said.into_bytes(), output.stdout].join(&b'\n')
    }

    /// How a line begins that the reader takes for an error of this program.
    fn error(self) -> &'static str {
        match self {
            Phone::Android => "",
            Phone::Ios => "ERROR: ",
        }
    }

    /// Whether a line shows that the phone gave a list.
    fn is_entry(self, line: &[u8]) -> bool {
        let line = line.trim_ascii_start();
        match self {
            Phone::Android => line.starts_with(b"package:"),
            Phone::Ios => line.starts_with(b"CFBundleIdentifier") || line.starts_with(b"Total: "),
        }
    }

    fn tools(self) -> &'static str {
        match self {
            Phone::Android => "Android's platform tools on the PATH",
            Phone::Ios => "the tools of libimobiledevice on the PATH",
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Phone::Android => "the packages of one plugged phone",
            Phone::Ios => "the apps of one plugged iPhone or iPad",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Phone::Android => {
                "plug in one phone, allow debugging on its screen, and see that `adb devices` lists it as `device`"
            }
            Phone::Ios => {
                "plug in one device, unlock it, trust this computer on its screen, and see that `idevice_id` lists it; with a \
                 version before 1.2 bring a list: ideviceinstaller -l > list.txt"
            }
        }
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n')
}
