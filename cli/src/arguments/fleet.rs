//! What `octroi fleet` can be asked.

use std::{num::NonZeroU64, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{Rules, instant};
use octroi_core::{Day, Instant};

/// Assess a fleet: one device a line in, one assessment a line out
///
/// A line that cannot be read becomes an error in its place, and the run goes on. The output keeps the order of the input;
/// `record` is the number of the line, and `file` says of which input where there are several. A summary goes to standard error.
///
/// Exit status: 0 every line was assessed, 2 some were not, 130 it was interrupted.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_long_help = "\
Examples:
  A file of octroi records, one a line:
    octroi fleet devices.ndjson > assessments.ndjson
  For a spreadsheet, at a given instant:
    octroi fleet devices.ndjson --at 2023-04-04T00:00:00+02:00 --format csv \\
      > assessments.csv
  The devices that are denied, and the lines that could not be read:
    octroi fleet devices.ndjson | jq -c 'select(.access.decision != \"permit\")'
  All files of a folder and those of last week, into a folder of parts:
    octroi fleet devices/ 'last-week/*.ndjson' --output assessed/
  The same, after it was interrupted:
    octroi fleet devices/ 'last-week/*.ndjson' --output assessed/ --resume
  A file whose name begins with a dash:
    octroi fleet ./-devices.ndjson > assessments.ndjson
  Only the devices that changed since:
    octroi fleet devices.ndjson --since yesterday.ndjson
  A page to look at beside the output, with pseudonyms for devices:
    head -c 32 /dev/urandom > names.key
    octroi fleet devices.ndjson --report report.html \\
      --pseudonymise names.key > assessments.ndjson")]
pub(crate) struct Fleet {
    #[command(subcommand)]
    pub(crate) command: Option<FleetCommand>,

    #[command(flatten)]
    pub(crate) paths: Paths,

    #[command(flatten)]
    pub(crate) rules: Rules,

    /// Print only the devices that changed since an earlier output: a file, or a folder made by --output
    #[arg(long, value_name = "EARLIER", value_hint = ValueHint::AnyPath, conflicts_with = "resume")]
    pub(crate) since: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) reported: Reported,

    #[command(flatten)]
    pub(crate) written: Written,
}

/// The page for people, beside the output.
#[derive(Args)]
pub(crate) struct Reported {
    /// Write a page for people too, which a browser opens from disk: counts, due days, open questions, each device explained
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "resume")]
    pub(crate) report: Option<PathBuf>,

    /// Name devices in the page by pseudonyms: HMAC-SHA-256 under the key in this file (32 bytes or more)
    #[arg(long, value_name = "KEYFILE", value_hint = ValueHint::FilePath, requires = "report")]
    pub(crate) pseudonymise: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum FleetCommand {
    Simulate(Box<Simulate>),
}

/// Say which devices other policies would decide otherwise about
///
/// Each device is assessed under both sets of policies, for the same administration and the same instant. What is printed are
/// the devices of which access, status or obligations differ: the assessment under the new set, and under `against` that of the
/// old one. A summary goes to standard error.
///
/// Exit status: 0 every line was assessed, 2 some were not, 130 it was interrupted.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  Who would lose or gain access under the next version of a policy:
    octroi fleet simulate devices.ndjson --policy policies/ours \\
      --against be-brussels-local > changes.ndjson")]
pub(crate) struct Simulate {
    #[command(flatten)]
    pub(crate) paths: Paths,

    /// A new policy: the id of one that ships with octroi, or a file or folder; repeatable
    #[arg(long, value_name = "ID|FILE", required = true)]
    pub(crate) policy: Vec<String>,

    /// An old policy, likewise; repeatable [default: the deployment's `policies`]
    #[arg(long, value_name = "ID|FILE")]
    pub(crate) against: Vec<String>,

    /// What the administration sets, under both: a TOML or JSON file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) deployment: Option<PathBuf>,

    /// The instant for which to assess, in RFC 3339 with an offset [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub(crate) at: Option<Instant>,

    /// The day on which the administration was notified [default: the deployment's or the policy's]
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    pub(crate) notified_on: Option<Day>,

    #[command(flatten)]
    pub(crate) written: Written,
}

#[derive(Args)]
pub(crate) struct Paths {
    /// The devices' records, one a line: files, folders, or patterns between quotes; `-` is standard input
    #[arg(value_name = "PATH", default_value = "-", hide_default_value = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
}

/// How the assessments are written, and where.
#[derive(Args)]
pub(crate) struct Written {
    /// How the assessments are printed
    #[arg(long, value_enum, default_value_t = FleetFormat::Ndjson)]
    pub(crate) format: FleetFormat,

    /// Write parts of 100,000 records each into a folder, with a manifest, instead of to standard output
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) output: Option<PathBuf>,

    /// Go on where an interrupted run into the same folder stopped; give the same inputs and settings
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,

    /// How many records a part holds
    #[arg(
        long,
        value_name = "N",
        default_value = "100000",
        requires = "output",
        hide = true
    )]
    pub(crate) part_records: NonZeroU64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FleetFormat {
    /// One JSON object a line
    Ndjson,
    /// One row a device, for spreadsheets: have all columns read as text, as a device_id may begin like a formula
    Csv,
    /// Columns, into a folder only (where it is built in)
    Parquet,
}

impl FleetFormat {
    /// How the name of a file of it ends.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}
