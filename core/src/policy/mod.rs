//! Policies: an issuer's rules as data. A [`Policy`] that exists is a right one.

mod catalogue;
mod check;
mod document;
mod embedded;
mod identifier;
mod index;
mod lint;
mod scenario;
mod set;

use std::sync::Arc;

pub(crate) use catalogue::WindowsPackage;
pub use catalogue::{Entry, Group, NotPublished};
pub use document::{
    Directive, Document, Exemption, ImpedimentDirective, InForce, Interpretation, LegalDocument,
    OnPersonal, OnService, Point, PolicyAdvice, PolicyCalendar, Removal, Review, Rule,
    ServiceDevice, Strength, Term, Zones,
};
pub use embedded::embedded;
pub use identifier::IdentifierForm;
pub(crate) use index::{Needs, PlatformIndex};
pub use lint::{Lint, LintCode};
pub use scenario::{Expectation, Scenario};
pub(crate) use set::Prepared;
pub use set::{Policies, PoliciesError};

use crate::{
    calendar::Calendar,
    deployment::Deployment,
    names::{AppId, BasisId, PolicyId},
    read::{self, ReadError},
    time::{Day, Instant},
};

/// An issuer's rules: parsed once, right in itself, cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    document: Arc<Document>,
    stale_since: Option<Instant>,
}

impl Policy {
    /// Reads the JSON form (`docs/policy-format.md`).
    ///
    /// # Errors
    ///
    /// Anything that is not the form to the letter, and parts that do not fit together: a basis that no directive bears, an
    /// app without a catalogue entry.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        let document: Document = read::from_json(json)?;
        match check::faults(&document).into_iter().next() {
            Some(fault) => Err(fault.locate(json)),
            None => Ok(Self::of(document)),
        }
    }

    /// Reads the JSON form for somebody who mends it: where its parts do not fit together, with as many errors as can be told
    /// apart. What is not the form to the letter still ends at its first error.
    ///
    /// # Errors
    ///
    /// Those of [`Policy::from_json`], at least one.
    pub fn from_json_with_all_errors(json: &[u8]) -> Result<Self, Vec<ReadError>> {
        let document: Document = read::from_json(json).map_err(|error| vec![error])?;
        let faults = check::faults(&document);
        if faults.is_empty() {
            return Ok(Self::of(document));
        }
        Err(faults.into_iter().map(|fault| fault.locate(json)).collect())
    }

    /// The policy of a document whose parts fit together.
    pub(crate) fn of(document: Document) -> Self {
        Self {
            document: Arc::new(document),
            stale_since: None,
        }
    }

    /// The JSON form, indented, with a line feed at the end.
    pub fn to_json(&self) -> String {
        // Every key of a document is a string and nothing is written to but memory: this cannot fail.
        let mut json = serde_json::to_string_pretty(&*self.document).unwrap_or_default();
        json.push('\n');
        json
    }

    /// The same policy, unconfirmed since that instant: the expiry of the metadata that brought it. Embedded packs have none.
    #[must_use]
    pub fn with_stale_since(self, stale_since: Option<Instant>) -> Self {
        Self {
            stale_since,
            ..self
        }
    }

    /// Since when the policy is unconfirmed, if it is.
    pub fn stale_since(&self) -> Option<Instant> {
        self.stale_since
    }

    /// The policy's id.
    pub fn id(&self) -> &PolicyId {
        &self.document.id
    }

    /// Everything that the issuer wrote.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The catalogue entry of an app that the policy regulates.
    pub fn entry(&self, app: &AppId) -> Option<&Entry> {
        self.document.catalogue.0.get(app)
    }

    /// The directive of that id.
    pub fn directive(&self, basis: &BasisId) -> Option<&Directive> {
        self.document
            .directives
            .iter()
            .find(|directive| directive.id == *basis)
    }

    /// Whether the issuer's text leaves that point open.
    pub(crate) fn interprets(&self, point: Point) -> bool {
        self.document
            .interpretations
            .iter()
            .any(|interpretation| interpretation.point == point)
    }

    /// The day on which the addressees were notified.
    pub(crate) fn notified_on(&self, deployment: &Deployment) -> Day {
        deployment
            .notified_on(self.id())
            .unwrap_or(self.document.notified_on)
    }

    /// The last day of a term.
    pub(crate) fn due_day(&self, term: Term, deployment: &Deployment) -> Day {
        let notified_on = self.notified_on(deployment);
        match term {
            Term::By(day) => day,
            Term::CalendarDays(days) => notified_on.plus_days(i64::from(days)),
            Term::WorkingDays(days) => Calendar {
                working_week: deployment
                    .working_week
                    .unwrap_or(self.document.calendar.working_week),
                holidays: &self.document.calendar.holidays,
                extra_holidays: &deployment.extra_holidays,
            }
            .working_days_after(notified_on, days),
        }
    }

    /// The instant from which the policy counts as stale, if it ever does.
    pub(crate) fn stale_from(&self, deployment: &Deployment) -> Option<Instant> {
        Some(
            self.stale_since?
                .saturating_add(deployment.policy_stale_after?),
        )
    }
}
