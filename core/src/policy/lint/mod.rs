//! What an author should look at again in a policy whose form is right (`docs/policy-format.md`).

mod apps;
mod code;
mod dates;
mod law;
mod rules;

pub use code::LintCode;

use super::Policy;
use crate::read::{Fault, Path, ReadError, Step};

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

impl Policy {
    /// What an author should look at again, also beside the version before it if there is one. A policy of another id is none.
    pub fn lint(&self, before: Option<&Policy>) -> Vec<Lint> {
        let document = self.document();
        let mut lints = Lints(Vec::new());
        lints.version(self, before);
        lints.dates(document);
        lints.rules(self);
        lints.law(self);
        lints.apps(document);
        lints.schemes(self);
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
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{embedded, read::steps};

    fn codes(policy: &Value, before: Option<&Policy>) -> Vec<LintCode> {
        let policy = Policy::from_json(policy.to_string().as_bytes()).unwrap();
        policy.lint(before).iter().map(|lint| lint.code).collect()
    }

    fn text() -> Value {
        json!({ "fr": "x", "nl": "x", "de": "x", "en": "x" })
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
        let page = include_str!("../../../../docs/policy-format.md");
        for code in LintCode::ALL {
            assert!(page.contains(&format!("| `{code}` |")), "{code}");
        }
    }

    #[test]
    fn each_contradiction_has_its_code() {
        let schemes = |count: usize| {
            let schemes: Vec<_> = (0..count).map(|number| format!("scheme{number}")).collect();
            json!([{ "platforms": ["ios", ], "schemes": schemes, "learnt_from": "x" },
                { "platforms": ["android"], "ids": ["org.x"], "learnt_from": "x" }])
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
                json!([{ "platforms": ["android"], "ids": ["org.x"], "learnt_from": "x" }]),
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
            (
                "/interpretations",
                json!([{ "point": "working_week", "text": text() }, { "point": "zones", "text": text() }]),
                LintCode::UnusedInterpretation,
            ),
        ];
        for (pointer, value, code) in cases {
            let mut policy = local();
            policy["documents"][0]["date"] = json!("2023-03-20");
            policy["catalogue"]["tiktok"]["signers"] = json!({});
            policy["catalogue"]["tiktok"]["not_published"] = json!([]);
            policy["interpretations"] = json!([]);
            *policy.pointer_mut(pointer).unwrap() = value;
            if code == LintCode::UnusedInterpretation {
                policy["rules"][0]["removal"]["term"] = json!({ "calendar_days": 5 });
            }
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
    fn a_rule_that_leaves_access_open_and_advises_nothing_has_no_effect() {
        let mut policy = local();
        policy["interpretations"] = json!([]);
        let decided = json!({ "decision": "permit", "basis": "CIRC2023/07#1" });
        policy["rules"][0] = json!({ "apps": ["tiktok"], "service": decided, "personal": decided });
        let found = codes(&policy, None);
        assert!(found.contains(&LintCode::RuleWithoutEffect), "{found:?}");
        for (part, with) in [
            (
                "service",
                json!({ "decision": "deny", "basis": "CIRC2023/07#1" }),
            ),
            (
                "personal",
                json!({ "decision": "deny", "basis": "CIRC2023/07#1" }),
            ),
            (
                "personal",
                json!({ "decision": "permit", "basis": "CIRC2023/07#1", "advice": "recommended_not_to_install" }),
            ),
            (
                "removal",
                json!({ "term": { "calendar_days": 5 }, "until_due": "permit", "after_due": "permit", "basis": "CIRC2023/07#2" }),
            ),
        ] {
            let mut policy = policy.clone();
            policy["rules"][0][part] = with;
            let found = codes(&policy, None);
            assert!(
                !found.contains(&LintCode::RuleWithoutEffect),
                "{part}: {found:?}"
            );
        }
    }

    #[test]
    fn what_is_only_recommended_closes_access_by_a_marked_reading_alone() {
        let cases = [
            ("/rules/0/service/basis", "service_decision"),
            ("/rules/0/personal/basis", "personal_decision"),
            ("/rules/0/removal/basis", "after_due"),
        ];
        for (pointer, point) in cases {
            let mut policy = local();
            policy["interpretations"] = json!([]);
            for directive in policy["directives"].as_array_mut().unwrap() {
                if directive["id"] == "CIRC2023/07#6" {
                    directive["strength"] = "recommended".into();
                }
            }
            *policy.pointer_mut(pointer).unwrap() = "CIRC2023/07#6".into();
            let denials = |policy: &Value| {
                let mut codes = codes(policy, None);
                codes.retain(|code| *code == LintCode::DenialWithoutDemand);
                codes.len()
            };
            assert_eq!(denials(&policy), 1, "{pointer}");
            policy["interpretations"] = json!([{ "point": point, "text": text() }]);
            assert_eq!(denials(&policy), 0, "{pointer}");
        }
    }

    #[test]
    fn apps_that_lack_the_same_are_told_of_together() {
        let mut policy = local();
        let entry = json!({ "name": "App",
            "identifiers": [{ "platforms": ["android"], "ids": ["org.x"], "learnt_from": "x" }] });
        let apps: Vec<_> = (0..7).map(|number| format!("app{number}")).collect();
        policy["catalogue"] = apps
            .iter()
            .map(|app| (app.clone(), entry.clone()))
            .collect();
        policy["rules"][0]["apps"] = json!(apps);
        policy["scenarios"] = json!([]);
        let policy = Policy::from_json(policy.to_string().as_bytes()).unwrap();
        let mut lints = policy.lint(None);
        lints.retain(|lint| lint.code == LintCode::PlatformWithoutIdentifier);
        assert_eq!(lints.len(), 1);
        assert_eq!(lints[0].path.to_string(), "catalogue");
        assert_eq!(
            lints[0].found,
            "`app0`, `app1`, `app2`, `app3`, `app4`, 2 more without identifiers on `ios`"
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
