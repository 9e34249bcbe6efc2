//! What one administration sets over issuers' policies (`docs/forms.md`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    assessment::Decision,
    calendar::WorkingWeek,
    duration::Duration,
    facts::SelfDeclaredFacts,
    host::{self, HostPattern},
    names::PolicyId,
    read::{self, Entries, NonEmpty, ReadError, bare_or_fields, given},
    time::Day,
};

/// What one administration sets over issuers' policies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deployment {
    /// The administration's name.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub administration: Option<NonEmpty>,
    /// The policies that it is under, in the order in which they are assessed.
    #[serde(deserialize_with = "policies")]
    pub policies: Vec<PolicyId>,
    /// The day on which it was notified, if not the policies' own.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub notified_on: Option<NotifiedOn>,
    /// The decision where the known facts leave it open.
    pub when_undetermined: Decision,
    /// Whether a person's own word may clear a fact.
    pub self_declared_facts: SelfDeclaredFacts,
    /// Whether a person's word that an app is absent counts.
    pub declared_absence: DeclaredAbsence,
    /// For how long a declared absence counts; without a limit if none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub declaration_valid_for: Option<Duration>,
    /// For how long an observation proves absence; without a limit if none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub observation_valid_for: Option<Duration>,
    /// The working week, if not the policies' own.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub working_week: Option<WorkingWeek>,
    /// Days on which nobody works, besides the policies' own.
    pub extra_holidays: BTreeSet<Day>,
    /// The administration's own names for the zones.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub zones: Option<ZoneNames>,
    /// Whom people turn to.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Contacts>,
    /// The hosts that are internal, for whoever guards them.
    pub internal_hosts: Vec<HostPattern>,
    /// For how long a policy is relied on past the expiry of its update metadata; without a limit if none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub policy_stale_after: Option<Duration>,
}

impl Default for Deployment {
    fn default() -> Self {
        Self {
            administration: None,
            policies: PolicyId::new("be-brussels-local").into_iter().collect(),
            notified_on: None,
            when_undetermined: Decision::Deny,
            self_declared_facts: SelfDeclaredFacts::default(),
            declared_absence: DeclaredAbsence::default(),
            declaration_valid_for: None,
            observation_valid_for: None,
            working_week: None,
            extra_holidays: BTreeSet::new(),
            zones: None,
            contacts: None,
            internal_hosts: Vec::new(),
            policy_stale_after: None,
        }
    }
}

impl Deployment {
    /// Reads the JSON form.
    ///
    /// Whether `notified_on` names policies that are not among those given is checked by [`Policies::select`](crate::Policies::select).
    ///
    /// # Errors
    ///
    /// Anything that is not the form to the letter.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        read::from_json(json)
    }

    /// Whether a host is one of the administration's own, however it is written: in capitals, with the dot that ends a name, as an
    /// IPv6 address in brackets or with a zone. An address is a host of its own, which `internal_hosts` must name.
    pub fn is_internal(&self, host: &str) -> bool {
        host::is_among(host, &self.internal_hosts)
    }

    pub(crate) fn notified_on(&self, policy: &PolicyId) -> Option<Day> {
        match self.notified_on.as_ref()? {
            NotifiedOn::All(day) => Some(*day),
            NotifiedOn::Each(days) => days.get(policy).copied(),
        }
    }
}

fn policies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PolicyId>, D::Error> {
    let policies = Vec::<PolicyId>::deserialize(deserializer)?;
    if policies.is_empty() {
        return Err(de::Error::invalid_value(
            de::Unexpected::Other("an empty array"),
            &"at least one policy id",
        ));
    }
    let mut sorted: Vec<_> = policies.iter().collect();
    sorted.sort_unstable();
    match sorted
        .windows(2)
        .find(|pair| pair.first() == pair.last())
        .and_then(<[_]>::first)
    {
        Some(twice) => Err(de::Error::custom(format_args!(
            "invalid value: `{twice}` twice, expected each policy once"
        ))),
        None => Ok(policies),
    }
}

/// The day of notification: one for all policies, or one a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum NotifiedOn {
    /// The same day for all.
    All(Day),
    /// A day a policy; the policy's own where none is given.
    Each(BTreeMap<PolicyId, Day>),
}

impl<'de> Deserialize<'de> for NotifiedOn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bare_or_fields(
            deserializer,
            "a date written YYYY-MM-DD, or an object of policy ids and dates",
            NotifiedOn::All,
            |days: Entries<PolicyId, Day>| NotifiedOn::Each(days.0),
        )
    }
}

/// Whether a person's word that an app is absent counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeclaredAbsence {
    /// It counts.
    Accepted,
    /// It does not: not seeing is not absence.
    #[default]
    Refused,
}

/// The administration's own names for the zones of its network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneNames {
    /// Where service devices belong.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub service: Option<NonEmpty>,
    /// Where personal devices belong.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub personal: Option<NonEmpty>,
}

/// Whom people turn to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    /// The functional supervisor, who is informed of an impediment.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub supervisor: Option<NonEmpty>,
    /// Whoever helps with the device.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub helpdesk: Option<NonEmpty>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_may_be_left_out() {
        assert_eq!(Deployment::from_json(b"{}").unwrap(), Deployment::default());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let json = br#"{"policies":["a"],"notified_on":{"a":"2024-02-29"},"internal_hosts":["*.Commune.example"],
            "observation_valid_for":"P1DT12H","zones":{"service":"SVC"},"when_undetermined":"permit"}"#;
        let deployment = Deployment::from_json(json).unwrap();
        let written = serde_json::to_vec(&deployment).unwrap();
        assert_eq!(Deployment::from_json(&written).unwrap(), deployment);
    }
}
