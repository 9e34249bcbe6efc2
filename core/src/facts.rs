//! Who owns the device and who pays for it, who says so, and what class of device follows (`docs/readings.md`).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Who owns the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// An authority that the policy addresses.
    Organization,
    /// Anyone else, third parties included.
    Personal,
    /// Nobody said.
    Unknown,
}

impl Ownership {
    /// Every answer.
    pub const ALL: [Ownership; 3] = [
        Ownership::Organization,
        Ownership::Personal,
        Ownership::Unknown,
    ];

    /// The word in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Ownership::Organization => "organization",
            Ownership::Personal => "personal",
            Ownership::Unknown => "unknown",
        }
    }
}

/// The administration's share in a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// It pays nothing.
    None,
    /// It pays a part.
    Partial,
    /// It pays all.
    Full,
    /// Nobody said.
    Unknown,
}

impl Share {
    /// Every answer.
    pub const ALL: [Share; 4] = [Share::None, Share::Partial, Share::Full, Share::Unknown];

    /// The word in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Share::None => "none",
            Share::Partial => "partial",
            Share::Full => "full",
            Share::Unknown => "unknown",
        }
    }
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The management of the device.
    Mdm,
    /// The configuration that the management gave to the app.
    ManagedConfig,
    /// The system of the device.
    Platform,
    /// The holder.
    #[default]
    SelfDeclared,
}

/// What somebody said of the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnershipStatement {
    /// What was said.
    pub value: Ownership,
    /// Who said it.
    pub source: Source,
}

/// What somebody said of a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareStatement {
    /// What was said.
    pub value: Share,
    /// Who said it.
    pub source: Source,
}

/// A fact of the device that a policy may count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Fact {
    /// Who owns the device.
    Ownership,
    /// Who paid for the purchase.
    Purchase,
    /// Who pays for the subscription.
    Subscription,
    /// Who pays for the usage.
    Usage,
}

impl Fact {
    /// Every fact, in the order in which they are listed.
    pub const ALL: [Fact; 4] = [
        Fact::Ownership,
        Fact::Purchase,
        Fact::Subscription,
        Fact::Usage,
    ];

    /// The path of the fact in a device.
    pub const fn as_str(self) -> &'static str {
        match self {
            Fact::Ownership => "ownership",
            Fact::Purchase => "funding.purchase",
            Fact::Subscription => "funding.subscription",
            Fact::Usage => "funding.usage",
        }
    }

    /// The fact of that path.
    pub(crate) fn from_name(name: &str) -> Option<Fact> {
        Fact::ALL.into_iter().find(|fact| fact.as_str() == name)
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "`ownership`, `funding.purchase`, `funding.subscription` or `funding.usage`";
        crate::read::parsed(deserializer, expected, Fact::from_name)
    }
}

/// A set of facts, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactSet(u8);

impl FactSet {
    /// Whether the fact is in the set.
    pub const fn contains(self, fact: Fact) -> bool {
        self.0 & (1 << fact as u8) != 0
    }

    /// Whether no fact is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The facts, in their order.
    pub fn iter(self) -> impl Iterator<Item = Fact> {
        Fact::ALL
            .into_iter()
            .filter(move |fact| self.contains(*fact))
    }

    pub(crate) const fn with(self, fact: Fact) -> Self {
        Self(self.0 | 1 << fact as u8)
    }

    pub(crate) const fn without(self, other: FactSet) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn union(self, other: FactSet) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        facts.into_iter().fold(FactSet::default(), FactSet::with)
    }
}

impl Serialize for FactSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for FactSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let facts = Vec::<Fact>::deserialize(deserializer)?;
        let set: FactSet = facts.iter().copied().collect();
        match facts.len() {
            0 => Err(de::Error::invalid_value(
                de::Unexpected::Other("an empty array"),
                &"at least one fact",
            )),
            length if set.iter().count() < length => Err(de::Error::custom(
                "invalid value: a fact twice, expected each fact once",
            )),
            _ => Ok(set),
        }
    }
}

/// Whether a person's own word may clear a fact, or only incriminate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelfDeclaredFacts {
    /// It may clear: nobody else knows who pays.
    #[default]
    Accepted,
    /// A self-declared `personal` or `none` says nothing.
    IncriminatingOnly,
}

/// What the facts of a device say, all statements taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Facts that make a service device.
    pub(crate) incriminating: FactSet,
    /// Facts known not to.
    pub(crate) clearing: FactSet,
    /// Of those, the ones that only the holder's word clears.
    pub(crate) cleared_by_holder_alone: FactSet,
}

impl Facts {
    /// Takes in what one statement says of a fact: that it makes a service device (`true`), that it does not, or nothing.
    pub(crate) fn add(
        &mut self,
        fact: Fact,
        says: Option<bool>,
        source: Source,
        rule: SelfDeclaredFacts,
    ) {
        let holder = source == Source::SelfDeclared;
        match says {
            Some(true) => self.incriminating = self.incriminating.with(fact),
            Some(false) if holder && rule == SelfDeclaredFacts::IncriminatingOnly => {}
            Some(false) => {
                let alone = holder
                    && (!self.clearing.contains(fact)
                        || self.cleared_by_holder_alone.contains(fact));
                let this = FactSet::default().with(fact);
                self.clearing = self.clearing.union(this);
                self.cleared_by_holder_alone = if alone {
                    self.cleared_by_holder_alone.union(this)
                } else {
                    self.cleared_by_holder_alone.without(this)
                };
            }
            None => {}
        }
    }

    pub(crate) fn class(self, listed: FactSet) -> Class {
        let because: FactSet = listed
            .iter()
            .filter(|fact| self.incriminating.contains(*fact))
            .collect();
        let missing: FactSet = listed.without(self.incriminating).without(self.clearing);
        if !because.is_empty() {
            Class::Service { because }
        } else if missing.is_empty() {
            Class::Personal
        } else {
            Class::Undetermined { missing }
        }
    }
}

impl Ownership {
    pub(crate) const fn says(self) -> Option<bool> {
        match self {
            Ownership::Organization => Some(true),
            Ownership::Personal => Some(false),
            Ownership::Unknown => None,
        }
    }
}

impl Share {
    pub(crate) const fn says(self) -> Option<bool> {
        match self {
            Share::Partial | Share::Full => Some(true),
            Share::None => Some(false),
            Share::Unknown => None,
        }
    }
}

/// The class of a device under one policy, with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Service { because: FactSet },
    Personal,
    Undetermined { missing: FactSet },
}

impl Class {
    /// Whether the device may turn out to be a service device (`true`), a personal one.
    pub(crate) const fn can_be(self, service: bool) -> bool {
        match self {
            Class::Service { .. } => service,
            Class::Personal => !service,
            Class::Undetermined { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: FactSet = FactSet(0b1111);

    fn facts(statements: &[(Fact, Option<bool>, Source)], rule: SelfDeclaredFacts) -> Facts {
        let mut facts = Facts::default();
        for (fact, says, source) in statements {
            facts.add(*fact, *says, *source, rule);
        }
        facts
    }

    #[test]
    fn one_incriminating_statement_outweighs_any_other() {
        let facts = facts(
            &[
                (Fact::Usage, Some(false), Source::Mdm),
                (Fact::Usage, Some(true), Source::SelfDeclared),
            ],
            SelfDeclaredFacts::IncriminatingOnly,
        );
        assert_eq!(
            facts.class(ALL),
            Class::Service {
                because: FactSet::default().with(Fact::Usage)
            }
        );
    }

    #[test]
    fn a_holder_does_not_clear_himself_where_that_is_not_accepted() {
        let none = Fact::ALL.map(|fact| (fact, Some(false), Source::SelfDeclared));
        assert_eq!(
            facts(&none, SelfDeclaredFacts::Accepted).class(ALL),
            Class::Personal
        );
        assert_eq!(
            facts(&none, SelfDeclaredFacts::IncriminatingOnly).class(ALL),
            Class::Undetermined { missing: ALL }
        );
    }

    #[test]
    fn what_another_source_clears_too_does_not_rest_on_the_holder() {
        for order in [
            [Source::Mdm, Source::SelfDeclared],
            [Source::SelfDeclared, Source::Mdm],
        ] {
            let statements = order.map(|source| (Fact::Ownership, Some(false), source));
            assert!(
                facts(&statements, SelfDeclaredFacts::Accepted)
                    .cleared_by_holder_alone
                    .is_empty()
            );
        }
    }
}
