//! What holds at one instant, under each policy and under all together (`docs/readings.md`).

use crate::{
    Policies,
    assessment::{Access, Decision, Install, NetworkZone, Presence, Status},
    deployment::Deployment,
    facts::{Class, Facts},
    policy::{Prepared, Rule},
    presence::{Looked, Sighting, Sightings},
    record::Record,
    time::{Day, Instant},
    verdict::{Stand, Verdict, verdict},
};

/// What does not change with time.
pub(crate) struct Case<'a> {
    pub(crate) policies: &'a Policies,
    pub(crate) record: &'a Record<'a>,
    pub(crate) deployment: &'a Deployment,
    pub(crate) facts: Facts,
    pub(crate) looked: Looked<'a>,
}

/// What holds at one instant.
pub(crate) struct Judgement<'a> {
    pub(crate) sightings: Sightings<'a>,
    /// One for each policy, in order.
    pub(crate) policies: Vec<Judged<'a>>,
    pub(crate) access: Access,
    pub(crate) status: Status,
}

/// What one policy says at one instant.
pub(crate) struct Judged<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) at: Instant,
    pub(crate) class: Class,
    pub(crate) in_force: bool,
    pub(crate) exempt: bool,
    pub(crate) stale: bool,
    /// The apps that it regulates and that are there, in its order.
    pub(crate) present: Vec<PresentApp<'a>>,
    /// The apps that it regulates and of which the presence is unknown, in its order.
    pub(crate) unknown: Vec<usize>,
    pub(crate) access: Access,
    pub(crate) status: Status,
}

impl Judged<'_> {
    pub(crate) fn applies(&self) -> bool {
        self.in_force && !self.exempt
    }
}

/// An app that is there, under one policy.
pub(crate) struct PresentApp<'a> {
    pub(crate) number: usize,
    /// Where the policy has it among the apps that it regulates.
    pub(crate) place: usize,
    pub(crate) rule: &'a Rule,
    /// Whether it was there before the notification.
    pub(crate) install: Install,
    /// Until when it may be removed, if it was there before.
    pub(crate) due: Option<Due>,
}

/// The end of a term.
#[derive(Clone, Copy)]
pub(crate) struct Due {
    /// The last day.
    pub(crate) day: Day,
    /// The instant at which it is over, where the policy is in force.
    pub(crate) over_at: Instant,
}

impl PresentApp<'_> {
    pub(crate) fn overdue(&self, at: Instant) -> bool {
        self.due.is_some_and(|due| due.over_at <= at)
    }

    fn decision(&self, service: bool, at: Instant) -> Decision {
        match (self.install, &self.rule.removal) {
            _ if !service => self.rule.personal.decision,
            (Install::Existing, Some(removal)) if self.overdue(at) => removal.after_due,
            (Install::Existing, Some(removal)) => removal.until_due,
            _ => self.rule.service.decision,
        }
    }
}

impl Case<'_> {
    /// What holds at that instant, with what is known of the apps then.
    pub(crate) fn judge<'a>(&'a self, sightings: Sightings<'a>, at: Instant) -> Judgement<'a> {
        let unknown = sightings.unknown();
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

    fn judge_policy<'a>(
        &self,
        prepared: &'a Prepared,
        sightings: &Sightings<'_>,
        at: Instant,
        stands: &mut Vec<Stand<'a>>,
    ) -> Judged<'a> {
        let policy = &prepared.policy;
        let document = policy.document();
        let class = self.facts.class(document.service_device.facts);
        let present = sightings
            .particular()
            .filter(|(_, sighting)| sighting.presence == Presence::Present)
            .filter_map(|(number, sighting)| self.present_app(prepared, number, sighting));
        let mut present: Vec<_> = present.collect();
        present.sort_unstable_by_key(|app| app.place);
        let is_unknown = |sighting: &Sighting| sighting.presence == Presence::Unknown;
        let mut unknown = Vec::new();
        if sightings.may_some(is_unknown) {
            let regulated = prepared.regulated.iter().map(|(number, _)| *number);
            unknown.extend(regulated.filter(|number| is_unknown(sightings.of(*number))));
        }
        let in_force = prepared.in_force_since <= at;
        let exempt = document
            .exemption
            .iter()
            .flat_map(|exemption| &exemption.roles)
            .any(|role| self.record.roles.contains(role));
        let denied = |service| {
            present
                .iter()
                .any(|app| app.decision(service, at) == Decision::Deny)
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
            verdict(&[stand], &unknown, self.policies.apps())
        } else {
            Verdict::Certain(Decision::Permit)
        };
        let access = self.access(verdict, zone(class), stale);
        let mut judged = Judged {
            prepared,
            at,
            class,
            in_force,
            exempt,
            stale,
            present,
            unknown,
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

    fn present_app<'a>(
        &self,
        prepared: &'a Prepared,
        number: usize,
        sighting: &Sighting,
    ) -> Option<PresentApp<'a>> {
        let (place, rule) = (prepared.place(number)?, prepared.rule(number)?);
        let install = self.install(prepared, rule, sighting);
        let existing = install == Install::Existing;
        let removal = rule.removal.as_ref().filter(|_| existing);
        let zone = &prepared.policy.document().time_zone;
        let due = removal.map(|removal| {
            let day = prepared.policy.due_day(removal.term, self.deployment);
            Due {
                day,
                over_at: zone.start_of(day.plus_days(1)),
            }
        });
        Some(PresentApp {
            number,
            place,
            rule,
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
                .present
                .iter()
                .any(|app| app.due.is_some() && !app.overdue(self.at))
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
