//! Directives that carry nothing or less than what rests on them, and readings of nothing.

use super::{LintCode, Lints};
use crate::{
    assessment::Decision,
    names::BasisId,
    policy::{Document, Point, Policy, Strength, Term, check},
    read::steps,
};

impl Lints {
    pub(super) fn law(&mut self, policy: &Policy) {
        self.directives(policy.document());
        self.denials(policy);
        self.interpretations(policy.document());
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

    /// What is only recommended closes access by a reading, which has to be marked: else reasons say that the law does it.
    fn denials(&mut self, policy: &Policy) {
        for (at, rule) in policy.document().rules.iter().enumerate() {
            let (service, personal) = (&rule.service, &rule.personal);
            let mut decisions = vec![
                (
                    "service",
                    "decision",
                    service.decision,
                    &service.basis,
                    Point::ServiceDecision,
                ),
                (
                    "personal",
                    "decision",
                    personal.decision,
                    &personal.basis,
                    Point::PersonalDecision,
                ),
            ];
            if let Some(removal) = &rule.removal {
                let basis = &removal.basis;
                decisions.push((
                    "removal",
                    "until_due",
                    removal.until_due,
                    basis,
                    Point::UntilDue,
                ));
                decisions.push((
                    "removal",
                    "after_due",
                    removal.after_due,
                    basis,
                    Point::AfterDue,
                ));
            }
            for (part, key, decision, basis, point) in decisions {
                let weak = policy
                    .directive(basis)
                    .filter(|directive| !demands(directive.strength));
                if let Some(directive) = weak
                    && decision == Decision::Deny
                    && !policy.interprets(point)
                {
                    self.add(
                        LintCode::DenialWithoutDemand,
                        steps!["rules", at, part, key],
                        format!(
                            "a denial by `{basis}`, whose strength is `{}`",
                            directive.strength.as_str()
                        ),
                        format!(
                            "a directive that forbids or requires, or the point `{}` among `interpretations`",
                            point.as_str()
                        ),
                    );
                }
            }
        }
    }

    fn interpretations(&mut self, document: &Document) {
        for (at, interpretation) in document.interpretations.iter().enumerate() {
            if let Some(lacking) = lacking(document, interpretation.point) {
                self.add(
                    LintCode::UnusedInterpretation,
                    steps!["interpretations", at, "point"],
                    format!("`{}`, without {lacking}", interpretation.point.as_str()),
                    "a point on which something in the policy hangs",
                );
            }
        }
    }
}

const fn demands(strength: Strength) -> bool {
    matches!(strength, Strength::Forbidden | Strength::Required)
}

/// What the policy lacks without which the point decides nothing. One may be marked to say that there is no review.
fn lacking(document: &Document, point: Point) -> Option<&'static str> {
    let mut removals = document
        .rules
        .iter()
        .filter_map(|rule| rule.removal.as_ref());
    let (there, what) = match point {
        Point::UntilDue | Point::AfterDue | Point::UnknownInstallTime | Point::Impediment => {
            (removals.next().is_some(), "a term for removal")
        }
        Point::WorkingWeek => (
            removals.any(|removal| matches!(removal.term, Term::WorkingDays(_))),
            "a term in working days",
        ),
        Point::InForce
        | Point::PersonalClass
        | Point::SelfDeclaredFacts
        | Point::ServiceDecision
        | Point::PersonalDecision
        | Point::Zones
        | Point::Review => return None,
    };
    (!there).then_some(what)
}
