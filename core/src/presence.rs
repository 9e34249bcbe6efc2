//! What was seen, and how far one could see: present, absent or unknown (SPEC §4).

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

/// What is known of every app of the policies, by its number.
pub(crate) fn presences(
    policies: &Policies,
    record: &Record,
    deployment: &Deployment,
    at: Instant,
) -> Vec<Sighting> {
    let index = policies.on(record.device.platform);
    let mut seen = vec![Traces::default(); policies.apps().len()];
    let views: Vec<View> = record
        .observations
        .iter()
        .map(|observation| {
            let valid = is_valid(observation.taken_at, deployment.observation_valid_for, at);
            View::look(
                policies,
                index,
                record.device.platform,
                observation,
                valid,
                &mut seen,
            )
        })
        .collect();
    seen.iter()
        .zip(policies.apps())
        .zip(index.needs())
        .enumerate()
        .map(|(number, ((traces, app), needs))| {
            let declared = record.declarations.get(app);
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
            match declared.map(|declaration| absence(declaration.declared_at, deployment, at)) {
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
                if views.is_empty() {
                    obstacles.insert(Code::NoObservation);
                }
                for view in &views {
                    view.weigh(number, needs, &mut evidence, &mut obstacles);
                }
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

/// Whether what was said or seen then still counts.
fn is_valid(then: Option<Instant>, limit: Option<Duration>, at: Instant) -> bool {
    match (limit, then) {
        (None, _) => true,
        (Some(limit), Some(then)) => then <= at && at < then.saturating_add(limit),
        (Some(_), None) => false,
    }
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
    valid: bool,
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
        valid: bool,
        seen: &mut [Traces],
    ) -> View {
        let mut view = View {
            valid,
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
        if !self.valid {
            obstacles.insert(Code::ObservationStale);
            return;
        }
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
