//! What one observation saw, and how far its observer could see.

use std::borrow::Cow;

use crate::{
    code::{Code, CodeSet},
    names::{Identifier, Signer},
    observation::{Observation, Probe, Scope, Seen, SeenApp},
    policy::{Needs, PlatformIndex, Policies},
    record::Declaration,
    sieve::Print,
    time::Instant,
};

/// How far one observer could see.
pub(crate) struct View {
    pub(crate) taken_at: Option<Instant>,
    complete: bool,
    scope: Scope,
    /// It lists apps; it names what was asked for and not there, or could not be.
    lists: bool,
    asks: bool,
    some_id: bool,
    some_bare_name: bool,
    every_sha256: bool,
    every_sha1: bool,
    /// For each app of which something was asked for and not there, or could not be, by its number, how much.
    probed: Vec<(usize, Probed)>,
}

impl View {
    /// Takes down what the observation saw, and says how far it could see.
    pub(crate) fn look(
        policies: &Policies,
        observation: &Observation<'_>,
        particulars: &mut Particulars<'_>,
    ) -> View {
        let index = particulars.index;
        let probed = probed(index, observation);
        for (app, _) in &probed {
            particulars.of(*app);
        }
        let mut view = View {
            taken_at: observation.taken_at,
            complete: observation.complete,
            scope: observation.scope,
            lists: !observation.apps.is_empty(),
            asks: !(observation.absent.is_empty() && observation.not_visible.is_empty()),
            some_id: false,
            some_bare_name: false,
            every_sha256: true,
            every_sha1: true,
            probed,
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
        let at = self.probed.binary_search_by_key(&app, |(app, _)| *app);
        self.probed.get(at.ok()?).map(|(_, probed)| *probed)
    }

    /// What the observation proves of an app that nobody saw, or why it proves nothing.
    pub(crate) fn weigh(
        &self,
        subject: &Subject<'_>,
        evidence: &mut CodeSet,
        obstacles: &mut CodeSet,
    ) {
        let needs = subject.needs;
        let Probed {
            ids,
            schemes,
            hidden,
        } = self.probed(subject).unwrap_or_default();
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

        if !self.lists && (self.complete || !self.asks) {
            obstacles.insert(Code::ListEmpty);
        } else if self.complete {
            if !whole_device {
                obstacles.insert(Code::ProfileOnly);
            }
            if !list_tells {
                obstacles.insert(Code::ListIncomplete);
            }
        } else if !self.asks {
            obstacles.insert(Code::ListIncomplete);
        } else if ids + schemes == 0 && !hidden {
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
fn is_stranger(app: &SeenApp<'_>, may_name: impl Fn(Print) -> bool) -> bool {
    matches!(&app.seen, Seen::Id { id, signers, .. } if signers.is_empty() && !may_name(id.print()))
}

/// How many of an app's identifiers and schemes were asked for and not there, and whether some could not be asked for.
#[derive(Clone, Copy, Default)]
struct Probed {
    ids: usize,
    schemes: usize,
    hidden: bool,
}

/// A signer that could have been a known one and is none. A package of Windows without its publisher may be several that the catalogue
/// knows, each by its own signer.
fn is_unexpected<'k>(signer: &Signer, known: impl Iterator<Item = &'k Signer>) -> bool {
    let mut is_comparable = false;
    for known in known {
        if known == signer {
            return false;
        }
        is_comparable |= known.comparable(signer);
    }
    is_comparable
}

/// For each app of which something was asked for how much, each identifier and scheme counted once. What could not be asked for
/// was not found absent, whatever else the observation says of it.
fn probed(index: &PlatformIndex, observation: &Observation<'_>) -> Vec<(usize, Probed)> {
    if observation.absent.is_empty() && observation.not_visible.is_empty() {
        return Vec::new();
    }
    let mut absent = Marks::of(index, &observation.absent);
    let hidden = Marks::of(index, &observation.not_visible);
    absent
        .ids
        .retain(|mark| hidden.ids.binary_search(mark).is_err());
    absent
        .schemes
        .retain(|mark| hidden.schemes.binary_search(mark).is_err());
    let mut apps: Vec<usize> = absent.apps().chain(hidden.apps()).collect();
    apps.sort_unstable();
    apps.dedup();
    apps.into_iter()
        .map(|app| {
            let probed = Probed {
                ids: of_app(&absent.ids, app),
                schemes: of_app(&absent.schemes, app),
                hidden: of_app(&hidden.ids, app) + of_app(&hidden.schemes, app) > 0,
            };
            (app, probed)
        })
        .collect()
}

/// Identifiers and schemes of regulated apps: the app's number and their own among those of the app, in order, each once.
#[derive(Default)]
struct Marks {
    ids: Vec<(usize, usize)>,
    schemes: Vec<(usize, usize)>,
}

impl Marks {
    fn of(index: &PlatformIndex, probes: &[Probe<'_>]) -> Self {
        let mut marks = Self::default();
        for probe in probes {
            match probe {
                Probe::Id(id) => {
                    let hits = index.ids(id.as_str());
                    marks.ids.extend(hits.map(|hit| (hit.app, hit.number)));
                }
                Probe::Scheme(scheme) => {
                    let hits = index.schemes(scheme.as_str()).iter();
                    marks.schemes.extend(hits.map(|hit| (hit.app, hit.number)));
                }
            }
        }
        for marks in [&mut marks.ids, &mut marks.schemes] {
            marks.sort_unstable();
            marks.dedup();
        }
        marks
    }

    fn apps(&self) -> impl Iterator<Item = usize> {
        self.ids.iter().chain(&self.schemes).map(|(app, _)| *app)
    }
}

/// How many of the marks are of that app.
fn of_app(marks: &[(usize, usize)], app: usize) -> usize {
    marks.partition_point(|(other, _)| *other <= app)
        - marks.partition_point(|(other, _)| *other < app)
}

/// Apps of which the same is known, so that they are thought about once.
pub(crate) struct Subject<'a> {
    pub(crate) needs: &'a Needs,
    /// Which app, where something in particular is known of it.
    pub(crate) app: Option<usize>,
    pub(crate) traces: Traces,
    pub(crate) declared: Option<Declaration>,
}

/// What was seen of one app, in all observations together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    pub(crate) ways: CodeSet,
    pub(crate) latest_install: Option<Instant>,
    pub(crate) undated: bool,
    /// Seen by something that is no reading of the catalogue.
    pub(crate) unmarked: bool,
}

impl Traces {
    fn add(&mut self, way: Code, first_installed: Option<Instant>, marked: bool) {
        self.ways.insert(way);
        self.latest_install = self.latest_install.max(first_installed);
        self.undated |= first_installed.is_none();
        self.unmarked |= !marked;
    }
}

/// The subjects, while what is known in particular is being gathered.
pub(crate) struct Particulars<'a> {
    pub(crate) index: &'a PlatformIndex,
    pub(crate) subjects: Vec<Subject<'a>>,
    pub(crate) subject_of: Cow<'a, [usize]>,
}

impl<'a> Particulars<'a> {
    /// The subject that is this app alone.
    pub(crate) fn of(&mut self, app: usize) -> Option<&mut Subject<'a>> {
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

    fn add(&mut self, number: usize, way: Code, app: &SeenApp<'_>, marked: bool) {
        if let Some(subject) = self.of(number) {
            subject.traces.add(way, app.first_installed, marked);
        }
    }

    /// Takes down which apps an identifier and its signers are.
    fn take_down(&mut self, app: &SeenApp<'_>, id: &Identifier<'_>, signers: &[Signer]) {
        let index = self.index;
        let hits = index.ids(id.as_str());
        for hit in hits.clone() {
            self.add(hit.app, Code::IdentifierSeen, app, hit.marked);
            let of_app = hits.clone().filter(|other| other.app == hit.app);
            let known = of_app.flat_map(|other| &other.signers);
            if signers
                .iter()
                .any(|signer| is_unexpected(signer, known.clone()))
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
