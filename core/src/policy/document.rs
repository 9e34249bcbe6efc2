//! The policy document as it is written: every value right by itself. Whether they fit together is for [`super::check`].

use serde::{Deserialize, Serialize};

use super::{catalogue::Entry, scenario::Scenario};
use crate::{
    assessment::Decision,
    calendar::{Holiday, WorkingWeek},
    code::Code,
    facts::FactSet,
    names::{AppId, BasisId, PolicyId, Text},
    read::{Entries, NonEmpty, given},
    record::Format,
    time::{Day, Zone},
};

/// An issuer's rules. `docs/policy-format.md` says what each key means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each key stands in docs/policy-format.md, the page that authors read"
)]
pub struct Document {
    pub(crate) format: Format,
    pub id: PolicyId,
    pub version: u32,
    pub title: Text,
    pub issuer: Text,
    pub addressees: Text,
    pub time_zone: Zone,
    pub in_force_from: InForce,
    pub notified_on: Day,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub review: Option<Review>,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub exemption: Option<Exemption>,
    pub service_device: ServiceDevice,
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub zones: Option<Zones>,
    pub rules: Vec<Rule>,
    pub calendar: PolicyCalendar,
    #[serde(default)]
    pub advice: Vec<PolicyAdvice>,
    pub documents: Vec<LegalDocument>,
    pub directives: Vec<Directive>,
    #[serde(default)]
    pub interpretations: Vec<Interpretation>,
    pub(crate) catalogue: Entries<AppId, Entry>,
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
}

/// Since when the policy is in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// From the start of this day.
    pub date: Day,
    /// By this directive.
    pub basis: BasisId,
}

/// When the policy was to be reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// On this day.
    pub on: Day,
    /// By this directive.
    pub basis: BasisId,
}

/// Whom the policy does not address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// Whoever holds one of these roles.
    pub roles: Vec<NonEmpty>,
    /// By this directive.
    pub basis: BasisId,
}

/// What a service device is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDevice {
    /// One of these facts is enough.
    pub facts: FactSet,
    /// By this directive.
    pub basis: BasisId,
}

/// That service and personal devices belong on networks of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zones {
    /// By this directive.
    pub basis: BasisId,
}

/// What holds for some of the apps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The apps.
    pub apps: Vec<AppId>,
    /// The app on a service device, outside any term for its removal.
    pub service: OnService,
    /// The term for removing what was there before the notification.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub removal: Option<Removal>,
    /// Whoever is prevented from removing the app tells the supervisor.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub impediment: Option<ImpedimentDirective>,
    /// The app on a personal device.
    pub personal: OnPersonal,
}

/// The app on a service device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnService {
    /// Whether the device has access.
    pub decision: Decision,
    /// By this directive.
    pub basis: BasisId,
}

/// The term for removing an app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// How long it is.
    pub term: Term,
    /// Whether the device has access up to and on the due day.
    pub until_due: Decision,
    /// Whether it has access after the due day.
    pub after_due: Decision,
    /// By this directive.
    pub basis: BasisId,
}

/// How long a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Term {
    /// So many working days after the notification day.
    WorkingDays(u16),
    /// So many days after the notification day.
    CalendarDays(u16),
    /// To the end of this day.
    By(Day),
}

/// The directive that asks to inform the supervisor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpedimentDirective {
    /// The directive.
    pub basis: BasisId,
}

/// The app on a personal device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnPersonal {
    /// Whether the device has access.
    pub decision: Decision,
    /// By this directive.
    pub basis: BasisId,
    /// What is advised along with a permit.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub advice: Option<Code>,
}

/// What counts as a working day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyCalendar {
    /// The days of the week.
    pub working_week: WorkingWeek,
    /// Days on which nobody works.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// Advice that travels with every assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyAdvice {
    /// The advice.
    pub code: Code,
    /// By this directive.
    pub basis: BasisId,
}

/// A document that directives stand in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalDocument {
    /// How it is cited.
    pub id: BasisId,
    /// What it is.
    pub title: Text,
    /// The day that it bears.
    pub date: Day,
    /// Where it can be read, if that is known.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub link: Option<NonEmpty>,
}

/// What a document asks for, in our words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directive {
    /// How it is cited.
    pub id: BasisId,
    /// The document that it stands in.
    pub document: BasisId,
    /// Its number there, as counted by the policy.
    pub number: u32,
    /// How strongly it speaks.
    pub strength: Strength,
    /// What it asks for.
    pub text: Text,
}

/// How strongly a directive speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// It forbids.
    Forbidden,
    /// It requires.
    Required,
    /// It invites.
    Invited,
    /// It asks.
    Asked,
    /// It recommends.
    Recommended,
    /// It states what is so.
    Stated,
}

impl Strength {
    /// The name, as policies write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Strength::Forbidden => "forbidden",
            Strength::Required => "required",
            Strength::Invited => "invited",
            Strength::Asked => "asked",
            Strength::Recommended => "recommended",
            Strength::Stated => "stated",
        }
    }
}

/// What was chosen where the text leaves something open, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// What was left open.
    pub point: Point,
    /// What was chosen, and why.
    pub text: Text,
}

/// A point that a text may leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// Since when it is in force.
    InForce,
    /// What a personal device is.
    PersonalClass,
    /// Whether the holder's own word clears.
    SelfDeclaredFacts,
    /// The access of a service device.
    ServiceDecision,
    /// The access of a personal device.
    PersonalDecision,
    /// The access during the term.
    UntilDue,
    /// The access after the term.
    AfterDue,
    /// What a working day is.
    WorkingWeek,
    /// An app of which nobody knows since when it is there.
    UnknownInstallTime,
    /// What informing the supervisor changes.
    Impediment,
    /// Which network a device belongs on.
    Zones,
    /// What holds after the review.
    Review,
}

impl Point {
    /// The name, as policies write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Point::InForce => "in_force",
            Point::PersonalClass => "personal_class",
            Point::SelfDeclaredFacts => "self_declared_facts",
            Point::ServiceDecision => "service_decision",
            Point::PersonalDecision => "personal_decision",
            Point::UntilDue => "until_due",
            Point::AfterDue => "after_due",
            Point::WorkingWeek => "working_week",
            Point::UnknownInstallTime => "unknown_install_time",
            Point::Impediment => "impediment",
            Point::Zones => "zones",
            Point::Review => "review",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_policies_write() {
        for point in [
            "service_decision",
            "personal_decision",
            "until_due",
            "unknown_install_time",
        ] {
            let read: Point = serde_json::from_value(point.into()).unwrap();
            assert_eq!(read.as_str(), point);
        }
        for strength in ["forbidden", "recommended", "stated"] {
            let read: Strength = serde_json::from_value(strength.into()).unwrap();
            assert_eq!(read.as_str(), strength);
        }
    }
}
