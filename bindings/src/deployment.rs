//! What one administration sets.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use octroi_core::{
    Contacts, Day, Decision, DeclaredAbsence, Deployment, HostPattern, NonEmpty, NotifiedOn,
    PolicyId, SelfDeclaredFacts, WorkingWeek, ZoneNames,
};

use crate::{errors::OctroiError, time::WholeHours};

type Days = BTreeSet<Day>;
type NotificationDays = BTreeMap<PolicyId, Day>;

/// What one administration sets over issuers' policies. `defaultDeployment()` is one that sets nothing.
#[uniffi::remote(Record)]
pub struct Deployment {
    /// The administration's name.
    #[uniffi(default = None)]
    pub administration: Option<NonEmpty>,
    /// The policies that it is under, in the order in which they are assessed; at least one, each once.
    pub policies: Vec<PolicyId>,
    /// The day on which it was notified, if not the policies' own.
    #[uniffi(default = None)]
    pub notified_on: Option<NotifiedOn>,
    /// The decision where the known facts leave it open.
    pub when_undetermined: Decision,
    /// Whether a person's own word may clear a fact.
    pub self_declared_facts: SelfDeclaredFacts,
    /// Whether a person's word that an app is absent counts.
    pub declared_absence: DeclaredAbsence,
    /// For how long a declared absence counts; without a limit if none.
    #[uniffi(default = None)]
    pub declaration_valid_for: Option<WholeHours>,
    /// For how long an observation proves absence; without a limit if none.
    #[uniffi(default = None)]
    pub observation_valid_for: Option<WholeHours>,
    /// The working week, if not the policies' own.
    #[uniffi(default = None)]
    pub working_week: Option<WorkingWeek>,
    /// Days on which nobody works, besides the policies' own.
    #[uniffi(default)]
    pub extra_holidays: Days,
    /// The administration's own names for the zones.
    #[uniffi(default = None)]
    pub zones: Option<ZoneNames>,
    /// Whom people turn to.
    #[uniffi(default = None)]
    pub contacts: Option<Contacts>,
    /// The hosts that are internal, for whoever guards them.
    #[uniffi(default)]
    pub internal_hosts: Vec<HostPattern>,
    /// For how long a policy is relied on past the expiry of its update metadata; without a limit if none.
    #[uniffi(default = None)]
    pub policy_stale_after: Option<WholeHours>,
}

/// The day of notification: one for all policies, or one a policy. Each is a day in its policy's time zone.
#[uniffi::remote(Enum)]
pub enum NotifiedOn {
    /// The same day for all.
    All(Day),
    /// A day a policy; the policy's own where none is given.
    Each(NotificationDays),
}

/// Whether a person's word that an app is absent counts.
#[uniffi::remote(Enum)]
pub enum DeclaredAbsence {
    /// It counts.
    Accepted,
    /// It does not: not seeing is not absence.
    Refused,
}

/// The days of the week on which people work.
#[uniffi::remote(Enum)]
pub enum WorkingWeek {
    /// Monday to Friday.
    MonFri,
    /// Monday to Saturday.
    MonSat,
}

/// The administration's own names for the zones of its network.
#[uniffi::remote(Record)]
pub struct ZoneNames {
    /// Where service devices belong.
    #[uniffi(default = None)]
    pub service: Option<NonEmpty>,
    /// Where personal devices belong.
    #[uniffi(default = None)]
    pub personal: Option<NonEmpty>,
}

/// Whom people turn to.
#[uniffi::remote(Record)]
pub struct Contacts {
    /// The functional supervisor, who is informed of an impediment.
    #[uniffi(default = None)]
    pub supervisor: Option<NonEmpty>,
    /// Whoever helps with the device.
    #[uniffi(default = None)]
    pub helpdesk: Option<NonEmpty>,
}

uniffi::custom_type!(
    /// Days, each once.
    Days, HashSet<Day>, {
        remote,
        lower: |days| days.into_iter().collect(),
        try_lift: |days| Ok(days.into_iter().collect()),
    }
);

uniffi::custom_type!(
    /// Days of notification, policy by policy.
    NotificationDays, HashMap<PolicyId, Day>, {
        remote,
        lower: |days| days.into_iter().collect(),
        try_lift: |days| Ok(days.into_iter().collect()),
    }
);

uniffi::custom_type!(
    /// A host name in ASCII, `*.` and a name for everything below it, or an IPv6 address without brackets. It is given back in lower case, an address
    /// in its shortest form; anything else is refused.
    HostPattern, String, {
        remote,
        lower: |host| host.as_str().to_owned(),
        try_lift: |text| Ok(OctroiError::checked(
            HostPattern::new(&text), "HostPattern", &text, "a host name in ASCII, `*.` and a host name, or an IPv6 address",
        )?),
    }
);

/// The deployment that sets nothing: the circular for the Brussels local administrations alone, a denial where the facts leave the
/// decision open, no limits, no contacts, no internal hosts.
#[uniffi::export]
pub fn default_deployment() -> Deployment {
    Deployment::default()
}

/// Reads a deployment from its JSON form (`docs/forms.md`), which is also that of managed configuration.
///
/// Errors: `Document`, for anything that is not the form to the letter.
#[uniffi::export]
pub fn deployment_from_json(json: String) -> Result<Deployment, OctroiError> {
    Ok(Deployment::from_json(json.as_bytes())?)
}
