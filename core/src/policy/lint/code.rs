//! What kinds of things there are to look at again.

use core::fmt;

use serde::{Serialize, Serializer};

macro_rules! lints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What an author should look at again: closed for one version, and a name never means anything else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum LintCode {
            $($(#[$doc])* $variant,)*
        }

        impl LintCode {
            /// Every code.
            pub const ALL: &'static [LintCode] = &[$(LintCode::$variant,)*];

            /// The name, as it is printed.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(LintCode::$variant => $name,)*
                }
            }
        }
    };
}

lints! {
    /// Nothing rests on a directive.
    UnusedDirective = "unused_directive",
    /// The addressees were told before the policy was in force.
    NotifiedBeforeForce = "notified_before_force",
    /// The review comes before the policy does.
    ReviewTooEarly = "review_too_early",
    /// The document that puts the policy in force is younger than that.
    DocumentTooLate = "document_too_late",
    /// The term for removal is over before the addressees are told.
    TermEndsBeforeNotification = "term_ends_before_notification",
    /// The term for removal is over before the policy is in force.
    TermEndsBeforeForce = "term_ends_before_force",
    /// Access is closed during the term for removal and open after it.
    TermReversed = "term_reversed",
    /// A rule leaves access open whatever is there, and advises nothing.
    RuleWithoutEffect = "rule_without_effect",
    /// Access is closed by a directive that demands nothing, and no interpretation says so.
    DenialWithoutDemand = "denial_without_demand",
    /// A point is marked that decides nothing in this policy.
    UnusedInterpretation = "unused_interpretation",
    /// Nothing on a device can be recognised as the app.
    AppNotRecognisable = "app_not_recognisable",
    /// The app cannot be recognised on Android or iOS.
    PlatformWithoutIdentifier = "platform_without_identifier",
    /// More schemes than an app that is linked on iOS 27 may ask for.
    SchemesOver25 = "schemes_over_25",
    /// More schemes than any app may ask for.
    SchemesOver50 = "schemes_over_50",
    /// Roles are exempt, and there is none.
    EmptyExemption = "empty_exemption",
    /// Nobody wrote down what is expected of the policy.
    NoScenarios = "no_scenarios",
    /// The policy says something else under the version of an earlier one.
    VersionNotRaised = "version_not_raised",
}

impl fmt::Display for LintCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for LintCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
