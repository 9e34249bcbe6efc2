//! What holds at one instant, under each policy and under all together (`docs/readings.md`).

use crate::{
    Policies,
    assessment::{Access, Decision, Install, NetworkZone, Presence, Status},
    deployment::Deployment,
    facts::{Class, Facts},
    policy::{Prepared, Rule},
    presence::{Looked, Sighting},
    record::Record,
    time::{Day, Instant},
    verdict::{Stand, Verdict, verdict},
};

/// What does not change with time.
pub(crate) struct Case<'a> {
    pub(crate) policies: &'a Policies,
    pub(crate) record: &'a Record,
    pub(crate) deployment: &'a Deployment,
    pub(crate) facts: Facts,
    pub(crate) looked: Looked<'a>,
}

/// What holds at one instant.
pub(crate) struct Judgement<'a> {
    pub(crate) sightings: Vec<Sighting>,
    /// One for each policy, in order.
    pub(crate) policies: Vec<Judged<'a>>,
    pub(crate) access: Access,
    pub(crate) status: Status,
}

/// What one policy says at one instant.
pub(crate) struct Judged<'a> {
    pub(crate) prepared: &'a Prepared,
    /// The day, where the policy is in force.
    pub(crate) today: Day,
    pub(crate) class: Class,
    pub(crate) in_force: bool,
    pub(crate) exempt: bool,
    pub(crate) stale: bool,
    /// One for each app that it regulates, in order.
    pub(crate) apps: Vec<RegulatedApp<'a>>,
    pub(crate) access: Access,
    pub(crate) status: Status,
}

impl Judged<'_> {
    pub(crate) fn applies(&self) -> bool {
        self.in_force && !self.exempt
    }
}

/// An app under one policy.
pub(crate) struct RegulatedApp<'a> {
    pub(crate) number: usize,
    pub(crate) rule: &'a Rule,
    pub(crate) presence: Presence,
    /// Whether it was there before the notification, if it is there.
    pub(crate) install: Option<Install>,
    /// The last day for removing it, if it was there before.
    pub(crate) due: Option<Day>,
}

impl RegulatedApp<'_> {
    pub(crate) fn overdue(&self, today: Day) -> bool {
        self.due.is_some_and(|due| due < today)
    }

    fn decision(&self, service: bool, today: Day) -> Decision {
        match (self.install, &self.rule.removal) {
            (None, _) => Decision::Permit,
            (Some(_), _) if !service => self.rule.personal.decision,
            (Some(Install::Existing), Some(removal)) if self.overdue(today) => removal.after_due,
            (Some(Install::Existing), Some(removal)) => removal.until_due,
            _ => self.rule.service.decision,
        }
    }
}

impl<'a> Case<'a> {
    /// What holds at that instant, with what is known of the apps then.
    pub(crate) fn judge(&self, sightings: Vec<Sighting>, at: Instant) -> Judgement<'a> {
        let unknown: Vec<usize> = (0..)
            .zip(&sightings)
            .filter(|(_, sighting)| sighting.presence == Presence::Unknown)
            .map(|(number, _)| number)
            .collect();
        let prepared = self.policies.prepared();
        let mut stands = Vec::with_capacity(prepared.len());
        let policies: Vec<Judged<'a>> = prepared
            .iter()
            .map(|prepared| self.judge_policy(prepared, &sightings, at, &mut stands))
            .collect();

        let zone = policies
            .iter()
            .map(|judged| zone(judged.class))
            .min()
            .unwrap_or(NetworkZone::None);
        let stale = policies.iter().any(|judged| judged.stale);
        let access = self.access(
            verdict(&stands, &unknown, self.policies.apps()),
            zone,
            stale,
        );
        let applies = policies
            .iter()
            .any(|judged| judged.status != Status::NotApplicable);
        let pending = policies.iter().any(Judged::has_pending_removal);
        let status = status(&access, applies, pending);
        Judgement {
            sightings,
            policies,
            access,
            status,
        }
    }

    fn judge_policy(
        &self,
        prepared: &'a Prepared,
        sightings: &[Sighting],
        at: Instant,
        stands: &mut Vec<Stand<'a>>,
    ) -> Judged<'a> {
        let policy = &prepared.policy;
        let document = policy.document();
        let today = document.time_zone.day(at);
        let class = self.facts.class(document.service_device.facts);
        let apps: Vec<_> = prepared
            .regulated
            .iter()
            .filter_map(|number| self.regulated_app(prepared, *number, sightings.get(*number)?))
            .collect();
        let in_force = document.in_force_from.date <= today;
        let exempt = document
            .exemption
            .iter()
            .flat_map(|exemption| &exemption.roles)
            .any(|role| self.record.roles.contains(role));
        let denied = |service| {
            apps.iter()
                .any(|app| app.decision(service, today) == Decision::Deny)
        };
        let stand = Stand {
            policy: prepared,
            class,
            denied_as_service: denied(true),
            denied_as_personal: denied(false),
        };
        let stale = policy
            .stale_from(self.deployment)
            .is_some_and(|from| from <= at);
        let verdict = if in_force && !exempt {
            stands.push(stand);
            let unknown = apps.iter().filter(|app| app.presence == Presence::Unknown);
            let unknown: Vec<_> = unknown.map(|app| app.number).collect();
            verdict(&[stand], &unknown, self.policies.apps())
        } else {
            Verdict::Certain(Decision::Permit)
        };
        let access = self.access(verdict, zone(class), stale);
        let mut judged = Judged {
            prepared,
            today,
            class,
            in_force,
            exempt,
            stale,
            apps,
            access,
            status: Status::Unknown,
        };
        judged.status = status(
            &judged.access,
            judged.applies(),
            judged.has_pending_removal(),
        );
        judged
    }

    fn regulated_app(
        &self,
        prepared: &'a Prepared,
        number: usize,
        sighting: &Sighting,
    ) -> Option<RegulatedApp<'a>> {
        let rule = prepared.rule(number)?;
        let present = sighting.presence == Presence::Present;
        let install = present.then(|| self.install(prepared, rule, sighting));
        let existing = install == Some(Install::Existing);
        let removal = rule.removal.as_ref().filter(|_| existing);
        let due = removal.map(|removal| prepared.policy.due_day(removal.term, self.deployment));
        Some(RegulatedApp {
            number,
            rule,
            presence: sighting.presence,
            install,
            due,
        })
    }

    fn install(&self, prepared: &Prepared, rule: &Rule, sighting: &Sighting) -> Install {
        let zone = &prepared.policy.document().time_zone;
        let notified_on = prepared.policy.notified_on(self.deployment);
        match (&rule.removal, sighting.latest_install) {
            (None, _) => Install::New,
            (Some(_), Some(latest)) if zone.day(latest) > notified_on => Install::New,
            _ => Install::Existing,
        }
    }

    /// The access that a verdict gives, once the deployment had its say.
    fn access(&self, verdict: Verdict, zone: NetworkZone, stale: bool) -> Access {
        let (decision, certain, missing) = match verdict {
            Verdict::Certain(Decision::Permit) if stale => {
                (self.deployment.when_undetermined, false, Vec::new())
            }
            Verdict::Certain(decision) => (decision, true, Vec::new()),
            Verdict::Open(missing) => (self.deployment.when_undetermined, false, missing),
        };
        let zone = if decision == Decision::Permit {
            zone
        } else {
            NetworkZone::None
        };
        Access {
            decision,
            zone,
            certain,
            missing,
        }
    }
}

impl Judged<'_> {
    fn has_pending_removal(&self) -> bool {
        self.applies()
            && matches!(self.class, Class::Service { .. })
            && self
                .apps
                .iter()
                .any(|app| app.due.is_some_and(|due| self.today <= due))
    }
}

const fn zone(class: Class) -> NetworkZone {
    match class {
        Class::Service { .. } => NetworkZone::Service,
        Class::Personal | Class::Undetermined { .. } => NetworkZone::Personal,
    }
}

const fn status(access: &Access, applies: bool, pending: bool) -> Status {
    match (access.certain, access.decision) {
        (false, _) => Status::Unknown,
        (true, _) if !applies => Status::NotApplicable,
        (true, Decision::Deny) => Status::Noncompliant,
        (true, Decision::Permit) if pending => Status::InGracePeriod,
        (true, Decision::Permit) => Status::Compliant,
    }
}
