//! What the command can be asked.

mod evidence;
mod fleet;
mod policy;
#[cfg(feature = "publish")]
pub(crate) mod repo;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum, ValueHint, builder::PossibleValuesParser,
    builder::TypedValueParser,
};
use clap_complete::Shell;
pub(crate) use evidence::{EvidenceCommand, Keygen, Sign, Verify};
pub(crate) use fleet::{Fleet, FleetCommand, FleetFormat, Simulate, Written};
use octroi_core::{AppId, Day, Declared, Instant, Language, Ownership, Platform, Scope, Share};
use octroi_exports::{Kind, TimeZone};
pub(crate) use policy::{
    Build, Diff, Import, Lint, List, New, PolicyCommand, Show, Table, TableFormat, Test,
};
#[cfg(feature = "publish")]
pub(crate) use repo::RepoCommand;

/// Decides whether a phone may reach an administration's internal network, and says why.
#[derive(Parser)]
#[command(version, max_term_width = 100, color = crate::page::colours_of_help())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Check(Box<Check>),
    Fleet(Box<Fleet>),
    /// Read, test and build policies
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Check statements of phones, and make them
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Publish policies: a folder that phones refresh from
    #[cfg(feature = "publish")]
    #[command(subcommand)]
    Repo(RepoCommand),
    /// Publish policies, where it is built in
    #[cfg(not(feature = "publish"))]
    #[command(hide = true, disable_help_flag = true)]
    Repo {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<std::ffi::OsString>,
    },
    Visibility(Visibility),
    Schema(Schema),
    Completions(Completions),
    Man(Man),
}

/// Check one phone
///
/// Exit status: 0 access is permitted, 1 it is denied, 2 the phone was not assessed.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  An octroi record:
    octroi check policies/examples/service-phone.json
  A plugged Android phone that the administration owns:
    octroi check --adb --ownership organization
  The same, from a list made before:
    adb shell \"pm list users; pm list packages\" > list.txt
    octroi check list.txt --ownership organization
  An answer of Apple's device management, for a device that is personal in all:
    octroi check answer.plist --ownership personal --purchase none \\
      --subscription none --usage none
  A device of Intune and its discovered apps, from Microsoft Graph:
    octroi check device.json apps.json
  In Dutch, at a given instant, under both Brussels policies, as JSON:
    octroi check record.json --lang nl --at 2023-04-04T00:00:00+02:00 \\
      --format json --policy be-brussels-local \\
      --policy be-brussels-region")]
pub(crate) struct Check {
    /// The phone's record or export, or several of the same phone; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true, value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with_all = ["adb", "ios"])]
    pub(crate) files: Vec<PathBuf>,

    /// Ask the plugged Android phone, through the `adb` program
    #[arg(long)]
    pub(crate) adb: bool,

    /// Ask the plugged iPhone or iPad, through the `ideviceinstaller` program
    #[arg(long, conflicts_with = "adb")]
    pub(crate) ios: bool,

    /// What the files are
    #[arg(long, value_enum, default_value_t = From::Auto)]
    pub(crate) from: From,

    #[command(flatten)]
    pub(crate) rules: Rules,

    /// When the export was made, where it does not say so itself; with --adb and --ios that is now
    #[arg(long, value_name = "RFC3339", value_parser = instant, conflicts_with_all = ["adb", "ios"])]
    pub(crate) taken_at: Option<Instant>,

    /// The zone of times that an export gives without one: an IANA name or a POSIX rule [default: the first policy's]
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    pub(crate) time_zone: Option<TimeZone>,

    /// The system, where the export does not say
    #[arg(long, value_parser = one_of(Platform::ALL, Platform::as_str))]
    pub(crate) platform: Option<Platform>,

    /// How far the lists reach at most: `profile` says that they show a part only, such as a work profile or the managed
    /// apps, so that they prove no absence
    #[arg(long, default_value = "device", value_parser = one_of([Scope::Device, Scope::Profile], scope))]
    pub(crate) scope: Scope,

    /// Who owns the device, in your words
    #[arg(long, value_parser = one_of(Ownership::ALL, Ownership::as_str))]
    pub(crate) ownership: Option<Ownership>,

    /// The administration's share in its purchase, in your words
    #[arg(long, value_parser = one_of(Share::ALL, Share::as_str))]
    pub(crate) purchase: Option<Share>,

    /// The administration's share in its subscription, in your words
    #[arg(long, value_parser = one_of(Share::ALL, Share::as_str))]
    pub(crate) subscription: Option<Share>,

    /// The administration's share in its usage, in your words
    #[arg(long, value_parser = one_of(Share::ALL, Share::as_str))]
    pub(crate) usage: Option<Share>,

    /// Say of an app that it is there or not; repeatable, for apps that the record declares nothing of
    #[arg(long, value_name = "APP=absent|present", value_parser = declaration)]
    pub(crate) declare: Vec<(AppId, Declared)>,

    #[command(flatten)]
    pub(crate) speech: Speech,

    /// How the assessment is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Print a script that completes the command in a shell
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  bash:
    mkdir -p ~/.local/share/bash-completion/completions
    octroi completions bash \\
      > ~/.local/share/bash-completion/completions/octroi
  fish:
    mkdir -p ~/.config/fish/completions
    octroi completions fish > ~/.config/fish/completions/octroi.fish
  zsh, with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc:
    mkdir -p ~/.zfunc
    octroi completions zsh > ~/.zfunc/_octroi")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the manual page of a command
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi man | man -l -
    octroi man policy build > octroi-policy-build.1")]
pub(crate) struct Man {
    /// The command, in words such as `policy build` [default: octroi itself]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Print what an app has to declare so that the system lets it ask for the regulated apps
///
/// For Android the `<queries>` element of the manifest, for iOS the `LSApplicationQueriesSchemes` of Info.plist. Apps that cannot
/// be asked for by name there are named on standard error.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi visibility android
  For both Brussels policies:
    octroi visibility ios --policy be-brussels-local \\
      --policy be-brussels-region")]
pub(crate) struct Visibility {
    /// The system of the app
    #[arg(value_enum)]
    pub(crate) platform: VisibilityPlatform,

    #[command(flatten)]
    pub(crate) selection: Selection,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VisibilityPlatform {
    /// For AndroidManifest.xml
    Android,
    /// For Info.plist
    Ios,
}

/// Print the JSON Schema of a form, for editors and other programs
///
/// A file is checked against it, as far as its shape goes; whether its parts fit together is for octroi alone.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  For the files of a policy's pack, which then begin with
  `#:schema ./policy-part.schema.json`:
    octroi schema policy-part > policy-part.schema.json")]
pub(crate) struct Schema {
    /// The form
    #[arg(value_enum)]
    pub(crate) form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A policy as a whole
    Policy,
    /// A file of a policy's pack
    PolicyPart,
    /// What one administration sets
    Deployment,
    /// What is known of one device
    Record,
    /// What was decided
    Assessment,
    /// What `evidence verify` found of a statement
    Appraisal,
}

#[derive(Args)]
pub(crate) struct Selection {
    /// A policy: the id of one that ships with octroi, or a file or folder; repeatable, replaces the deployment's `policies`
    #[arg(long, value_name = "ID|FILE")]
    pub(crate) policy: Vec<String>,

    /// What the administration sets: a TOML or JSON file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) deployment: Option<PathBuf>,

    #[cfg(feature = "publish")]
    #[command(flatten)]
    pub(crate) repository: FromRepository,

    /// Refresh the policies from a repository, where it is built in
    #[cfg(not(feature = "publish"))]
    #[arg(long, hide = true, aliases = ["repo-root", "repo-state"])]
    pub(crate) repo: Vec<String>,
}

/// Policies that change.
#[cfg(feature = "publish")]
#[derive(Args)]
pub(crate) struct FromRepository {
    /// Refresh the policies from a repository first: an address such as `https://policies.example`
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, requires_all = ["repo_root", "repo_state"])]
    pub(crate) repo: Option<String>,

    /// Whose signatures count in the repository: the `root.json` that its holders gave out
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "repo")]
    pub(crate) repo_root: Option<PathBuf>,

    /// Where what was believed is kept, so that nobody can show an older version next time: a folder
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, requires = "repo")]
    pub(crate) repo_state: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Rules {
    #[command(flatten)]
    pub(crate) selection: Selection,

    /// The instant for which to assess, in RFC 3339 with an offset [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub(crate) at: Option<Instant>,

    /// The day on which the administration was notified [default: the deployment's or the policy's]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) notified_on: Option<Day>,
}

#[derive(Args)]
pub(crate) struct Speech {
    /// The language [default: the locale's]
    #[arg(long, value_name = "LANG", value_parser = one_of(Language::ALL, Language::as_str))]
    lang: Option<Language>,
}

impl Speech {
    pub(crate) fn language(&self) -> Language {
        self.lang.unwrap_or_else(crate::language::of_the_locale)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// By its content
    Auto,
    /// octroi's own record (JSON)
    Record,
    /// The output of `adb shell pm list packages`
    PmList,
    /// The output of `adb shell dumpsys package`
    Dumpsys,
    /// The output of `ideviceinstaller`
    Ideviceinstaller,
    /// Apple's InstalledApplicationList, DeviceInformation or both (property list)
    AppleMdm,
    /// A device of the Android Management API (JSON)
    Amapi,
    /// A managedDevice of Intune, its detectedApps or both (JSON of Microsoft Graph)
    Intune,
    /// A host of Fleet with its software (JSON)
    Fleetdm,
}

impl From {
    /// The kind of export, unless its content decides.
    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            From::Auto => None,
            From::Record => Some(Kind::Record),
            From::PmList => Some(Kind::PmList),
            From::Dumpsys => Some(Kind::Dumpsys),
            From::Ideviceinstaller => Some(Kind::Ideviceinstaller),
            From::AppleMdm => Some(Kind::AppleMdm),
            From::Amapi => Some(Kind::Amapi),
            From::Intune => Some(Kind::Intune),
            From::Fleetdm => Some(Kind::Fleetdm),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// One of those values, by its word.
fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    all: [T; N],
    word: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.map(word)).try_map(move |told| {
        let found = all.into_iter().find(|value| word(*value) == told);
        found.ok_or("not one of the words")
    })
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Device => "device",
        Scope::Profile => "profile",
    }
}

fn instant(text: &str) -> Result<Instant, &'static str> {
    Instant::parse(text).ok_or(
        "expected an instant with an offset, such as 2023-03-28T08:00:00+02:00, before the end of 9999-12-30",
    )
}

fn time_zone(text: &str) -> Result<TimeZone, &'static str> {
    TimeZone::parse(text).ok_or(
        "expected an IANA name such as Europe/Brussels, or a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3",
    )
}

fn day(text: &str) -> Result<Day, &'static str> {
    Day::parse(text).ok_or("expected a date written YYYY-MM-DD")
}

fn declaration(text: &str) -> Result<(AppId, Declared), &'static str> {
    let expected =
        "expected an app and what you say of it, such as tiktok=absent or tiktok=present";
    let (app, value) = text.split_once('=').ok_or(expected)?;
    let value = match value {
        "absent" => Declared::Absent,
        "present" => Declared::Present,
        _ => return Err(expected),
    };
    Ok((AppId::new(app).ok_or(expected)?, value))
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::*;

    /// What a terminal breaks in two does something else when it is pasted.
    #[test]
    fn an_example_fits_a_terminal() {
        fn look(command: &Command) -> usize {
            let help = command.get_after_long_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            for line in help.lines() {
                assert!(line.chars().count() < 80, "{line}");
            }
            let below: usize = command.get_subcommands().map(look).sum();
            below + usize::from(!help.is_empty())
        }
        assert!(look(&Arguments::command()) > 5);
    }
}
