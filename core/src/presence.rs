//! What was seen, and how far one could see: present, absent or unknown (`docs/readings.md`).

use std::borrow::Cow;

use crate::{
    assessment::Presence,
    code::{Code, CodeSet},
    deployment::{DeclaredAbsence, Deployment},
    names::{Identifier, Signer},
    policy::{Needs, PlatformIndex, Policies},
    record::{Declaration, Declared, Observation, Probe, Record, Scope, Seen, SeenApp},
    sieve::Print,
    time::{Duration, Instant},
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

/// Apps of which the same is known, so that they are thought about once.
struct Subject<'a> {
    needs: &'a Needs,
    /// Which app, where something in particular is known of it.
    app: Option<usize>,
    traces: Traces,
    declared: Option<Declaration>,
}

impl<'a> Looked<'a> {
    pub(crate) fn new(
        policies: &'a Policies,
        record: &'a Record,
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

/// The subjects, while what is known in particular is being gathered.
struct Particulars<'a> {
    index: &'a PlatformIndex,
    subjects: Vec<Subject<'a>>,
    subject_of: Cow<'a, [usize]>,
}

impl<'a> Particulars<'a> {
    /// The subject that is this app alone.
    fn of(&mut self, app: usize) -> Option<&mut Subject<'a>> {
        let subject = self.subject_of.to_mut().get_mut(app)?;
        if *subject < self.index.kinds().len() {
            *subject = self.subjects.len();
            self.subjects.push(Subject {
                needs: self.index.needs(app)?,
                app: Some(app),
                traces: Traces::default(),
                declared: None,
            });
        }
        self.subjects.get_mut(*subject)
    }

    fn add(&mut self, number: usize, way: Code, app: &SeenApp, marked: bool) {
        if let Some(subject) = self.of(number) {
            subject.traces.add(way, app.first_installed, marked);
        }
    }

    /// Takes down which apps an identifier and its signers are.
    fn take_down(&mut self, app: &SeenApp, id: &Identifier, signers: &[Signer]) {
        let index = self.index;
        for hit in index.ids(id.as_str()) {
            self.add(hit.app, Code::IdentifierSeen, app, hit.marked);
            if signers
                .iter()
                .any(|signer| is_unexpected(signer, &hit.signers))
            {
                self.add(hit.app, Code::UnexpectedSigner, app, hit.marked);
            }
        }
        for hit in index.developers() {
            if signers.contains(&hit.signer) {
                self.add(hit.app, Code::IdentifierSeen, app, hit.marked);
            }
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
        let subject = self.subject_of.get(app);
        subject.map_or(&Sighting::NOTHING, |subject| self.of_kind(*subject))
    }

    /// What is known of every app of a kind of which nothing is known in particular.
    pub(crate) fn of_kind(&self, kind: usize) -> &Sighting {
        self.of_subject.get(kind).unwrap_or(&Sighting::NOTHING)
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

/// What was seen of one app, in all observations together.
#[derive(Clone, Debug, Default)]
struct Traces {
    ways: CodeSet,
    latest_install: Option<Instant>,
    undated: bool,
    /// Seen by something that is no reading of the catalogue.
    unmarked: bool,
}

impl Traces {
    fn add(&mut self, way: Code, first_installed: Option<Instant>, marked: bool) {
        self.ways.insert(way);
        self.latest_install = self.latest_install.max(first_installed);
        self.undated |= first_installed.is_none();
        self.unmarked |= !marked;
    }
}

/// How far one observer could see.
struct View {
    taken_at: Option<Instant>,
    complete: bool,
    scope: Scope,
    /// It lists apps; it names what was not there.
    lists: bool,
    probes: bool,
    some_id: bool,
    some_bare_name: bool,
    every_sha256: bool,
    every_sha1: bool,
    /// For each app of which something was asked for and not there, by its number, how much.
    absent: Vec<(usize, Probed)>,
}

impl View {
    /// Takes down what the observation saw, and says how far it could see.
    fn look(
        policies: &Policies,
        observation: &Observation,
        particulars: &mut Particulars<'_>,
    ) -> View {
        let index = particulars.index;
        let absent = absent(index, &observation.absent);
        for (app, _) in &absent {
            particulars.of(*app);
        }
        let mut view = View {
            taken_at: observation.taken_at,
            complete: observation.complete,
            scope: observation.scope,
            lists: !observation.apps.is_empty(),
            probes: !observation.absent.is_empty(),
            some_id: false,
            some_bare_name: false,
            every_sha256: true,
            every_sha1: true,
            absent,
        };
        let may_name = index.may_name();
        let mut apps = observation.apps.iter();
        loop {
            let left = apps.len();
            let app = apps.find(|app| !is_stranger(app, may_name));
            if apps.len() + usize::from(app.is_some()) < left {
                view.some_id = true;
                (view.every_sha256, view.every_sha1) = (false, false);
            }
            let Some(app) = app else { return view };
            match &app.seen {
                Seen::Id { id, signers, .. } => {
                    view.some_id = true;
                    let by = |kind: fn(&Signer) -> bool| signers.iter().any(kind);
                    view.every_sha256 &= by(|signer| matches!(signer, Signer::Sha256(_)));
                    view.every_sha1 &= by(|signer| matches!(signer, Signer::Sha1(_)));
                    particulars.take_down(app, id, signers);
                }
                Seen::Scheme(scheme) => {
                    for hit in index.schemes(scheme.as_str()) {
                        particulars.add(hit.app, Code::SchemeAnswered, app, hit.marked);
                    }
                }
                Seen::Name(name) => {
                    view.some_bare_name = true;
                    for number in policies.named(name.as_str()) {
                        particulars.add(*number, Code::NameSeen, app, false);
                    }
                }
            }
        }
    }

    fn probed(&self, subject: &Subject<'_>) -> Option<Probed> {
        let app = subject.app?;
        let at = self.absent.binary_search_by_key(&app, |(app, _)| *app);
        self.absent.get(at.ok()?).map(|(_, probed)| *probed)
    }

    /// What the observation proves of an app that nobody saw, or why it proves nothing.
    fn weigh(&self, subject: &Subject<'_>, evidence: &mut CodeSet, obstacles: &mut CodeSet) {
        let needs = subject.needs;
        let Probed { ids, schemes } = self.probed(subject).unwrap_or_default();
        let every_id = needs.ids > 0 && ids == needs.ids;
        let whole_device = self.scope == Scope::Device;
        let list_tells = self.some_id
            && !self.some_bare_name
            && (needs.ids > 0 || needs.by_developer())
            && (!needs.by_sha256 || self.every_sha256)
            && (!needs.by_sha1 || self.every_sha1);

        if self.complete && whole_device && list_tells {
            evidence.insert(Code::CompleteListLacksIt);
        }
        if !needs.by_developer() {
            if every_id && whole_device {
                evidence.insert(Code::ProbedAbsent);
            }
            if needs.schemes > 0 && schemes == needs.schemes {
                evidence.insert(Code::SchemesUnanswered);
            }
        }

        if !self.lists && (self.complete || !self.probes) {
            obstacles.insert(Code::ListEmpty);
        } else if self.complete {
            if !whole_device {
                obstacles.insert(Code::ProfileOnly);
            }
            if !list_tells {
                obstacles.insert(Code::ListIncomplete);
            }
        } else if !self.probes {
            obstacles.insert(Code::ListIncomplete);
        } else if ids + schemes == 0 {
            obstacles.insert(Code::NotProbed);
        } else if every_id {
            obstacles.insert(if whole_device {
                Code::ListIncomplete
            } else {
                Code::ProfileOnly
            });
        } else {
            obstacles.insert(Code::NotVisible);
        }
    }
}

/// Whether it is surely no app of the policies, and says of itself no more than its identifier: so is nearly every app on a phone.
fn is_stranger(app: &SeenApp, may_name: impl Fn(Print) -> bool) -> bool {
    matches!(&app.seen, Seen::Id { id, signers, .. } if signers.is_empty() && !may_name(id.print()))
}

/// How many of an app's identifiers and schemes were asked for and not there.
#[derive(Clone, Copy, Default)]
struct Probed {
    ids: usize,
    schemes: usize,
}

/// A signer that could have been a known one and is none.
fn is_unexpected(signer: &Signer, known: &[Signer]) -> bool {
    !known.contains(signer) && known.iter().any(|other| other.comparable(signer))
}

/// For each app how many of its identifiers and of its schemes were asked for and not there, each counted once.
fn absent(index: &PlatformIndex, probes: &[Probe]) -> Vec<(usize, Probed)> {
    if probes.is_empty() {
        return Vec::new();
    }
    let (mut ids, mut schemes) = (Vec::new(), Vec::new());
    for probe in probes {
        match probe {
            Probe::Id(id) => ids.extend(index.ids(id.as_str()).map(|hit| (hit.app, hit.number))),
            Probe::Scheme(scheme) => {
                schemes.extend(
                    index
                        .schemes(scheme.as_str())
                        .iter()
                        .map(|hit| (hit.app, hit.number)),
                );
            }
        }
    }
    for probed in [&mut ids, &mut schemes] {
        probed.sort_unstable();
        probed.dedup();
    }
    let mut apps: Vec<usize> = ids.iter().chain(&schemes).map(|(app, _)| *app).collect();
    apps.sort_unstable();
    apps.dedup();
    let count = |probed: &[(usize, usize)], app| {
        let of_app = probed.partition_point(|(other, _)| *other <= app);
        of_app - probed.partition_point(|(other, _)| *other < app)
    };
    apps.into_iter()
        .map(|app| {
            let (ids, schemes) = (count(&ids, app), count(&schemes, app));
            (app, Probed { ids, schemes })
        })
        .collect()
}
