//! What the summary counts. Every device that was judged is in it, listed or not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use octroi_core::{
    AppId, Assessment, BasisId, Code, Day, Decision, Missing, ObligationState, PolicyId, Presence,
    Status,
};

use crate::{
    duties::{self, Duty},
    kinds::{Class, STATUSES},
    rows::Said,
};

/// So many combinations of missing facts are told apart.
const COMBINATIONS: usize = 1_000;

/// The counts of a fleet.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    verdicts: BTreeMap<(Class, usize, bool), u64>,
    /// Devices that have something to do.
    pub(crate) to_do: u64,
    /// Duties by their last day, and by how they stand.
    pub(crate) duties: BTreeMap<Option<Day>, Duties>,
    /// The same duties by what must be done, in the order in which they came up.
    pub(crate) tasks: Vec<(Duty, Task)>,
    /// Devices that are denied only as long as a question is open.
    pub(crate) denied_until_answered: u64,
    missing: Vec<(Missing, Asked)>,
    together: HashMap<Vec<String>, (Vec<Missing>, u64)>,
    /// Devices that wait for rules, and for no answer.
    pub(crate) stale: u64,
    /// Devices of which it is unknown whether they have an app, by the reason.
    pub(crate) unseen: BTreeMap<(AppId, Code), u64>,
    bases: BTreeMap<(PolicyId, BasisId), Rests>,
}

/// Duties by how they stand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Duties {
    pub(crate) pending: u64,
    pub(crate) overdue: u64,
    pub(crate) due_now: u64,
    pub(crate) done: u64,
}

/// What must be done, by how it stands, and the first day of what is still to do: no day where something is due at once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Task {
    pub(crate) duties: Duties,
    pub(crate) first: Option<Option<Day>>,
}

/// Devices for which an answer is missing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    /// It alone: whatever it is, it decides.
    pub(crate) alone: u64,
    pub(crate) with_others: u64,
}

/// Devices of which something rests on a directive.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rests {
    pub(crate) reasons: u64,
    pub(crate) duties: u64,
    pub(crate) advice: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, said: &Said) {
        let (assessment, devices) = (&said.assessment, said.devices);
        let status = STATUSES
            .iter()
            .position(|status| *status == assessment.status);
        let denied = assessment.access.decision == Decision::Deny;
        let verdict = (Class::of(assessment), status.unwrap_or_default(), denied);
        *self.verdicts.entry(verdict).or_default() += devices;
        self.duties(assessment, devices);
        self.questions(assessment, devices);
        self.sight(assessment, devices);
        self.directives(assessment, devices);
    }

    pub(crate) fn devices(&self) -> u64 {
        self.verdicts.values().sum()
    }

    /// Devices of one class or all, of one status or all, and of one decision or both.
    pub(crate) fn of(
        &self,
        class: Option<Class>,
        status: Option<Status>,
        denied: Option<bool>,
    ) -> u64 {
        let verdicts = self.verdicts.iter().filter(|((of, at, is_denied), _)| {
            class.is_none_or(|class| class == *of)
                && status.is_none_or(|status| STATUSES.get(*at) == Some(&status))
                && denied.is_none_or(|denied| denied == *is_denied)
        });
        verdicts.map(|(_, devices)| devices).sum()
    }

    /// What is missing, that first which decides most.
    pub(crate) fn missing(&self) -> Vec<(&Missing, Asked)> {
        let mut missing: Vec<_> = self
            .missing
            .iter()
            .map(|(fact, asked)| (fact, *asked))
            .collect();
        missing.sort_by_key(|(_, asked)| std::cmp::Reverse((asked.alone, asked.with_others)));
        missing
    }

    /// What is missing together, the most frequent first. Combinations beyond a thousand are not told apart.
    pub(crate) fn together(&self) -> Vec<(&[Missing], u64)> {
        let mut together: Vec<_> = self.together.iter().collect();
        together.sort_by_key(|(names, (_, devices))| (std::cmp::Reverse(*devices), *names));
        let together = together.into_iter();
        together
            .map(|(_, (missing, devices))| (missing.as_slice(), *devices))
            .collect()
    }

    pub(crate) fn rests(&self, policy: &PolicyId, basis: &BasisId) -> Rests {
        let rests = self.bases.get(&(policy.clone(), basis.clone()));
        rests.copied().unwrap_or_default()
    }

    fn duties(&mut self, assessment: &Assessment, devices: u64) {
        let mut is_open = false;
        for duty in duties::duties(assessment) {
            let of_day = self.duties.entry(duty.due).or_default();
            of_day.add(duty.state, devices);
            let is_to_do = duty.state != ObligationState::Done;
            self.task(Duty::of(duty), |task| {
                task.duties.add(duty.state, devices);
                if is_to_do {
                    task.first = Some(task.first.map_or(duty.due, |first| first.min(duty.due)));
                }
            });
            is_open |= is_to_do;
        }
        self.to_do += if is_open { devices } else { 0 };
    }

    fn task(&mut self, duty: Duty, count: impl FnOnce(&mut Task)) {
        if let Some((_, task)) = self.tasks.iter_mut().find(|(known, _)| *known == duty) {
            count(task);
            return;
        }
        let mut task = Task::default();
        count(&mut task);
        self.tasks.push((duty, task));
    }

    fn questions(&mut self, assessment: &Assessment, devices: u64) {
        let missing = &assessment.access.missing;
        if missing.is_empty() {
            self.stale += if assessment.access.certain {
                0
            } else {
                devices
            };
            return;
        }
        let denied = assessment.access.decision == Decision::Deny;
        self.denied_until_answered += if denied && !assessment.access.certain {
            devices
        } else {
            0
        };
        for fact in missing {
            let known = self.missing.iter().position(|(known, _)| known == fact);
            let place = known.unwrap_or_else(|| {
                self.missing.push((fact.clone(), Asked::default()));
                self.missing.len() - 1
            });
            if let Some((_, asked)) = self.missing.get_mut(place) {
                match missing.len() {
                    1 => asked.alone += devices,
                    _ => asked.with_others += devices,
                }
            }
        }
        if missing.len() > 1 {
            let names: Vec<_> = missing.iter().map(|fact| format!("{fact:?}")).collect();
            if self.together.len() < COMBINATIONS || self.together.contains_key(&names) {
                let (_, count) = self.together.entry(names).or_insert((missing.clone(), 0));
                *count += devices;
            }
        }
    }

    fn sight(&mut self, assessment: &Assessment, devices: u64) {
        let findings = assessment
            .assessments
            .iter()
            .flat_map(|said| &said.findings);
        // Two policies that regulate an app have the same finding of it.
        let mut reasons = BTreeSet::new();
        for finding in findings.filter(|finding| finding.presence == Presence::Unknown) {
            reasons.extend(
                finding
                    .evidence
                    .iter()
                    .map(|code| (finding.app.clone(), code)),
            );
        }
        for reason in reasons {
            *self.unseen.entry(reason).or_default() += devices;
        }
    }

    fn directives(&mut self, assessment: &Assessment, devices: u64) {
        for said in &assessment.assessments {
            let reasons = said
                .reasons
                .iter()
                .filter_map(|reason| reason.basis.as_ref());
            let advice = said
                .advice
                .iter()
                .filter_map(|advice| advice.basis.as_ref());
            let duties = said.obligations.iter().map(|duty| &duty.basis);
            self.rest(&said.policy.id, reasons.collect(), |rests| {
                rests.reasons += devices
            });
            self.rest(&said.policy.id, duties.collect(), |rests| {
                rests.duties += devices
            });
            self.rest(&said.policy.id, advice.collect(), |rests| {
                rests.advice += devices
            });
        }
    }

    /// Counts a device once under each directive.
    fn rest(&mut self, policy: &PolicyId, bases: BTreeSet<&BasisId>, count: impl Fn(&mut Rests)) {
        for basis in bases {
            count(
                self.bases
                    .entry((policy.clone(), basis.clone()))
                    .or_default(),
            );
        }
    }
}

impl Duties {
    fn add(&mut self, state: ObligationState, devices: u64) {
        *match state {
            ObligationState::Pending => &mut self.pending,
            ObligationState::Overdue => &mut self.overdue,
            ObligationState::DueNow => &mut self.due_now,
            ObligationState::Done => &mut self.done,
        } += devices;
    }

    /// Those that are still to do.
    pub(crate) const fn open(self) -> u64 {
        self.pending + self.overdue + self.due_now
    }
}
