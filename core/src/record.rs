//! The device record: what is known of one device (`docs/forms.md`).

use core::{fmt, marker::PhantomData};
use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        self, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer},
    },
};

use crate::{
    Policies,
    facts::{
        Fact, Facts, Ownership, OwnershipStatement, SelfDeclaredFacts, Share, ShareStatement,
        Source,
    },
    names::{AppId, Platform},
    observation::Observation,
    read::{self, Entries, Fault, NonEmpty, ReadError, ValueError, bare_or_fields, given, steps},
    time::{Day, Instant},
};

/// What is known of one device.
///
/// What was observed may be borrowed from the text that it was read from: a phone's list of apps is read without copying it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// The device itself.
    pub device: Device,
    /// Roles of the person who holds it, as the policies' exemptions name them.
    pub roles: Vec<NonEmpty>,
    /// Who saw which apps, when, and how far they could see.
    pub observations: Vec<Observation<'a>>,
    /// What the holder says of apps.
    pub declarations: BTreeMap<AppId, Declaration>,
    /// What prevents the holder from removing an app.
    pub impediments: BTreeMap<AppId, Impediment>,
}

impl<'a> Record<'a> {
    /// A record of a device of which nothing else is known.
    pub fn new(platform: Platform) -> Self {
        Self {
            device: Device {
                id: None,
                platform,
                ownership: Vec::new(),
                purchase: Vec::new(),
                subscription: Vec::new(),
                usage: Vec::new(),
            },
            roles: Vec::new(),
            observations: Vec::new(),
            declarations: BTreeMap::new(),
            impediments: BTreeMap::new(),
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    ///
    /// Anything that is not the form to the letter, and a declaration or an impediment for an app that neither the
    /// policies nor the catalogue knows.
    pub fn from_json(json: &'a [u8], policies: &Policies) -> Result<Self, ReadError> {
        let document: Document<'_> = read::from_json(json)?;
        match document.unknown(policies) {
            Some(fault) => Err(fault.locate(json)),
            None => Ok(document.into()),
        }
    }

    /// Reads the same form out of something else than a text, such as the row of a table: what a deserializer gives there.
    ///
    /// # Errors
    ///
    /// As [`Record::from_json`], without a line.
    pub fn from_values<D: Deserializer<'a>>(
        values: D,
        policies: &Policies,
    ) -> Result<Self, ValueError> {
        let document: Document<'_> = read::from_values(values)?;
        match document.unknown(policies) {
            Some(fault) => Err(fault.of_value()),
            None => Ok(document.into()),
        }
    }

    /// An app that the holder says something of, and that neither the policies nor the catalogue knows.
    ///
    /// A record is made without policies, so that this is asked where the two meet: [`Record::from_json`] refuses such a record, and so
    /// does everything that takes one from outside. [`assess`](crate::assess) is total, and passes over what no policy regulates.
    pub fn unknown_app(&self, policies: &Policies) -> Option<&AppId> {
        let mut apps = self.declarations.keys().chain(self.impediments.keys());
        apps.find(|app| !policies.knows(app.as_str()))
    }

    /// The same record, borrowed from nothing.
    pub fn into_owned(self) -> Record<'static> {
        let observations = self.observations.into_iter();
        Record {
            device: self.device,
            roles: self.roles,
            observations: observations.map(Observation::into_owned).collect(),
            declarations: self.declarations,
            impediments: self.impediments,
        }
    }

    pub(crate) fn facts(&self, rule: SelfDeclaredFacts) -> Facts {
        let mut facts = Facts::default();
        for statement in &self.device.ownership {
            facts.add(
                Fact::Ownership,
                statement.value.says(),
                statement.source,
                rule,
            );
        }
        let shares = [
            (Fact::Purchase, &self.device.purchase),
            (Fact::Subscription, &self.device.subscription),
            (Fact::Usage, &self.device.usage),
        ];
        for (fact, statements) in shares {
            for statement in statements {
                facts.add(fact, statement.value.says(), statement.source, rule);
            }
        }
        facts
    }
}

fn named<V>(entries: Entries<NonEmpty, V>) -> BTreeMap<AppId, V> {
    entries
        .0
        .into_iter()
        .filter_map(|(app, value)| Some((AppId::new(app.as_str())?, value)))
        .collect()
}

/// A device: its platform and the facts that make its class. No statement means that nobody said.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// A name that means nothing to octroi; given back in the assessment.
    pub id: Option<NonEmpty>,
    /// The system that it runs.
    pub platform: Platform,
    /// Who owns it.
    pub ownership: Vec<OwnershipStatement>,
    /// Who paid for it.
    pub purchase: Vec<ShareStatement>,
    /// Who pays for its subscription.
    pub subscription: Vec<ShareStatement>,
    /// Who pays for its usage.
    pub usage: Vec<ShareStatement>,
}

/// What the holder says of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// Whether it is there.
    pub value: Declared,
    /// When that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared_at: Option<Instant>,
}

/// Whether an app is there, in the holder's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Declared {
    /// It is not.
    Absent,
    /// It is.
    Present,
}

impl<'de> Deserialize<'de> for Declaration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            value: Declared,
            #[serde(default, deserialize_with = "given")]
            declared_at: Option<Instant>,
        }
        bare_or_fields(
            deserializer,
            "`absent`, `present` or `{ \"value\": …, \"declared_at\": … }`",
            |value| Declaration {
                value,
                declared_at: None,
            },
            |fields: Fields| Declaration {
                value: fields.value,
                declared_at: fields.declared_at,
            },
        )
    }
}

/// What prevents the holder from removing an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impediment {
    /// The reason, in the holder's words.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub reason: Option<NonEmpty>,
    /// The day on which the supervisor was informed.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub supervisor_informed_on: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(default, rename = "format")]
    _format: Format,
    device: DeviceFields,
    #[serde(default)]
    holder: Holder,
    #[serde(borrow, default)]
    observations: Vec<Observation<'a>>,
    #[serde(default)]
    declarations: Entries<NonEmpty, Declaration>,
    #[serde(default)]
    impediments: Entries<NonEmpty, Impediment>,
}

impl Document<'_> {
    /// What it says of an app that neither the policies nor the catalogue knows.
    fn unknown(&self, policies: &Policies) -> Option<Fault> {
        let declared = self.declarations.0.keys().map(|app| ("declarations", app));
        let prevented = self.impediments.0.keys().map(|app| ("impediments", app));
        let (map, app) = declared
            .chain(prevented)
            .find(|(_, app)| !policies.knows(app.as_str()))?;
        let path = steps![map, app.as_str()];
        Some(Fault::new(
            path,
            format!("the app `{app}`"),
            policies.known_apps(),
        ))
    }
}

impl<'a> From<Document<'a>> for Record<'a> {
    fn from(document: Document<'a>) -> Self {
        Self {
            device: document.device.into(),
            roles: document.holder.roles,
            observations: document.observations,
            declarations: named(document.declarations),
            impediments: named(document.impediments),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Holder {
    #[serde(default)]
    roles: Vec<NonEmpty>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceFields {
    #[serde(default, deserialize_with = "given")]
    id: Option<NonEmpty>,
    platform: Platform,
    #[serde(default)]
    ownership: Statements<Ownership>,
    #[serde(default)]
    funding: Funding,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Funding {
    #[serde(default)]
    purchase: Statements<Share>,
    #[serde(default)]
    subscription: Statements<Share>,
    #[serde(default)]
    usage: Statements<Share>,
}

impl From<DeviceFields> for Device {
    fn from(fields: DeviceFields) -> Self {
        let shares = |statements: Statements<Share>| {
            statements
                .0
                .into_iter()
                .map(|Statement(value, source)| ShareStatement { value, source })
                .collect()
        };
        let owners = fields.ownership.0.into_iter();
        Self {
            id: fields.id,
            platform: fields.platform,
            ownership: owners
                .map(|Statement(value, source)| OwnershipStatement { value, source })
                .collect(),
            purchase: shares(fields.funding.purchase),
            subscription: shares(fields.funding.subscription),
            usage: shares(fields.funding.usage),
        }
    }
}

/// The version of a form: 1 is the only one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Format;

impl Default for Format {
    fn default() -> Self {
        Format
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            1 => Ok(Format),
            other => Err(de::Error::invalid_value(
                de::Unexpected::Unsigned(other),
                &"`1`, the only format known here",
            )),
        }
    }
}

impl Serialize for Format {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(1)
    }
}

/// The statements of one fact: a bare value, one with its source, or an array of both.
struct Statements<T>(Vec<Statement<T>>);

impl<T> Default for Statements<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Statements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StatementsVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for StatementsVisitor<T> {
            type Value = Statements<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, `{ \"value\": …, \"source\": … }` or an array of them")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Statements(vec![Statement::deserialize(
                    StrDeserializer::new(text),
                )?]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Ok(Statements(vec![Statement::deserialize(
                    MapAccessDeserializer::new(map),
                )?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(sequence)).map(Statements)
            }
        }

        deserializer.deserialize_any(StatementsVisitor(PhantomData))
    }
}

struct Statement<T>(T, Source);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Statement<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields<T> {
            value: T,
            #[serde(default)]
            source: Source,
        }
        bare_or_fields(
            deserializer,
            "a value or `{ \"value\": …, \"source\": … }`",
            |value| Statement(value, Source::default()),
            |fields: Fields<T>| Statement(fields.value, fields.source),
        )
    }
}
