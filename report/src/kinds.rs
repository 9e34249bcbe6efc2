//! Kinds of devices: what the page finds a device by, and how it explains it.

use std::collections::HashMap;

use octroi_core::{
    Assessment, BasisId, ClassName, Day, Decision, Deployment, Missing, Obligation,
    ObligationState, Policies, Status, explain,
};
use serde::Serialize;

use crate::{
    duties::{self, Duty},
    in_each,
    rows::{Key, Said},
    words::{Kept, Words},
};

/// So many bytes of the page may explain. What goes beyond is counted, but not explained.
const ROOM: usize = 2_000_000;

/// What a kind takes in the page at most, beside its own lists.
const OF_A_KIND: usize = 80;

/// The class of a device under all policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    Service,
    Personal,
    Undetermined,
    /// The policies do not agree.
    Differs,
}

/// What a device is found by. Numbers are places in the lists that the page shows them in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Kind {
    access: usize,
    status: usize,
    class: usize,
    /// The questions that are open, by their place in [`Kinds::questions`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    due: Vec<String>,
    /// What is still to do ([`Duty::id`]).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tasks: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<usize>,
}

/// All kinds of devices in a fleet.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    kinds: Kept<Kind>,
    known: HashMap<Key, usize>,
    pub(crate) words: Words,
    pub(crate) questions: Questions,
    /// How many devices are not explained.
    pub(crate) unexplained: u64,
    size: usize,
}

/// Questions that are open somewhere, in the order in which they came up, in each language.
#[derive(Debug, Default)]
pub(crate) struct Questions(Vec<(Missing, [String; 4])>);

impl Class {
    pub(crate) const ALL: [Class; 4] = [
        Class::Service,
        Class::Personal,
        Class::Undetermined,
        Class::Differs,
    ];

    pub(crate) fn of(assessment: &Assessment) -> Self {
        let mut classes = assessment
            .assessments
            .iter()
            .map(|said| said.device_class.class);
        let first = classes.next();
        match first {
            _ if classes.any(|class| Some(class) != first) => Class::Differs,
            Some(ClassName::Service) => Class::Service,
            Some(ClassName::Personal) => Class::Personal,
            Some(ClassName::Undetermined) | None => Class::Undetermined,
        }
    }
}

/// Every status, in the order in which the page shows them.
pub(crate) const STATUSES: [Status; 5] = [
    Status::Compliant,
    Status::InGracePeriod,
    Status::Noncompliant,
    Status::Unknown,
    Status::NotApplicable,
];

impl Kinds {
    /// The number of the kind of these devices.
    pub(crate) fn of(
        &mut self,
        said: &Said,
        policies: &Policies,
        deployment: &Deployment,
    ) -> usize {
        if let Some(number) = self.known.get(&said.key) {
            return *number;
        }
        let assessment = &said.assessment;
        let explained = || in_each(|language| explain(assessment, policies, deployment, language));
        let is_room = self.words.size + self.size < ROOM;
        let missing = &assessment.access.missing;
        if is_room
            || missing
                .iter()
                .any(|missing| self.questions.place(missing).is_none())
        {
            let explained = explained();
            self.questions.learn(&explained);
            if is_room {
                let explanation = Some(self.words.add(&explained));
                let kind = Kind::whole(assessment, &self.questions, explanation);
                self.size += kind.size() + 40;
                let number = self.kinds.add(kind);
                self.known.insert(said.key, number);
                return number;
            }
        }
        self.unexplained += said.devices;
        self.kinds.add(Kind::bare(assessment))
    }

    pub(crate) fn list(&self) -> &[Kind] {
        self.kinds.list()
    }
}

impl Kind {
    fn bare(assessment: &Assessment) -> Self {
        let class = Class::of(assessment);
        Self {
            access: usize::from(assessment.access.decision == Decision::Deny),
            status: place(&STATUSES, &assessment.status),
            class: place(&Class::ALL, &class),
            missing: Vec::new(),
            due: Vec::new(),
            tasks: Vec::new(),
            bases: Vec::new(),
            explanation: None,
        }
    }

    fn whole(assessment: &Assessment, questions: &Questions, explanation: Option<usize>) -> Self {
        let missing = assessment.access.missing.iter();
        Self {
            missing: missing
                .filter_map(|missing| questions.place(missing))
                .collect(),
            due: due(assessment),
            tasks: sorted(to_do(assessment).map(|duty| Duty::of(duty).id()).collect()),
            bases: bases(assessment).iter().map(ToString::to_string).collect(),
            explanation,
            ..Self::bare(assessment)
        }
    }

    fn size(&self) -> usize {
        let named = self.bases.iter().chain(&self.tasks);
        let named: usize = named.map(|name| name.len() + 3).sum();
        OF_A_KIND + 4 * self.missing.len() + 13 * self.due.len() + named
    }
}

impl Questions {
    pub(crate) fn list(&self) -> impl Iterator<Item = (&Missing, &[String; 4])> {
        self.0.iter().map(|(missing, texts)| (missing, texts))
    }

    pub(crate) fn place(&self, missing: &Missing) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == missing)
    }

    fn learn(&mut self, explained: &[octroi_core::Explanation; 4]) {
        let [first, ..] = explained;
        for (at, question) in first.questions.iter().enumerate() {
            if self.place(&question.missing).is_none() {
                let text = explained.each_ref().map(|said| {
                    said.questions
                        .get(at)
                        .map(|question| question.text.clone())
                        .unwrap_or_default()
                });
                self.0.push((question.missing.clone(), text));
            }
        }
    }
}

/// What is still to do.
fn to_do(assessment: &Assessment) -> impl Iterator<Item = &Obligation> {
    let duties = duties::duties(assessment).into_iter();
    duties.filter(|duty| duty.state != ObligationState::Done)
}

/// The last days of what is still to do, the first one first; `0` for what is due at once.
fn due(assessment: &Assessment) -> Vec<String> {
    let days = sorted(to_do(assessment).map(|duty| duty.due).collect());
    let written = |day: Option<Day>| day.map_or_else(|| "0".to_owned(), |day| day.to_string());
    days.into_iter().map(written).collect()
}

/// The directives that what is said rests on.
fn bases(assessment: &Assessment) -> Vec<BasisId> {
    let policies = assessment.assessments.iter();
    let bases = policies.flat_map(|said| {
        let reasons = said
            .reasons
            .iter()
            .filter_map(|reason| reason.basis.as_ref());
        let duties = said.obligations.iter().map(|duty| &duty.basis);
        let advice = said
            .advice
            .iter()
            .filter_map(|advice| advice.basis.as_ref());
        reasons.chain(duties).chain(advice).cloned()
    });
    sorted(bases.collect())
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}

fn place<T: PartialEq>(list: &[T], thing: &T) -> usize {
    list.iter()
        .position(|known| known == thing)
        .unwrap_or_default()
}
