//! Rules that decide nothing or something odd, and a policy that nobody tried.

use super::{LintCode, Lints};
use crate::{
    assessment::Decision,
    deployment::Deployment,
    policy::{Document, Policy, Removal, Rule, Term},
    read::steps,
};

impl Lints {
    pub(super) fn rules(&mut self, policy: &Policy) {
        let document = policy.document();
        self.holders(document);
        self.terms(policy);
        for (at, rule) in document.rules.iter().enumerate() {
            if !has_effect(rule) {
                self.add(
                    LintCode::RuleWithoutEffect,
                    steps!["rules", at],
                    "access on every device, whatever is there, and no advice",
                    "a denial, a term for removal or advice: else the rule changes no verdict",
                );
            }
        }
    }

    fn holders(&mut self, document: &Document) {
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
}

fn is_reversed(removal: &Removal) -> bool {
    (removal.until_due, removal.after_due) == (Decision::Deny, Decision::Permit)
}

/// Whether a device with the app may be told something else than one without. A term makes a status of its own.
fn has_effect(rule: &Rule) -> bool {
    let decisions = [rule.service.decision, rule.personal.decision];
    decisions.contains(&Decision::Deny) || rule.removal.is_some() || rule.personal.advice.is_some()
}
