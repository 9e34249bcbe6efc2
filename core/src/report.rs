//! Writing the assessment down: findings, obligations, reasons and advice (`docs/readings.md`).

use crate::{
    assessment::{
        Access, Advice, Assessment, ClassName, Decision, DeviceClass, Finding, Install, Obligation,
        ObligationKind, ObligationState, PolicyAssessment, PolicyRef, Presence, Reason,
    },
    code::Code,
    facts::{Class, Fact, FactSet},
    judge::{Case, Judged, Judgement, RegulatedApp},
    names::{AppId, BasisId},
    policy::{Document, Point, Policy, Term},
    presence::Sighting,
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
    sightings: &'a [Sighting],
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
            findings: self
                .apps()
                .map(|(app, seen, name)| finding(app, seen, name))
                .collect(),
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

    fn apps(&self) -> impl Iterator<Item = (&'a RegulatedApp<'a>, &'a Sighting, &'a AppId)> {
        let names = self.case.policies.apps();
        self.judged
            .apps
            .iter()
            .filter_map(|app| Some((app, self.sightings.get(app.number)?, names.get(app.number)?)))
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
        for (app, _, name) in self.apps().filter(|(app, ..)| app.install.is_some()) {
            let removal = app.rule.removal.as_ref().filter(|_| app.due.is_some());
            let state = match removal {
                None => ObligationState::DueNow,
                Some(_) if app.overdue(self.judged.today) => ObligationState::Overdue,
                Some(_) => ObligationState::Pending,
            };
            let basis = removal
                .map_or(&app.rule.service.basis, |removal| &removal.basis)
                .clone();
            let (kind, name) = (ObligationKind::RemoveApp, name.clone());
            obligations.push(Obligation {
                kind,
                app: name.clone(),
                due: app.due,
                state,
                basis,
            });
            if let (Some(asks), Some(impediment)) = (&app.rule.impediment, self.impediment(&name)) {
                let informed = impediment
                    .supervisor_informed_on
                    .is_some_and(|day| day <= self.judged.today);
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
            list: Vec::new(),
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
            for (app, sighting, name) in self.apps().filter(|(app, ..)| app.install.is_some()) {
                self.app_reasons(app, sighting, self.impediment(name).is_some(), &mut reasons);
            }
            if self
                .judged
                .apps
                .iter()
                .all(|app| app.presence == Presence::Absent)
            {
                let marked = self.apps().any(|(_, sighting, _)| sighting.marked);
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
        app: &RegulatedApp<'_>,
        sighting: &Sighting,
        prevented: bool,
        reasons: &mut Reasons<'_>,
    ) {
        let (service, personal) = (&app.rule.service, &app.rule.personal);
        if self.judged.class.can_be(true) {
            reasons.add(
                Code::ForbiddenOnServiceDevice,
                Some(&service.basis),
                &[],
                sighting.marked,
            );
            match (&app.rule.removal, app.install) {
                (Some(removal), Some(Install::Existing)) => {
                    let overdue = app.overdue(self.judged.today);
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
                (Some(_), Some(Install::New)) => {
                    reasons.add(
                        Code::InstalledAfterNotification,
                        Some(&service.basis),
                        &[],
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
                &[],
                sighting.marked,
            );
        }
    }

    fn advice(&self) -> Vec<Advice> {
        let document = self.document();
        let given = document.advice.iter();
        let mut advice: Vec<_> = given
            .map(|given| (given.code, Some(given.basis.clone())))
            .collect();
        let applies = self.judged.applies();
        for (app, _, name) in self
            .apps()
            .filter(|(app, ..)| applies && app.install.is_some())
        {
            let service = matches!(self.judged.class, Class::Service { .. });
            if let Some(asks) = &app.rule.impediment
                && service
                && app.due.is_some()
                && self.impediment(name).is_none()
            {
                advice.push((Code::InformSupervisorIfPrevented, Some(asks.basis.clone())));
            }
            let permitted = self.judged.access.decision == Decision::Permit;
            if let Some(code) = app.rule.personal.advice
                && self.judged.class == Class::Personal
                && permitted
            {
                advice.push((code, Some(app.rule.personal.basis.clone())));
            }
        }
        if !self.judged.access.missing.is_empty() {
            advice.push((Code::SettleMissingFact, None));
        }
        if let Some(review) = document
            .review
            .as_ref()
            .filter(|review| review.on <= self.judged.today)
        {
            advice.push((Code::ReviewDatePassed, Some(review.basis.clone())));
        }
        advice.sort_by_key(|(code, basis)| (*code, place(self.policy(), basis.as_ref())));
        advice.dedup();
        advice
            .into_iter()
            .map(|(code, basis)| Advice { code, basis })
            .collect()
    }
}

fn finding(app: &RegulatedApp<'_>, sighting: &Sighting, name: &AppId) -> Finding {
    let (presence, evidence) = (sighting.presence, sighting.evidence);
    Finding {
        app: name.clone(),
        presence,
        evidence,
        install: app.install,
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

/// Where the policy lists the directive; no directive comes first.
fn place(policy: &Policy, basis: Option<&BasisId>) -> Option<usize> {
    let basis = basis?;
    policy
        .document()
        .directives
        .iter()
        .position(|directive| directive.id == *basis)
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
        self.list
            .sort_by_key(|reason| (reason.code, place(self.policy, reason.basis.as_ref())));
        self.list
    }
}
