//! What was observed on a device.

use octroi_core::{Instant, Scope, Signer, Source};

use crate::{
    errors::OctroiError,
    names::{AppIdentifier, ObservedText},
};

type Observation = octroi_core::Observation<'static>;
type SeenApp = octroi_core::SeenApp<'static>;
type Seen = octroi_core::Seen<'static>;
type Probe = octroi_core::Probe<'static>;

/// Which apps were seen, by whom, when, and how far that observer could see.
///
/// Not seeing an app is not its absence: without `complete`, only what is in `absent` counts as asked for.
#[uniffi::remote(Record)]
pub struct Observation {
    /// Who observed; informs only.
    #[uniffi(default = None)]
    pub source: Option<Source>,
    /// When. Without it, the observation proves no absence where the deployment limits its validity.
    #[uniffi(default = None)]
    pub taken_at: Option<Instant>,
    /// How much of the device could be seen.
    pub scope: Scope,
    /// Whether every app within the scope is listed.
    #[uniffi(default = false)]
    pub complete: bool,
    /// The apps that were seen. Those that no policy regulates are looked at and not kept.
    #[uniffi(default)]
    pub apps: Vec<SeenApp>,
    /// What was asked for and was not there.
    #[uniffi(default)]
    pub absent: Vec<Probe>,
    /// What could not be asked for: hidden from this observer, so neither seen nor absent.
    #[uniffi(default)]
    pub not_visible: Vec<Probe>,
}

/// How much of a device an observer could see.
#[uniffi::remote(Enum)]
pub enum Scope {
    /// All of it.
    Device,
    /// One user or profile, or only managed apps.
    Profile,
}

/// An app that was seen.
#[uniffi::remote(Record)]
pub struct SeenApp {
    /// By what it was recognised.
    pub seen: Seen,
    /// When it was first installed.
    #[uniffi(default = None)]
    pub first_installed: Option<Instant>,
    /// Its version; informs only.
    #[uniffi(default = None)]
    pub version: Option<ObservedText>,
}

/// By what an app was recognised.
#[uniffi::remote(Enum)]
pub enum Seen {
    /// By its package or bundle identifier.
    Id {
        /// The identifier, exactly.
        id: AppIdentifier,
        /// The name that people see.
        #[uniffi(default = None)]
        name: Option<ObservedText>,
        /// The certificates that signed it.
        #[uniffi(default)]
        signers: Vec<Signer>,
    },
    /// By a URL scheme that answered, without `:`.
    Scheme(ObservedText),
    /// By its name alone.
    Name(ObservedText),
}

/// What was asked for and was not there.
#[uniffi::remote(Enum)]
pub enum Probe {
    /// A package or bundle identifier.
    Id(ObservedText),
    /// A URL scheme, without `:`.
    Scheme(ObservedText),
}

uniffi::custom_type!(
    /// The certificate that signed an app, by its digest: `sha256:` and 64, or `sha1:` and 40 lower-case hex digits.
    /// Android's PackageManager gives SHA-256, Android Management SHA-1. Anything else is refused.
    Signer, String, {
        remote,
        lower: |signer| signer.to_string(),
        try_lift: |text| Ok(OctroiError::checked(
            Signer::parse(&text), "Signer", &text, "`sha256:` and 64, or `sha1:` and 40 lower-case hex digits",
        )?),
    }
);
