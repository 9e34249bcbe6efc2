//! The codes that reasons, evidence and advice are made of.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Why something was decided, how it was known, or what is advised.
        ///
        /// A code crosses every boundary as its [name](Code::as_str), a string: a later version may add
        /// codes, and nobody's `switch` breaks. The order is the order in which assessments list them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name in JSON, in foreign languages and in the texts.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $name,)*
                }
            }
        }
    };
}

codes! {
    /// The device belongs to an authority that the policy addresses.
    OwnedByOrganization = "owned_by_organization",
    /// The authority paid for the purchase, partly or wholly.
    PurchaseFunded = "purchase_funded",
    /// The authority pays for the subscription, partly or wholly.
    SubscriptionFunded = "subscription_funded",
    /// The authority pays for the usage, partly or wholly.
    UsageFunded = "usage_funded",
    /// Every fact that could make a service device is known, and none does.
    NothingMakesItService = "nothing_makes_it_service",
    /// A fact that could make a service device is unknown, and none that is known does.
    ClassUndetermined = "class_undetermined",

    /// One of the app's identifiers was seen.
    IdentifierSeen = "identifier_seen",
    /// One of the app's URL schemes answered.
    SchemeAnswered = "scheme_answered",
    /// An entry without identifiers bears the app's name.
    NameSeen = "name_seen",
    /// The holder says that the app is there.
    DeclaredPresent = "declared_present",
    /// The app is there under another signer than the known ones.
    UnexpectedSigner = "unexpected_signer",
    /// A complete list of the whole device does not hold the app.
    CompleteListLacksIt = "complete_list_lacks_it",
    /// Every identifier was asked for on the whole device, and none was there.
    ProbedAbsent = "probed_absent",
    /// Every URL scheme was asked for, and none answered.
    SchemesUnanswered = "schemes_unanswered",
    /// The holder says that the app is not there, and the deployment accepts it.
    DeclaredAbsent = "declared_absent",
    /// The app is not published on this platform.
    NotPublishedOnPlatform = "not_published_on_platform",

    /// Nothing was observed.
    NoObservation = "no_observation",
    /// Some of the app's identifiers could not be seen.
    NotVisible = "not_visible",
    /// Only a profile of the device was seen.
    ProfileOnly = "profile_only",
    /// The list was empty.
    ListEmpty = "list_empty",
    /// The list was not complete.
    ListIncomplete = "list_incomplete",
    /// The app was not asked for.
    NotProbed = "not_probed",
    /// The observation is too old, undated or dated after the assessment.
    ObservationStale = "observation_stale",
    /// The deployment does not accept a declaration of absence.
    DeclarationRefused = "declaration_refused",
    /// The declaration of absence is too old, undated or dated after the assessment.
    DeclarationStale = "declaration_stale",
    /// The catalogue knows no identifier of the app on this platform.
    PlatformNotCovered = "platform_not_covered",

    /// The app is forbidden on service devices.
    ForbiddenOnServiceDevice = "forbidden_on_service_device",
    /// The app was there before, and the term for removing it runs.
    WithinRemovalTerm = "within_removal_term",
    /// The term for removing the app has passed.
    RemovalTermPassed = "removal_term_passed",
    /// The app was installed after the notification.
    InstalledAfterNotification = "installed_after_notification",
    /// The app is on a personal device.
    PersonalDeviceWithApp = "personal_device_with_app",
    /// No regulated app is there.
    NoRegulatedApp = "no_regulated_app",
    /// The policy is not in force yet.
    NotInForce = "not_in_force",
    /// The holder has a role that the policy exempts.
    ExemptRole = "exempt_role",
    /// The verdict hangs on an unknown, and the deployment denies then.
    UndeterminedDenied = "undetermined_denied",
    /// The verdict hangs on an unknown, and the deployment permits then.
    UndeterminedPermitted = "undetermined_permitted",

    /// The device's clock was set back; the latest time seen counts.
    ClockWentBack = "clock_went_back",
    /// The policy has not been confirmed for longer than the deployment allows.
    PolicyStale = "policy_stale",
    /// A newer policy is there that this version cannot read.
    UpdateNeedsNewerApp = "update_needs_newer_app",
    /// The stored state was damaged.
    StateDamaged = "state_damaged",

    /// Read the advice of the Centre for Cybersecurity Belgium.
    CcbAdvice = "ccb_advice",
    /// Tell the supervisor if something prevents the removal.
    InformSupervisorIfPrevented = "inform_supervisor_if_prevented",
    /// It is recommended not to install or use the app.
    RecommendedNotToInstall = "recommended_not_to_install",
    /// Settle the facts that are missing.
    SettleMissingFact = "settle_missing_fact",
    /// The day on which the policy was to be reviewed has come.
    ReviewDatePassed = "review_date_passed",
}

impl Code {
    /// The code of that name, if this version knows it.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::read::parsed(deserializer, "a code of this version", Code::from_name)
    }
}

/// A set of codes, iterated in order.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeSet(u64);

const _: () = assert!(Code::ALL.len() <= 64, "a code must be a bit of a u64");

impl CodeSet {
    pub(crate) const EMPTY: Self = Self(0);

    /// Whether the code is in the set.
    pub const fn contains(self, code: Code) -> bool {
        self.0 & (1 << code as u8) != 0
    }

    /// Whether no code is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The codes, in order.
    pub fn iter(self) -> impl Iterator<Item = Code> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let code = Code::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(*code)
        })
    }

    pub(crate) const fn insert(&mut self, code: Code) {
        self.0 |= 1 << code as u8;
    }
}

impl Extend<Code> for CodeSet {
    fn extend<I: IntoIterator<Item = Code>>(&mut self, codes: I) {
        for code in codes {
            self.insert(code);
        }
    }
}

impl FromIterator<Code> for CodeSet {
    fn from_iter<I: IntoIterator<Item = Code>>(codes: I) -> Self {
        let mut set = CodeSet::default();
        set.extend(codes);
        set
    }
}

impl fmt::Debug for CodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for CodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for CodeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codes = Vec::<Code>::deserialize(deserializer)?;
        Ok(codes.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_lists_its_codes_in_the_order_of_the_specification() {
        let set: CodeSet = [Code::ReviewDatePassed, Code::OwnedByOrganization]
            .into_iter()
            .collect();
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [Code::OwnedByOrganization, Code::ReviewDatePassed]
        );
    }
}
