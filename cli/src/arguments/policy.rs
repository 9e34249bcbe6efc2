//! What `octroi policy` can be asked.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use octroi_core::PolicyId;

use super::{Format, Speech};

// What each does stands at its arguments: a line here would hide the rest of the help there.
#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    List(List),
    Show(Show),
    Test(Test),
    Lint(Lint),
    New(New),
    Table(Table),
    Diff(Diff),
    Build(Build),
    Import(Import),
}

/// List the policies that ship with octroi
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) speech: Speech,
}

/// Print a policy for a lawyer: addressees, directives, legal bases, interpretations
#[derive(Args)]
pub(crate) struct Show {
    /// The id of a policy that ships with octroi, or a file or folder
    #[arg(value_name = "ID|FILE")]
    pub(crate) policy: String,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

/// Play a policy's scenarios
///
/// Exit status: 0 all turn out as expected, 1 some do not, 2 a policy could not be read.
#[derive(Args)]
pub(crate) struct Test {
    /// Ids, files or folders [default: every policy that ships with octroi]
    #[arg(value_name = "ID|FILE")]
    pub(crate) policies: Vec<String>,
}

/// Find what is wrong with policies, and what to look at again
///
/// Every error and warning comes with its place. The codes of the warnings are explained in docs/policy-format.md.
///
/// Exit status: 0 nothing is wrong, warnings or not, 1 there are errors, 2 something could not be looked at.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi policy lint policies/be-brussels-local
  For continuous integration, with the version that is published now:
    octroi policy lint my-policy --against published.json --deny-warnings \\
      --format json")]
pub(crate) struct Lint {
    /// The folders of packs, or files
    #[arg(value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// The version before: an id, file or folder [default: the policy of the same id that ships with octroi]
    #[arg(long, value_name = "ID|FILE")]
    pub(crate) against: Option<String>,

    /// Exit with 1 for warnings too
    #[arg(long)]
    pub(crate) deny_warnings: bool,

    /// How the findings are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Start a policy: a folder with a pack that is complete, passes its tests, and says what to change
#[derive(Args)]
pub(crate) struct New {
    /// The folder, which is created
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    /// The id of the policy [default: the name of the folder]
    #[arg(long, value_name = "ID", value_parser = policy_id)]
    pub(crate) id: Option<PolicyId>,
}

/// Print the decision table of a policy: what holds for each class of device, state of an app and period
///
/// Every row was assessed like a phone.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi policy table be-brussels-local
  A page to print, in French:
    octroi policy table be-brussels-local --lang fr --format html > table.html")]
pub(crate) struct Table {
    /// The id of a policy that ships with octroi, or a file or folder
    #[arg(value_name = "ID|FILE")]
    pub(crate) policy: String,
    #[command(flatten)]
    pub(crate) speech: Speech,

    /// How the table is printed
    #[arg(long, value_enum, default_value_t = TableFormat::Markdown)]
    pub(crate) format: TableFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Text that reads as it is
    Markdown,
    /// A page of its own, to print
    Html,
}

/// Say in which situations two policies decide differently
///
/// Every situation is looked at, and terms under every day of notification of ten years, so what is not listed stays as it was.
///
/// Exit status: 0 no verdict changes, 1 some do, 2 a policy could not be read.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi policy diff be-brussels-local my-version/
    octroi policy diff be-brussels-local be-brussels-region")]
pub(crate) struct Diff {
    /// The old policy: the id of one that ships with octroi, or a file or folder
    #[arg(value_name = "OLD")]
    pub(crate) old: String,

    /// The new one, likewise
    #[arg(value_name = "NEW")]
    pub(crate) new: String,

    /// How the differences are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Build the JSON form of a pack from its TOML files
#[derive(Args)]
pub(crate) struct Build {
    /// The folder of the pack, or a file
    #[arg(value_name = "FOLDER", value_hint = ValueHint::AnyPath)]
    pub(crate) folder: PathBuf,
}

/// Begin a pack from a list of indicators: many apps, with their packages and certificates
///
/// Reads YAML: a list of apps, each with a `name`, and perhaps `packages` and `certificates` (SHA-1 or SHA-256). What a policy
/// has no place for, such as domains, is counted on standard error. What you have to write is marked TO WRITE; until then
/// the policy is not in force.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi policy import ioc.yaml stalkerware \\
      --learnt-from \"AssoEchap/stalkerware-indicators, CC-BY-4.0\"
    octroi policy test stalkerware")]
pub(crate) struct Import {
    /// The list
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// The folder of the pack, which is created
    #[arg(value_name = "FOLDER", value_hint = ValueHint::AnyPath)]
    pub(crate) folder: PathBuf,
    /// The id of the policy [default: the name of the folder]
    #[arg(long, value_name = "ID", value_parser = policy_id)]
    pub(crate) id: Option<PolicyId>,
    /// Where the list comes from, as the catalogue will say [default: the name of the file]
    #[arg(long, value_name = "TEXT")]
    pub(crate) learnt_from: Option<String>,
}

fn policy_id(text: &str) -> Result<PolicyId, &'static str> {
    PolicyId::new(text).ok_or("expected lower-case letters, digits and hyphens")
}
