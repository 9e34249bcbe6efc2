//! Days that contradict each other, and a version that should be another.

use super::{LintCode, Lints};
use crate::{
    policy::{Document, Policy},
    read::steps,
};

impl Lints {
    pub(super) fn version(&mut self, policy: &Policy, before: Option<&Policy>) {
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

    pub(super) fn dates(&mut self, document: &Document) {
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
    }
}
