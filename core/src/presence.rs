//! What was seen, and how far one could see: present, absent or unknown (`docs/readings.md`).

use std::borrow::Cow;

use crate::{
    assessment::Presence,
    code::{Code, CodeSet},
    deployment::{DeclaredAbsence, Deployment},
    duration::Duration,
    policy::Policies,
    record::{Declared, Record},
    time::Instant,
    view::{Particulars, Subject, Traces, View},
};

/// What is known of one app.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    pub(crate) presence: Presence,
    /// How that is known, or why it is not.
    pub(crate) evidence: CodeSet,
    /// The latest time at which a sighting was first installed.
    pub(crate) latest_install: Option<Instant>,
    /// Whether of some sighting nobody knows since when it is there.
    pub(crate) undated: bool,
    /// Whether the presence or absence rests on readings of the catalogue alone.
    pub(crate) marked: bool,
}

impl Sighting {
    const NOTHING: Self = Self {
        presence: Presence::Unknown,
        evidence: CodeSet::EMPTY,
        latest_install: None,
        undated: false,
        marked: false,
    };
}

/// All that was seen, looked through once; what it proves depends on the instant.
pub(crate) struct Looked<'a> {
    deployment: &'a Deployment,
    views: Vec<View>,
    /// First one for each kind of app, then one for each app of which something in particular is known.
    subjects: Vec<Subject<'a>>,
    /// For each app of the policies, by its number, its subject.
    subject_of: Cow<'a, [usize]>,
}

impl<'a> Looked<'a> {
    pub(crate) fn new(
        policies: &'a Policies,
        record: &'a Record<'a>,
        deployment: &'a Deployment,
    ) -> Self {
        let index = policies.on(record.device.platform);
        let kinds = index.kinds().iter().map(|needs| Subject {
            needs,
            app: None,
            traces: Traces::default(),
            declared: None,
        });
        let mut particulars = Particulars {
            index,
            subjects: kinds.collect(),
            subject_of: Cow::Borrowed(index.kind_of()),
        };
        let mut views = Vec::with_capacity(record.observations.len());
        for observation in &record.observations {
            let view = View::look(policies, observation, &mut particulars);
            views.push(view);
        }
        for (app, declaration) in &record.declarations {
            let number = policies.number(app);
            if let Some(subject) = number.and_then(|number| particulars.of(number)) {
                subject.declared = Some(*declaration);
            }
        }
        Self {
            deployment,
            views,
            subjects: particulars.subjects,
            subject_of: particulars.subject_of,
        }
    }

    /// What is known of every app of the policies.
    pub(crate) fn sightings(&self, at: Instant) -> Sightings<'_> {
        self.by_subject(at, |_, subject, evidence, obstacles| {
            if self.views.is_empty() {
                obstacles.insert(Code::NoObservation);
            }
            for view in &self.views {
                if is_valid(view.taken_at, self.deployment.observation_valid_for, at) {
                    view.weigh(subject, evidence, obstacles);
                } else {
                    obstacles.insert(Code::ObservationStale);
                }
            }
        })
    }

    /// Likewise for a later instant, of which only the presence is asked: from when to when each app is proven absent is known.
    pub(crate) fn later(&self, proofs: &Proofs, at: Instant) -> Sightings<'_> {
        self.by_subject(at, |number, _, evidence, _| {
            if proofs.hold(number, at) {
                evidence.insert(Code::CompleteListLacksIt);
            }
        })
    }

    /// From when to when each subject is proven absent by an observation.
    pub(crate) fn proofs(&self) -> Proofs {
        let proofs = self.subjects.iter().map(|subject| {
            let proving = self.views.iter().filter(|view| {
                let mut evidence = CodeSet::default();
                view.weigh(subject, &mut evidence, &mut CodeSet::default());
                !evidence.is_empty()
            });
            merge(
                proving
                    .filter_map(|view| {
                        validity(view.taken_at, self.deployment.observation_valid_for)
                    })
                    .collect(),
            )
        });
        Proofs(proofs.collect())
    }

    fn by_subject(
        &self,
        at: Instant,
        weigh: impl Fn(usize, &Subject<'_>, &mut CodeSet, &mut CodeSet),
    ) -> Sightings<'_> {
        let subjects = self.subjects.iter().enumerate();
        Sightings {
            subjects: &self.subjects,
            of_subject: subjects
                .map(|(number, subject)| {
                    subject.sighting(self.deployment, at, |evidence, obstacles| {
                        weigh(number, subject, evidence, obstacles);
                    })
                })
                .collect(),
            subject_of: &self.subject_of,
        }
    }
}

impl Subject<'_> {
    fn sighting(
        &self,
        deployment: &Deployment,
        at: Instant,
        weigh: impl FnOnce(&mut CodeSet, &mut CodeSet),
    ) -> Sighting {
        let (needs, traces) = (self.needs, &self.traces);
        let says_present = self
            .declared
            .is_some_and(|declaration| declaration.value == Declared::Present);
        let mut evidence = traces.ways;
        if says_present {
            evidence.insert(Code::DeclaredPresent);
        }
        if !evidence.is_empty() {
            return Sighting {
                presence: Presence::Present,
                evidence,
                latest_install: traces.latest_install,
                undated: traces.undated || says_present,
                marked: !(traces.unmarked || says_present),
            };
        }
        let mut obstacles = CodeSet::default();
        match self
            .declared
            .map(|declaration| absence(declaration.declared_at, deployment, at))
        {
            Some(Ok(())) => evidence.insert(Code::DeclaredAbsent),
            Some(Err(obstacle)) => obstacles.insert(obstacle),
            None => {}
        }
        let not_published = needs.not_published();
        if not_published.is_some() {
            evidence.insert(Code::NotPublishedOnPlatform);
        } else if !needs.covered() {
            obstacles.insert(Code::PlatformNotCovered);
        } else {
            weigh(&mut evidence, &mut obstacles);
        }
        let known = !evidence.is_empty();
        Sighting {
            presence: if known {
                Presence::Absent
            } else {
                Presence::Unknown
            },
            evidence: if known { evidence } else { obstacles },
            latest_install: None,
            undated: false,
            marked: not_published == Some(true) && !evidence.contains(Code::DeclaredAbsent),
        }
    }
}

/// What is known of every app of the policies at one instant.
pub(crate) struct Sightings<'a> {
    subjects: &'a [Subject<'a>],
    of_subject: Vec<Sighting>,
    subject_of: &'a [usize],
}

impl Sightings<'_> {
    /// What is known of an app, by its number.
    pub(crate) fn of(&self, app: usize) -> &Sighting {
        let subject = self.subject_of.get(app).copied();
        subject.map_or(&Sighting::NOTHING, |subject| self.of_subject(subject))
    }

    /// What is known of every app of a kind of which nothing is known in particular: kinds are the first subjects.
    pub(crate) fn of_kind(&self, kind: usize) -> &Sighting {
        self.of_subject(kind)
    }

    fn of_subject(&self, subject: usize) -> &Sighting {
        self.of_subject.get(subject).unwrap_or(&Sighting::NOTHING)
    }

    /// The numbers of the apps of which something is known in particular, and what. No others are present.
    pub(crate) fn particular(&self) -> impl Iterator<Item = (usize, &Sighting)> {
        let subjects = self.subjects.iter().zip(&self.of_subject);
        subjects.filter_map(|(subject, sighting)| Some((subject.app?, sighting)))
    }

    /// Whether something may be so of some app; if not, there is no need to go through them all.
    pub(crate) fn may_some(&self, test: impl FnMut(&Sighting) -> bool) -> bool {
        self.of_subject.iter().any(test)
    }

    /// The apps of which the presence is unknown, in order.
    pub(crate) fn unknown(&self) -> Vec<usize> {
        let is_unknown = |sighting: &Sighting| sighting.presence == Presence::Unknown;
        if !self.may_some(is_unknown) {
            return Vec::new();
        }
        let apps = 0..self.subject_of.len();
        apps.filter(|app| is_unknown(self.of(*app))).collect()
    }
}

/// For each subject the spans of time, apart from each other and in order, in which it is proven absent.
pub(crate) struct Proofs(Vec<Vec<Span>>);

type Span = (Instant, Instant);

impl Proofs {
    /// Every instant at which a proof begins or ends to hold.
    pub(crate) fn turning_points(&self) -> impl Iterator<Item = Instant> {
        self.0
            .iter()
            .flatten()
            .flat_map(|(from, until)| [*from, *until])
    }

    fn hold(&self, subject: usize, at: Instant) -> bool {
        let spans = self.0.get(subject).map_or(&[][..], Vec::as_slice);
        let begun = spans.partition_point(|(from, _)| *from <= at);
        begun
            .checked_sub(1)
            .and_then(|last| spans.get(last))
            .is_some_and(|(_, until)| at < *until)
    }
}

/// Spans that overlap or touch become one.
fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (from, until) in spans {
        match merged.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(until),
            None => merged.push((from, until)),
        }
    }
    merged
}

/// From when to when what was said or seen then counts, if it ever does.
fn validity(then: Option<Instant>, limit: Option<Duration>) -> Option<Span> {
    match (limit, then) {
        (None, _) => Some((Instant::MIN, Instant::MAX)),
        (Some(limit), Some(then)) => Some((then, then.saturating_add(limit))),
        (Some(_), None) => None,
    }
}

/// Whether what was said or seen then still counts.
fn is_valid(then: Option<Instant>, limit: Option<Duration>, at: Instant) -> bool {
    limit.is_none() || validity(then, limit).is_some_and(|(from, until)| from <= at && at < until)
}

/// Whether a declared absence counts, or why not.
fn absence(declared_at: Option<Instant>, deployment: &Deployment, at: Instant) -> Result<(), Code> {
    match deployment.declared_absence {
        DeclaredAbsence::Refused => Err(Code::DeclarationRefused),
        DeclaredAbsence::Accepted
            if is_valid(declared_at, deployment.declaration_valid_for, at) =>
        {
            Ok(())
        }
        DeclaredAbsence::Accepted => Err(Code::DeclarationStale),
    }
}
