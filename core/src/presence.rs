//! What was seen, and how far one could see: present, absent or unknown (`docs/readings.md`).

use std::collections::BTreeMap;

use crate::{
    assessment::Presence,
    code::{Code, CodeSet},
    deployment::{DeclaredAbsence, Deployment},
    names::{Platform, Signer},
    policy::{Needs, PlatformIndex, Policies},
    record::{Declared, Observation, Probe, Record, Scope, Seen},
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

/// All that was seen, looked through once; what it proves depends on the instant.
pub(crate) struct Looked<'a> {
    policies: &'a Policies,
    record: &'a Record,
    deployment: &'a Deployment,
    index: &'a PlatformIndex,
    traces: Vec<Traces>,
    views: Vec<View>,
}

impl<'a> Looked<'a> {
    pub(crate) fn new(
        policies: &'a Policies,
        record: &'a Record,
        deployment: &'a Deployment,
    ) -> Self {
        let platform = record.device.platform;
        let index = policies.on(platform);
        let mut traces = vec![Traces::default(); policies.apps().len()];
        let observations = record.observations.iter();
        let views = observations
            .map(|observation| View::look(policies, index, platform, observation, &mut traces))
            .collect();
        Self {
            policies,
            record,
            deployment,
            index,
            traces,
            views,
        }
    }

    /// What is known of every app of the policies, by its number.
    pub(crate) fn sightings(&self, at: Instant) -> Vec<Sighting> {
        self.by_app(
            |app, needs, evidence, obstacles| {
                if self.views.is_empty() {
                    obstacles.insert(Code::NoObservation);
                }
                for view in &self.views {
                    if is_valid(view.taken_at, self.deployment.observation_valid_for, at) {
                        view.weigh(app, needs, evidence, obstacles);
                    } else {
                        obstacles.insert(Code::ObservationStale);
                    }
                }
            },
            at,
        )
    }

    /// Likewise for a later instant, of which only the presence is asked: from when to when each app is proven absent is known.
    pub(crate) fn later(&self, proofs: &Proofs, at: Instant) -> Vec<Sighting> {
        self.by_app(
            |app, _, evidence, _| {
                if proofs.hold(app, at) {
                    evidence.insert(Code::CompleteListLacksIt);
                }
            },
            at,
        )
    }

    /// From when to when each app is proven absent by an observation.
    pub(crate) fn proofs(&self) -> Proofs {
        let needs = self.index.needs().iter().enumerate();
        Proofs(
            needs
                .map(|(app, needs)| {
                    let proving = self.views.iter().filter(|view| {
                        let mut evidence = CodeSet::default();
                        view.weigh(app, needs, &mut evidence, &mut CodeSet::default());
                        !evidence.is_empty()
                    });
                    merge(
                        proving
                            .filter_map(|view| {
                                validity(view.taken_at, self.deployment.observation_valid_for)
                            })
                            .collect(),
                    )
                })
                .collect(),
        )
    }

    fn by_app(
        &self,
        mut weigh: impl FnMut(usize, &Needs, &mut CodeSet, &mut CodeSet),
        at: Instant,
    ) -> Vec<Sighting> {
        let apps = self
            .traces
            .iter()
            .zip(self.policies.apps())
            .zip(self.index.needs())
            .enumerate();
        apps.map(|(number, ((traces, app), needs))| {
            let declared = self.record.declarations.get(app);
            let says_present =
                declared.is_some_and(|declaration| declaration.value == Declared::Present);
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
            match declared.map(|declaration| absence(declaration.declared_at, self.deployment, at))
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
                weigh(number, needs, &mut evidence, &mut obstacles);
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
        })
        .collect()
    }
}

/// For each app the spans of time, apart from each other and in order, in which it is proven absent.
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

    fn hold(&self, app: usize, at: Instant) -> bool {
        let spans = self.0.get(app).map_or(&[][..], Vec::as_slice);
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
    /// For each app of which something was asked for and not there, how much.
    absent: BTreeMap<usize, Probed>,
}

impl View {
    /// Takes down what the observation saw, and says how far it could see.
    fn look(
        policies: &Policies,
        index: &PlatformIndex,
        platform: Platform,
        observation: &Observation,
        seen: &mut [Traces],
    ) -> View {
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
            absent: absent(index, platform, &observation.absent),
        };
        for app in &observation.apps {
            let mut trace = |number: usize, way, marked| {
                if let Some(traces) = seen.get_mut(number) {
                    traces.add(way, app.first_installed, marked);
                }
            };
            match &app.seen {
                Seen::Id { id, signers, .. } => {
                    view.some_id = true;
                    view.every_sha256 &= signers
                        .iter()
                        .any(|signer| matches!(signer, Signer::Sha256(_)));
                    view.every_sha1 &= signers
                        .iter()
                        .any(|signer| matches!(signer, Signer::Sha1(_)));
                    for hit in index.ids(id.as_str(), platform) {
                        trace(hit.app, Code::IdentifierSeen, hit.marked);
                        if signers
                            .iter()
                            .any(|signer| is_unexpected(signer, &hit.signers))
                        {
                            trace(hit.app, Code::UnexpectedSigner, hit.marked);
                        }
                    }
                    for hit in index
                        .developers()
                        .iter()
                        .filter(|hit| signers.contains(&hit.signer))
                    {
                        trace(hit.app, Code::IdentifierSeen, hit.marked);
                    }
                }
                Seen::Scheme(scheme) => {
                    for hit in index.schemes(scheme.as_str()) {
                        trace(hit.app, Code::SchemeAnswered, hit.marked);
                    }
                }
                Seen::Name(name) => {
                    view.some_bare_name = true;
                    for number in policies.named(name.as_str()) {
                        trace(*number, Code::NameSeen, false);
                    }
                }
            }
        }
        view
    }

    /// What the observation proves of an app that nobody saw, or why it proves nothing.
    fn weigh(&self, app: usize, needs: &Needs, evidence: &mut CodeSet, obstacles: &mut CodeSet) {
        let Probed { ids, schemes } = self.absent.get(&app).copied().unwrap_or_default();
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
fn absent(index: &PlatformIndex, platform: Platform, probes: &[Probe]) -> BTreeMap<usize, Probed> {
    let (mut ids, mut schemes) = (Vec::new(), Vec::new());
    for probe in probes {
        match probe {
            Probe::Id(id) => ids.extend(
                index
                    .ids(id.as_str(), platform)
                    .map(|hit| (hit.app, hit.number)),
            ),
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
    let mut counts: BTreeMap<usize, Probed> = BTreeMap::new();
    for probed in [&mut ids, &mut schemes] {
        probed.sort_unstable();
        probed.dedup();
    }
    for (app, _) in ids {
        counts.entry(app).or_default().ids += 1;
    }
    for (app, _) in schemes {
        counts.entry(app).or_default().schemes += 1;
    }
    counts
}
