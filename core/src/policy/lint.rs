//! What an author should look at again in a policy whose form is right (`docs/policy-format.md`).

use core::fmt;

use serde::{Serialize, Serializer};

use super::{Document, Entry, Policy, Removal, Term, check};
use crate::{
    Watchlist,
    assessment::Decision,
    deployment::Deployment,
    names::{BasisId, Platform},
    read::{Fault, Path, ReadError, Step, steps},
};

/// Something that an author should look at again. It keeps no policy from being used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// What kind of thing it is.
    pub code: LintCode,
    /// The place in the policy.
    pub path: Path,
    /// What stands there.
    pub found: String,
    /// What would stand there if it was meant as it is read.
    pub expected: String,
}

impl Lint {
    /// The same with its line and column in the text that the policy was read from.
    pub fn locate(&self, json: &[u8]) -> ReadError {
        let path = self.path.steps().to_vec();
        Fault::new(path, self.found.clone(), self.expected.clone()).locate(json)
    }
}

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

impl Policy {
    /// What an author should look at again, also beside the version before it if there is one. A policy of another id is none.
    pub fn lint(&self, before: Option<&Policy>) -> Vec<Lint> {
        let mut lints = Lints(Vec::new());
        lints.version(self, before);
        lints.dates(self.document());
        lints.terms(self);
        lints.directives(self.document());
        lints.apps(self.document());
        lints.0
    }
}

struct Lints(Vec<Lint>);

impl Lints {
    fn add(
        &mut self,
        code: LintCode,
        path: Vec<Step>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.0.push(Lint {
            code,
            path: Path(path),
            found: found.into(),
            expected: expected.into(),
        });
    }

    fn version(&mut self, policy: &Policy, before: Option<&Policy>) {
        let (this, Some(that)) = (policy.document(), before.map(Policy::document)) else {
            return;
        };
        if this.id == that.id && this != that && this.version <= that.version {
            self.add(
                LintCode::VersionNotRaised,
                steps!["version"],
                format!("`{}`, with other content than before", this.version),
                format!("more than {}, the version before", that.version),
            );
        }
    }

    fn dates(&mut self, document: &Document) {
        let (force, notified) = (document.in_force_from.date, document.notified_on);
        if notified < force {
            self.add(
                LintCode::NotifiedBeforeForce,
                steps!["notified_on"],
                format!("`{notified}`, while the policy is in force from {force} only"),
                "that day or a later one, or what is installed in between counts as new",
            );
        }
        if let Some(review) = document
            .review
            .as_ref()
            .filter(|review| review.on < force.max(notified))
        {
            self.add(
                LintCode::ReviewTooEarly,
                steps!["review", "on"],
                format!("`{}`", review.on),
                format!(
                    "a day from {} on, when the policy is in force and notified",
                    force.max(notified)
                ),
            );
        }
        let source = document
            .directives
            .iter()
            .find(|directive| directive.id == document.in_force_from.basis);
        let late = document.documents.iter().enumerate().find(|(_, legal)| {
            source.is_some_and(|directive| directive.document == legal.id)
                && legal.date > force.min(notified)
        });
        if let Some((at, legal)) = late {
            self.add(
                LintCode::DocumentTooLate,
                steps!["documents", at, "date"],
                format!("`{}`", legal.date),
                format!(
                    "{} at the latest: this document puts the policy in force, and people are told of it",
                    force.min(notified)
                ),
            );
        }
        if document
            .exemption
            .as_ref()
            .is_some_and(|exemption| exemption.roles.is_empty())
        {
            self.add(
                LintCode::EmptyExemption,
                steps!["exemption", "roles"],
                "no role",
                "at least one role, or no `exemption`",
            );
        }
        if document.scenarios.is_empty() {
            self.add(
                LintCode::NoScenarios,
                steps!["scenarios"],
                "no scenario",
                "situations with the verdict that you expect",
            );
        }
    }

    fn terms(&mut self, policy: &Policy) {
        let document = policy.document();
        let removals = document
            .rules
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| Some((at, rule.removal.as_ref()?)));
        for (at, removal) in removals {
            let due = policy.due_day(removal.term, &Deployment::default());
            let notified = document.notified_on;
            if matches!(removal.term, Term::By(_)) && due < notified {
                self.add(
                    LintCode::TermEndsBeforeNotification,
                    steps!["rules", at, "removal", "term"],
                    format!("a term that ends on {due}"),
                    format!("a day from {notified} on, when the addressees are told"),
                );
            } else if due < document.in_force_from.date {
                self.add(
                    LintCode::TermEndsBeforeForce,
                    steps!["rules", at, "removal", "term"],
                    format!("a term that ends on {due}"),
                    format!(
                        "a day from {} on, when the policy is in force",
                        document.in_force_from.date
                    ),
                );
            }
            if is_reversed(removal) {
                self.add(
                    LintCode::TermReversed,
                    steps!["rules", at, "removal", "after_due"],
                    "access that opens when the term is over",
                    "access that is as wide during the term, at least",
                );
            }
        }
    }

    fn directives(&mut self, document: &Document) {
        let bases = check::bases(document);
        let rests = |id: &BasisId| bases.iter().any(|(_, basis)| *basis == id);
        for (at, directive) in document.directives.iter().enumerate() {
            if !rests(&directive.id) {
                self.add(
                    LintCode::UnusedDirective,
                    steps!["directives", at, "id"],
                    format!("`{}`, on which nothing rests", directive.id),
                    "the `basis` of something that is decided, dated or advised",
                );
            }
        }
    }

    fn apps(&mut self, document: &Document) {
        for (app, entry) in &document.catalogue.0 {
            let path = steps!["catalogue", app.as_str()];
            if entry.identifiers.is_empty() && entry.display_names.is_empty() {
                self.add(
                    LintCode::AppNotRecognisable,
                    path,
                    format!("`{app}` without identifiers and names"),
                    "something by which the app is seen: its rule cannot find it",
                );
                continue;
            }
            let lacking: Vec<_> = [Platform::Android, Platform::Ios]
                .into_iter()
                .filter(|platform| !is_covered(entry, *platform))
                .map(|platform| format!("`{}`", platform.as_str()))
                .collect();
            if !lacking.is_empty() {
                self.add(
                    LintCode::PlatformWithoutIdentifier,
                    path,
                    format!("`{app}` without identifiers on {}", lacking.join(" and ")),
                    "`identifiers` there, or `not_published`: else nobody can show that it is absent",
                );
            }
        }
        self.schemes(document);
    }

    fn schemes(&mut self, document: &Document) {
        let groups = document
            .catalogue
            .0
            .values()
            .flat_map(|entry| &entry.identifiers);
        let mut schemes: Vec<_> = groups.flat_map(|group| &group.schemes).collect();
        schemes.sort_unstable();
        schemes.dedup();
        let (code, most, which) = if schemes.len() > Watchlist::MOST_SCHEMES_BEFORE {
            (
                LintCode::SchemesOver50,
                Watchlist::MOST_SCHEMES_BEFORE,
                "an app",
            )
        } else if schemes.len() > Watchlist::MOST_SCHEMES {
            (
                LintCode::SchemesOver25,
                Watchlist::MOST_SCHEMES,
                "an app linked on iOS 27",
            )
        } else {
            return;
        };
        self.add(
            code,
            steps!["catalogue"],
            format!("{} schemes", schemes.len()),
            format!("{most} at most: {which} may ask for no more, and what it cannot ask for stays unknown"),
        );
    }
}

fn is_reversed(removal: &Removal) -> bool {
    (removal.until_due, removal.after_due) == (Decision::Deny, Decision::Permit)
}

/// Whether something is known of the app on that platform, be it that it does not exist there.
fn is_covered(entry: &Entry, platform: Platform) -> bool {
    let groups = entry.identifiers.iter().map(|group| &group.platforms);
    let mut known = groups.chain(entry.not_published.iter().map(|absent| &absent.platforms));
    known.any(|platforms| platforms.contains(&platform))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::embedded;

    fn codes(policy: &Value, before: Option<&Policy>) -> Vec<LintCode> {
        let policy = Policy::from_json(policy.to_string().as_bytes()).unwrap();
        policy.lint(before).iter().map(|lint| lint.code).collect()
    }

    fn local() -> Value {
        serde_json::from_str(&embedded().unwrap()[0].to_json()).unwrap()
    }

    #[test]
    fn the_embedded_packs_give_no_cause() {
        for policy in embedded().unwrap() {
            assert_eq!(policy.lint(Some(policy)), [], "{}", policy.id());
        }
    }

    #[test]
    fn every_code_stands_in_the_page_for_authors() {
        let page = include_str!("../../../docs/policy-format.md");
        for code in LintCode::ALL {
            assert!(page.contains(&format!("| `{code}` |")), "{code}");
        }
    }

    #[test]
    fn each_contradiction_has_its_code() {
        let schemes = |count: usize| {
            let schemes: Vec<_> = (0..count).map(|number| format!("scheme{number}")).collect();
            json!([{ "platforms": ["ios", ], "schemes": schemes, "learnt_from": "x" },
                { "platforms": ["android"], "ids": ["x"], "learnt_from": "x" }])
        };
        let cases = [
            (
                "/notified_on",
                json!("2023-03-26"),
                LintCode::NotifiedBeforeForce,
            ),
            ("/review/on", json!("2023-03-26"), LintCode::ReviewTooEarly),
            (
                "/documents/0/date",
                json!("2023-03-28"),
                LintCode::DocumentTooLate,
            ),
            (
                "/zones/basis",
                json!("CIRC2023/07#5"),
                LintCode::UnusedDirective,
            ),
            (
                "/rules/0/removal/term",
                json!({ "by": "2023-03-26" }),
                LintCode::TermEndsBeforeNotification,
            ),
            (
                "/rules/0/removal",
                json!({ "term": { "calendar_days": 1 }, "until_due": "deny", "after_due": "permit",
                "basis": "CIRC2023/07#2" }),
                LintCode::TermReversed,
            ),
            (
                "/catalogue/tiktok",
                json!({ "name": "TikTok", "not_published": [{ "platforms": ["android", "ios"] }] }),
                LintCode::AppNotRecognisable,
            ),
            (
                "/catalogue/tiktok/identifiers",
                json!([{ "platforms": ["android"], "ids": ["x"], "learnt_from": "x" }]),
                LintCode::PlatformWithoutIdentifier,
            ),
            (
                "/catalogue/tiktok/identifiers",
                schemes(26),
                LintCode::SchemesOver25,
            ),
            (
                "/catalogue/tiktok/identifiers",
                schemes(51),
                LintCode::SchemesOver50,
            ),
            ("/scenarios", json!([]), LintCode::NoScenarios),
        ];
        for (pointer, value, code) in cases {
            let mut policy = local();
            policy["documents"][0]["date"] = json!("2023-03-20");
            policy["catalogue"]["tiktok"]["signers"] = json!({});
            policy["catalogue"]["tiktok"]["not_published"] = json!([]);
            *policy.pointer_mut(pointer).unwrap() = value;
            assert_eq!(codes(&policy, None), [code], "{pointer}");
        }
        let mut policy = local();
        policy["exemption"] = json!({ "roles": [], "basis": "CIRC2023/07#1" });
        assert_eq!(codes(&policy, None), [LintCode::EmptyExemption]);
        let mut policy = local();
        policy["in_force_from"]["date"] = json!("2023-05-01");
        assert_eq!(
            codes(&policy, None),
            [LintCode::NotifiedBeforeForce, LintCode::TermEndsBeforeForce]
        );
    }

    #[test]
    fn other_content_asks_for_another_version() {
        let before = &embedded().unwrap()[0];
        let mut policy = local();
        assert_eq!(codes(&policy, Some(before)), []);
        policy["scenarios"].as_array_mut().unwrap().pop();
        assert_eq!(codes(&policy, Some(before)), [LintCode::VersionNotRaised]);
        policy["version"] = json!(2);
        assert_eq!(codes(&policy, Some(before)), []);
    }

    #[test]
    fn a_lint_is_located_in_the_text() {
        let text = embedded().unwrap()[0].to_json();
        let lint = Lint {
            code: LintCode::ReviewTooEarly,
            path: Path(steps!["review", "on"]),
            found: String::new(),
            expected: String::new(),
        };
        let place = lint.locate(text.as_bytes());
        let line = text.lines().nth(place.line - 1).unwrap();
        assert!(
            line[place.column - 1..].starts_with("\"2023-09-27\""),
            "{line}"
        );
    }
}
