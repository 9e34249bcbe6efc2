//! What `octroi evidence` can be asked.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use octroi_core::PolicyId;
use octroi_evidence::Thumbprint;

use super::{Format, Rules, Speech};

#[derive(Subcommand)]
pub(crate) enum EvidenceCommand {
    Verify(Box<Verify>),
    Sign(Box<Sign>),
    Keygen(Keygen),
}

/// Check a statement of a phone, and judge anew what it states
///
/// The verdict is computed from the phone's facts under the policies given here; what the phone says of itself is compared.
///
/// Exit status: 0 access is permitted, 1 it is denied, 2 the statement is refused.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  Signed by a key that was enrolled:
    octroi evidence verify statement.jwt \\
        --key YmINKXXNvRYU7GckNVXqW1k7Vx4Uf5UGXz5UaqYOC8I \\
      --nonce 8f14e45fceea167a --audience https://gateway.example
  By a key whose chain leads to a pinned root, with a result for a gateway:
    octroi evidence verify statement.jwt --root root.der --ear server.jwk \\
      --nonce 8f14e45fceea167a --audience https://gateway.example")]
pub(crate) struct Verify {
    /// The statement; `-` is standard input
    #[arg(default_value = "-", hide_default_value = true, value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// A key that was enrolled, by its RFC 7638 thumbprint; repeatable
    #[arg(long, value_name = "THUMBPRINT", value_parser = thumbprint, required_unless_present = "root")]
    pub(crate) key: Vec<Thumbprint>,

    /// A root that a chain of certificates may lead to: a certificate in DER; repeatable
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "key")]
    pub(crate) root: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) challenge: Challenge,

    #[command(flatten)]
    pub(crate) rules: Rules,

    /// The least version of a policy that the phone must have; repeatable
    #[arg(long, value_name = "ID@VERSION", value_parser = minimum)]
    pub(crate) minimum: Vec<(PolicyId, u32)>,

    /// Refuse a statement whose own verdict does not follow from its facts
    #[arg(long)]
    pub(crate) refuse_mismatch: bool,

    /// For how many seconds a statement counts
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) max_age: u32,

    /// By how many seconds the phone's clock may be off
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) clock_skew: u32,

    /// Print an attestation result (EAR) instead, signed by this key and issued by the audience
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath, conflicts_with = "format")]
    pub(crate) ear: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) speech: Speech,

    /// How the appraisal is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

/// Make a statement of a record and sign it with a key in a file, as a phone does with its own
///
/// The statement holds what the policies ask about, and no list of apps.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi evidence sign record.json --signer phone.jwk \\
      --nonce 8f14e45fceea167a \\
      --audience https://gateway.example > statement.jwt")]
pub(crate) struct Sign {
    /// The record; `-` is standard input
    #[arg(default_value = "-", hide_default_value = true, value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The key: a file that `octroi evidence keygen` made
    #[arg(long, value_name = "KEY", value_hint = ValueHint::FilePath)]
    pub(crate) signer: PathBuf,

    #[command(flatten)]
    pub(crate) challenge: Challenge,

    /// State the record's `device.id` too
    #[arg(long)]
    pub(crate) device_id: bool,

    #[command(flatten)]
    pub(crate) rules: Rules,
}

/// Make a key for tests and servers, in a new file, and print its thumbprint
///
/// It is a JSON Web Key on P-256. Whoever reads the file can sign; a phone keeps its key in hardware instead.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
    octroi evidence keygen server.jwk")]
pub(crate) struct Keygen {
    /// The file, which must not be there yet
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}

#[derive(Args)]
pub(crate) struct Challenge {
    /// The nonce that the server gave the phone
    #[arg(long)]
    pub(crate) nonce: String,

    /// Whom the statement is for
    #[arg(long)]
    pub(crate) audience: String,
}

fn thumbprint(text: &str) -> Result<Thumbprint, &'static str> {
    Thumbprint::parse(text)
        .ok_or("expected the SHA-256 thumbprint of a key: 43 characters in base64url")
}

fn minimum(text: &str) -> Result<(PolicyId, u32), &'static str> {
    let expected = "expected a policy and its version, such as be-brussels-local@2";
    let (id, version) = text.split_once('@').ok_or(expected)?;
    let version = version.parse().map_err(|_| expected)?;
    Ok((PolicyId::new(id).ok_or(expected)?, version))
}
