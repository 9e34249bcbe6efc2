//! What was observed on a device, by whom, when, and how far that observer could see (`docs/forms.md`).

use serde::{Deserialize, Deserializer};

use crate::{
    facts::Source,
    names::{Identifier, Label, Signer},
    read::{bare_or_fields, given},
    time::Instant,
};

/// Which apps were seen, by whom, when, and how far that observer could see.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation<'a> {
    /// Who observed; informs only.
    #[serde(default, deserialize_with = "given")]
    pub source: Option<Source>,
    /// When.
    #[serde(default, deserialize_with = "given")]
    pub taken_at: Option<Instant>,
    /// How much of the device could be seen.
    #[serde(default)]
    pub scope: Scope,
    /// Whether every app within the scope is listed.
    #[serde(default)]
    pub complete: bool,
    /// The apps that were seen.
    #[serde(default, borrow)]
    pub apps: Vec<SeenApp<'a>>,
    /// What was asked for and was not there.
    #[serde(default, borrow)]
    pub absent: Vec<Probe<'a>>,
    /// What could not be asked for: hidden from this observer, so neither seen nor absent.
    #[serde(default, borrow)]
    pub not_visible: Vec<Probe<'a>>,
}

impl Observation<'_> {
    /// The same observation, borrowed from nothing.
    pub fn into_owned(self) -> Observation<'static> {
        Observation {
            source: self.source,
            taken_at: self.taken_at,
            scope: self.scope,
            complete: self.complete,
            apps: self.apps.into_iter().map(SeenApp::into_owned).collect(),
            absent: self.absent.into_iter().map(Probe::into_owned).collect(),
            not_visible: self
                .not_visible
                .into_iter()
                .map(Probe::into_owned)
                .collect(),
        }
    }
}

/// How much of a device an observer could see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All of it.
    #[default]
    Device,
    /// One user or profile, or only managed apps.
    Profile,
}

/// An app that was seen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "SeenAppFields<'a>", bound(deserialize = "'de: 'a"))]
pub struct SeenApp<'a> {
    /// By what it was recognised.
    pub seen: Seen<'a>,
    /// When it was first installed.
    pub first_installed: Option<Instant>,
    /// Its version; informs only.
    pub version: Option<Label<'a>>,
}

/// By what an app was recognised.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen<'a> {
    /// By its package or bundle identifier.
    Id {
        /// The identifier, exactly.
        id: Identifier<'a>,
        /// The name that people see.
        name: Option<Label<'a>>,
        /// The certificates that signed it.
        signers: Vec<Signer>,
    },
    /// By a URL scheme that answered.
    Scheme(Label<'a>),
    /// By its name alone.
    Name(Label<'a>),
}

impl SeenApp<'_> {
    fn into_owned(self) -> SeenApp<'static> {
        SeenApp {
            seen: match self.seen {
                Seen::Id { id, name, signers } => Seen::Id {
                    id: id.into_owned(),
                    name: name.map(Label::into_owned),
                    signers,
                },
                Seen::Scheme(scheme) => Seen::Scheme(scheme.into_owned()),
                Seen::Name(name) => Seen::Name(name.into_owned()),
            },
            first_installed: self.first_installed,
            version: self.version.map(Label::into_owned),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenAppFields<'a> {
    #[serde(borrow, default, deserialize_with = "given")]
    id: Option<Identifier<'a>>,
    #[serde(borrow, default, deserialize_with = "given")]
    scheme: Option<Label<'a>>,
    #[serde(borrow, default, deserialize_with = "given")]
    name: Option<Label<'a>>,
    #[serde(default, deserialize_with = "given")]
    signers: Option<Vec<Signer>>,
    #[serde(default, deserialize_with = "given")]
    first_installed: Option<Instant>,
    #[serde(borrow, default, deserialize_with = "given")]
    version: Option<Label<'a>>,
}

impl<'a> TryFrom<SeenAppFields<'a>> for SeenApp<'a> {
    type Error = &'static str;

    fn try_from(fields: SeenAppFields<'a>) -> Result<Self, Self::Error> {
        let seen = match (fields.id, fields.scheme, fields.name, fields.signers) {
            (Some(id), None, name, signers) => Seen::Id {
                id,
                name,
                signers: signers.unwrap_or_default(),
            },
            (None, Some(scheme), None, None) => Seen::Scheme(scheme),
            (None, None, Some(name), None) => Seen::Name(name),
            (None, None, None, _) => {
                return Err("an app without `id`, `scheme` or `name`, expected one of them");
            }
            (Some(_), Some(_), ..) => {
                return Err("an app with `id` and `scheme`, expected one of them");
            }
            (None, Some(_), Some(_), _) => {
                return Err("an app with `scheme` and `name`, expected one of them");
            }
            (None, _, _, Some(_)) => {
                return Err("`signers` without `id`, expected `signers` only beside an `id`");
            }
        };
        Ok(Self {
            seen,
            first_installed: fields.first_installed,
            version: fields.version,
        })
    }
}

/// What was asked for and was not there.
#[derive(Clone, Debug, PartialEq)]
pub enum Probe<'a> {
    /// A package or bundle identifier.
    Id(Label<'a>),
    /// A URL scheme, without `:`.
    Scheme(Label<'a>),
}

impl Probe<'_> {
    fn into_owned(self) -> Probe<'static> {
        match self {
            Probe::Id(id) => Probe::Id(id.into_owned()),
            Probe::Scheme(scheme) => Probe::Scheme(scheme.into_owned()),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Probe<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields<'a> {
            #[serde(borrow)]
            scheme: Label<'a>,
        }
        bare_or_fields(
            deserializer,
            "an identifier or `{ \"scheme\": … }`",
            Probe::Id,
            |fields: Fields<'a>| Probe::Scheme(fields.scheme),
        )
    }
}
