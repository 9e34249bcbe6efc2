//! What `octroi repo` can be asked.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueHint};
use octroi_core::{Instant, PolicyId};

use super::instant;

#[derive(Subcommand)]
pub(crate) enum RepoCommand {
    Key(Key),
    Init(Init),
    Delegate(Delegate),
    Add(Add),
    Sign(Sign),
    Rotate(Rotate),
    Refresh(Refresh),
    Verify(Verify),
}

/// Make a key: FILE holds it, and the file beside it that ends in .pub.pem is for the others
///
/// The passphrase that encrypts it is asked for, or stands in --passphrase-file or in the environment variable
/// OCTROI_PASSPHRASE. Without one the key is not encrypted.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi repo key root-a.pem")]
pub(crate) struct Key {
    /// The file of the new key
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
}

/// Begin a repository: who holds which role
///
/// The root and the role targets wait in FOLDER/pending until those who hold them have signed; the first `octroi repo refresh` after
/// that publishes them.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  A root of which two of three must sign:
    octroi repo init policies --root a.pub.pem --root b.pub.pem \\
        --root c.pub.pem --root-threshold 2 \\
        --targets targets.pub.pem --snapshot online.pub.pem \\
      --timestamp online.pub.pem")]
pub(crate) struct Init {
    /// The folder that a web server will serve: an empty one, or a new one
    #[arg(value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    #[command(flatten)]
    pub(crate) holders: HeldBy,

    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Let an issuer sign its policies, or a device management what it sets; or replace their keys
#[derive(Args)]
#[command(group = ArgGroup::new("scope").required(true).args(["policy", "deployments"]))]
#[command(after_long_help = "\
Examples:
    octroi repo delegate policies brussels --holder brussels.pub.pem \\
        --policy be-brussels-local --policy be-brussels-region
    octroi repo delegate policies mdm --holder mdm.pub.pem --deployments")]
pub(crate) struct Delegate {
    #[command(flatten)]
    pub(crate) repository: Repository,

    /// The name of the role, such as `brussels`
    #[arg(value_name = "NAME")]
    pub(crate) name: String,

    /// The public key of who holds it; repeatable
    #[arg(long, value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) holder: Vec<PathBuf>,

    /// How many of them must sign
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) threshold: u64,

    /// The id of a policy that it may sign; repeatable
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(crate) policy: Vec<PolicyId>,

    /// It may sign deployments
    #[arg(long)]
    pub(crate) deployments: bool,

    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Add a version of a policy, or what a device management sets for an administration
///
/// What phones would refuse is refused: a policy that is not well-formed, has no scenarios or some that do not turn out as
/// expected, or whose version is not higher than every one before.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi repo add policies my-policies/be-brussels-local --key brussels.pem
    octroi repo add policies deployment.toml --deployment evere --key mdm.pem")]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) repository: Repository,

    /// The policy, a file or the folder of a pack; or the deployment, TOML or JSON
    #[arg(value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) file: PathBuf,

    /// It is a deployment, for the administration of this name
    #[arg(long, value_name = "NAME", value_parser = id)]
    pub(crate) deployment: Option<PolicyId>,

    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Sign what waits in a repository, or a file of it on another machine, and bring that back
///
/// A file is shown before it is signed. `--merge` takes over the signatures of a file that was signed elsewhere.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  On a machine that is never online, with pending/1.root.json on a stick:
    octroi repo sign /media/stick/1.root.json --key root-b.pem
  Back again:
    octroi repo sign policies --merge /media/stick/1.root.json")]
pub(crate) struct Sign {
    /// The folder of the repository, or one file of its metadata
    #[arg(value_name = "FOLDER|FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) path: PathBuf,

    /// A file that was signed elsewhere; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) merge: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Replace keys of the root, or of a role that it names
///
/// A new root is signed by as many as the old one asks for and by as many as the new one does. Roles that are not named keep their
/// keys.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  The third holder has left:
    octroi repo rotate policies --root a.pub.pem --root b.pub.pem \\
        --root d.pub.pem --root-threshold 2 \\
      --key root-a.pem --key root-b.pem")]
pub(crate) struct Rotate {
    #[command(flatten)]
    pub(crate) repository: Repository,

    #[command(flatten)]
    pub(crate) holders: HeldBy,

    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Publish what is signed, and sign the timestamp for a further period
///
/// What waits for signatures goes on waiting. A phone that would not believe the result is why nothing is published.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  Every day:
    octroi repo refresh policies --key online.pem
  A role whose year ends:
    octroi repo refresh policies --renew brussels --key brussels.pem \\
        --key online.pem")]
pub(crate) struct Refresh {
    #[command(flatten)]
    pub(crate) repository: Repository,

    /// Have this role sign what it signs for a further period; repeatable
    #[arg(long, value_name = "ROLE")]
    pub(crate) renew: Vec<String>,

    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// Read a repository as a phone does, and say what it gets and until when each role is signed
///
/// Exit status: 0 a phone can have all that is listed, 1 it can not, 2 it does not believe the repository.
#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) repository: Repository,

    /// The root that the app brings [default: FOLDER/metadata/1.root.json]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) root: Option<PathBuf>,

    /// When the phone looks, in RFC 3339 with an offset [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub(crate) at: Option<Instant>,
}

#[derive(Args)]
pub(crate) struct Repository {
    /// The folder of the repository
    #[arg(value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
}

#[derive(Args)]
pub(crate) struct HeldBy {
    /// The public key of a holder of the root; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) root: Vec<PathBuf>,

    /// How many of them must sign [default: 2]
    #[arg(long, value_name = "NUMBER", requires = "root")]
    pub(crate) root_threshold: Option<u64>,

    /// The public key of who says which issuer signs what; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) targets: Vec<PathBuf>,

    /// How many of them must sign [default: 1]
    #[arg(long, value_name = "NUMBER", requires = "targets")]
    pub(crate) targets_threshold: Option<u64>,

    /// The public key that signs the list of all that is there; any one of several
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) snapshot: Vec<PathBuf>,

    /// The public key that signs that the list is the newest; any one of several
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) timestamp: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Signing {
    /// A key that signs now all that waits for it; repeatable. With those of the roles snapshot and timestamp, what is
    /// complete is published
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) passphrase: Passphrase,

    /// For how many days the root and the roles that sign documents sign
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) days: u32,

    /// For how many days the list of all that is there is signed
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) snapshot_days: u32,

    /// For how many days the timestamp is signed
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) timestamp_days: u32,
}

#[derive(Args)]
pub(crate) struct Passphrase {
    /// A file with the passphrase of the keys [default: the variable OCTROI_PASSPHRASE, or it is asked for]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

fn id(text: &str) -> Result<PolicyId, &'static str> {
    PolicyId::new(text).ok_or("expected a name of a-z, 0-9 and -, such as be-brussels-local")
}
