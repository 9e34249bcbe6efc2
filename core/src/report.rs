//! Writing the assessment down: findings, obligations, reasons and advice (`docs/readings.md`).

use core::cmp::Ordering;

use crate::{
    assessment::{
        Access, Advice, Assessment, ClassName, Decision, DeviceClass, Finding, Install, Obligation,
        ObligationKind, ObligationState, PolicyAssessment, PolicyRef, Reason,
    },
    code::Code,
    facts::{Class, Fact, FactSet},
    judge::{Case, Judged, Judgement, PresentApp},
    names::{AppId, BasisId},
    policy::{Document, Point, Policy, Term},
    presence::{Sighting, Sightings},
    record::Impediment,
    time::Instant,
};

pub(crate) fn assessment(case: &Case<'_>, judgement: &Judgement<'_>, at: Instant) -> Assessment {
    let assessments = judgement
        .policies
        .iter()
        .map(|judged| {
            Report {
                case,
                judged,
                sightings: &judgement.sightings,
            }
            .assessment()
        })
        .collect();
    Assessment {
        device_id: case.record.device.id.clone(),
        assessed_at: at,
        valid_until: None,
        access: judgement.access.clone(),
        status: judgement.status,
        assessments,
    }
}

struct Report<'a> {
    case: &'a Case<'a>,
    judged: &'a Judged<'a>,
    sightings: &'a Sightings<'a>,
}

impl<'a> Report<'a> {
    fn assessment(&self) -> PolicyAssessment {
        let document = self.document();
        PolicyAssessment {
            policy: PolicyRef {
                id: document.id.clone(),
                version: document.version,
            },
            valid_until: None,
            device_class: self.device_class(),
            access: self.judged.access.clone(),
            status: self.judged.status,
            findings: self.findings(),
            obligations: self.obligations(),
            reasons: self.reasons(),
            advice: self.advice(),
        }
    }

    fn policy(&self) -> &'a Policy {
        &self.judged.prepared.policy
    }

    fn document(&self) -> &'a Document {
        self.policy().document()
    }

    /// The regulated apps that are there.
    fn present(&self) -> impl Iterator<Item = (&'a PresentApp<'a>, &'a Sighting, &'a AppId)> {
        let names = self.case.policies.apps();
        let present = self.judged.present.iter();
        present.filter_map(|app| Some((app, self.sightings.of(app.number), names.get(app.number)?)))
    }

    fn findings(&self) -> Vec<Finding> {
        let prepared = self.judged.prepared;
        let mut findings = Vec::with_capacity(prepared.regulated.len());
        for run in prepared.runs(self.case.record.device.platform) {
            let sighting = self.sightings.of_kind(run.kind);
            let (presence, evidence) = (sighting.presence, sighting.evidence);
            let apps = prepared.regulated.get(run.apps.clone()).unwrap_or_default();
            findings.extend(apps.iter().map(|(_, name)| Finding {
                app: name.clone(),
                presence,
                evidence,
                install: None,
            }));
        }
        for (number, sighting) in self.sightings.particular() {
            let place = prepared.place(number);
            if let Some(finding) = place.and_then(|place| findings.get_mut(place)) {
                (finding.presence, finding.evidence) = (sighting.presence, sighting.evidence);
            }
        }
        for app in &self.judged.present {
            if let Some(finding) = findings.get_mut(app.place) {
                finding.install = Some(app.install);
            }
        }
        findings
    }

    fn impediment(&self, name: &AppId) -> Option<&'a Impediment> {
        self.case.record.impediments.get(name)
    }

    fn device_class(&self) -> DeviceClass {
        let none = FactSet::default();
        let (class, because, missing) = match self.judged.class {
            Class::Service { because } => (ClassName::Service, because, none),
            Class::Personal => (ClassName::Personal, none, none),
            Class::Undetermined { missing } => (ClassName::Undetermined, none, missing),
        };
        DeviceClass {
            class,
            because,
            missing,
        }
    }

    fn obligations(&self) -> Vec<Obligation> {
        let mut obligations = Vec::new();
        if !self.judged.applies() || !matches!(self.judged.class, Class::Service { .. }) {
            return obligations;
        }
        for (app, _, name) in self.present() {
            let removal = app.rule.removal.as_ref().filter(|_| app.due.is_some());
            let state = match removal {
                None => ObligationState::DueNow,
                Some(_) if app.overdue(self.judged.at) => ObligationState::Overdue,
                Some(_) => ObligationState::Pending,
            };
            let basis = removal
                .map_or(&app.rule.service.basis, |removal| &removal.basis)
                .clone();
            let (kind, name) = (ObligationKind::RemoveApp, name.clone());
            obligations.push(Obligation {
                kind,
                app: name.clone(),
                due: app.due.map(|due| due.day),
                state,
                basis,
            });
            if let (Some(asks), Some(impediment)) = (&app.rule.impediment, self.impediment(&name)) {
                let zone = &self.document().time_zone;
                let informed = impediment
                    .supervisor_informed_on
                    .is_some_and(|day| zone.start_of(day) <= self.judged.at);
                let state = if informed {
                    ObligationState::Done
                } else {
                    ObligationState::DueNow
                };
                let (kind, basis) = (ObligationKind::InformSupervisor, asks.basis.clone());
                obligations.push(Obligation {
                    kind,
                    app: name,
                    due: None,
                    state,
                    basis,
                });
            }
        }
        obligations
    }

    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Reasons {
            policy: self.policy(),
            list: Vec::with_capacity(2),
        };
        self.class_reasons(&mut reasons);
        let document = self.document();
        if !self.judged.in_force {
            reasons.add(
                Code::NotInForce,
                Some(&document.in_force_from.basis),
                &[Point::InForce],
                false,
            );
        }
        if let Some(exemption) = document.exemption.as_ref().filter(|_| self.judged.exempt) {
            reasons.add(Code::ExemptRole, Some(&exemption.basis), &[], false);
        }
        if self.judged.applies() {
            for (app, sighting, name) in self.present() {
                self.app_reasons(app, sighting, self.impediment(name).is_some(), &mut reasons);
            }
            if self.judged.present.is_empty() && self.judged.unknown.is_empty() {
                let regulated = &self.judged.prepared.regulated;
                let marked = self.sightings.may_some(|sighting| sighting.marked)
                    && regulated
                        .iter()
                        .any(|(app, _)| self.sightings.of(*app).marked);
                reasons.add(Code::NoRegulatedApp, None, &[], marked);
            }
        }
        let Access {
            certain, decision, ..
        } = self.judged.access;
        match decision {
            _ if certain => {}
            Decision::Deny => reasons.add(Code::UndeterminedDenied, None, &[], false),
            Decision::Permit => reasons.add(Code::UndeterminedPermitted, None, &[], false),
        }
        if self.judged.stale {
            reasons.add(Code::PolicyStale, None, &[], false);
        }
        reasons.in_order()
    }

    fn class_reasons(&self, reasons: &mut Reasons<'_>) {
        let service_device = &self.document().service_device;
        let basis = Some(&service_device.basis);
        match self.judged.class {
            Class::Service { because } => {
                for fact in because.iter() {
                    reasons.add(makes_service(fact), basis, &[], false);
                }
            }
            Class::Personal => {
                let holder_alone = self.case.facts.cleared_by_holder_alone;
                let points: &[Point] = if service_device
                    .facts
                    .iter()
                    .any(|fact| holder_alone.contains(fact))
                {
                    &[Point::PersonalClass, Point::SelfDeclaredFacts]
                } else {
                    &[Point::PersonalClass]
                };
                reasons.add(Code::NothingMakesItService, basis, points, false);
            }
            Class::Undetermined { .. } => reasons.add(Code::ClassUndetermined, basis, &[], false),
        }
    }

    fn app_reasons(
        &self,
        app: &PresentApp<'_>,
        sighting: &Sighting,
        prevented: bool,
        reasons: &mut Reasons<'_>,
    ) {
        let (service, personal) = (&app.rule.service, &app.rule.personal);
        if self.judged.class.can_be(true) {
            reasons.add(
                Code::ForbiddenOnServiceDevice,
                Some(&service.basis),
                &[Point::ServiceDecision],
                sighting.marked,
            );
            match (&app.rule.removal, app.install) {
                (Some(removal), Install::Existing) => {
                    let overdue = app.overdue(self.judged.at);
                    let mut points = vec![if overdue {
                        Point::AfterDue
                    } else {
                        Point::UntilDue
                    }];
                    points.extend((overdue && prevented).then_some(Point::Impediment));
                    points.extend(
                        matches!(removal.term, Term::WorkingDays(_)).then_some(Point::WorkingWeek),
                    );
                    points.extend(sighting.undated.then_some(Point::UnknownInstallTime));
                    let code = if overdue {
                        Code::RemovalTermPassed
                    } else {
                        Code::WithinRemovalTerm
                    };
                    reasons.add(code, Some(&removal.basis), &points, sighting.marked);
                }
                (Some(_), Install::New) => {
                    reasons.add(
                        Code::InstalledAfterNotification,
                        Some(&service.basis),
                        &[Point::ServiceDecision],
                        sighting.marked,
                    );
                }
                _ => {}
            }
        }
        if self.judged.class.can_be(false) {
            reasons.add(
                Code::PersonalDeviceWithApp,
                Some(&personal.basis),
                &[Point::PersonalDecision],
                sighting.marked,
            );
        }
    }

    fn advice(&self) -> Vec<Advice> {
        let document = self.document();
        let mut advice = Vec::with_capacity(document.advice.len() + 1);
        let mut give = |code, basis: Option<&BasisId>| {
            let basis = basis.cloned();
            advice.push(Advice { code, basis });
        };
        for given in &document.advice {
            give(given.code, Some(&given.basis));
        }
        let applies = self.judged.applies();
        for (app, _, name) in self.present().filter(|_| applies) {
            let service = matches!(self.judged.class, Class::Service { .. });
            if let Some(asks) = &app.rule.impediment
                && service
                && app.due.is_some()
                && self.impediment(name).is_none()
            {
                give(Code::InformSupervisorIfPrevented, Some(&asks.basis));
            }
            let permitted = self.judged.access.decision == Decision::Permit;
            if let Some(code) = app.rule.personal.advice
                && self.judged.class == Class::Personal
                && permitted
            {
                give(code, Some(&app.rule.personal.basis));
            }
        }
        if !self.judged.access.missing.is_empty() {
            give(Code::SettleMissingFact, None);
        }
        let review_since = self.judged.prepared.review_since;
        let due_for_review = review_since.is_some_and(|since| since <= self.judged.at);
        if let Some(review) = document.review.as_ref().filter(|_| due_for_review) {
            give(Code::ReviewDatePassed, Some(&review.basis));
        }
        advice.sort_by(|one, other| {
            let bases = || in_order(self.policy(), one.basis.as_ref(), other.basis.as_ref());
            one.code.cmp(&other.code).then_with(bases)
        });
        advice.dedup();
        advice
    }
}

const fn makes_service(fact: Fact) -> Code {
    match fact {
        Fact::Ownership => Code::OwnedByOrganization,
        Fact::Purchase => Code::PurchaseFunded,
        Fact::Subscription => Code::SubscriptionFunded,
        Fact::Usage => Code::UsageFunded,
    }
}

/// Directives in the order in which the policy lists them; no directive comes first.
fn in_order(policy: &Policy, basis: Option<&BasisId>, other: Option<&BasisId>) -> Ordering {
    let directives = &policy.document().directives;
    let place = |basis: Option<&BasisId>| {
        let basis = basis?;
        directives
            .iter()
            .position(|directive| directive.id == *basis)
    };
    place(basis).cmp(&place(other))
}

/// Reasons, each code and basis once.
struct Reasons<'a> {
    policy: &'a Policy,
    list: Vec<Reason>,
}

impl Reasons<'_> {
    fn add(&mut self, code: Code, basis: Option<&BasisId>, points: &[Point], marked: bool) {
        let interpretation = marked || points.iter().any(|point| self.policy.interprets(*point));
        match self
            .list
            .iter_mut()
            .find(|reason| reason.code == code && reason.basis.as_ref() == basis)
        {
            Some(known) => known.interpretation |= interpretation,
            None => self.list.push(Reason {
                code,
                basis: basis.cloned(),
                interpretation,
            }),
        }
    }

    fn in_order(mut self) -> Vec<Reason> {
        self.list.sort_by(|reason, other| {
            let bases = || in_order(self.policy, reason.basis.as_ref(), other.basis.as_ref());
            reason.code.cmp(&other.code).then_with(bases)
        });
        self.list
    }
}
