//! All situations, each put to both policies.

use std::{collections::BTreeSet, rc::Rc};

use super::{
    Change, Difference, Duty, Span, Subject, Told, Turned,
    blocks::{Block, put_together},
};
use crate::{
    assessment::{ClassName, Missing, PolicyAssessment, Presence},
    code::Code,
    facts::Fact,
    names::AppId,
    policy::Policy,
    read::NonEmpty,
    situation::{Hindrance, Sight, Situation, Stage},
    time::Instant,
};

/// The sides of a block: subjects, classes, hindrances, roles, spans.
const SUBJECTS: usize = 0;
const WHEN: usize = 4;

/// What changes, in how many situations of how many.
pub(super) struct Changes {
    pub(super) changes: Vec<Change>,
    pub(super) changed: usize,
    pub(super) situations: usize,
}

pub(super) fn changes(old: &Policy, new: &Policy) -> Changes {
    let mut walk = Walk::new(old, new);
    walk.go();
    let grid = &walk.grid;
    let mut blocks = put_together(walk.cells, [WHEN, 2, 3, 1, SUBJECTS]);
    blocks.retain(|block| block.situations > 0);
    for block in &mut blocks {
        let [subjects, .., when] = &mut block.sides;
        let possible = |when| {
            let mut subjects = subjects
                .iter()
                .filter_map(|place| grid.subjects.get(*place));
            subjects.any(|subject| grid.is_possible(subject, when))
        };
        when.retain(|when| possible(*when));
    }
    blocks
        .sort_by(|one, other| (&one.sides, one.difference).cmp(&(&other.sides, other.difference)));
    let changes = blocks.iter().filter_map(|block| {
        let [subjects, classes, hindrances, roles, when] = &block.sides;
        Some(Change {
            subjects: chosen(&grid.subjects, subjects).map(at_any_time),
            classes: chosen(&grid.classes, classes),
            hindrances: chosen(&Hindrance::ALL, hindrances),
            roles: chosen(&grid.roles, roles),
            when: chosen(&grid.spans, when).map(joined),
            situations: block.situations,
            what: *walk.differences.get(block.difference)?,
        })
    });
    Changes {
        changes: changes.collect(),
        changed: walk.changed,
        situations: walk.situations,
    }
}

/// What situations are made of.
struct Grid {
    facts: Vec<[Option<bool>; Fact::ALL.len()]>,
    subjects: Vec<Subject>,
    /// The classes of devices under both policies, as the facts have them.
    classes: Vec<Turned<ClassName>>,
    roles: Vec<Option<NonEmpty>>,
    spans: Vec<Span>,
}

/// Both policies with one app alone.
struct Stages([Stage; 2]);

struct Walk {
    /// For each subject.
    stages: Vec<Rc<Stages>>,
    grid: Grid,
    differences: Vec<Difference>,
    cells: Vec<Block>,
    changed: usize,
    situations: usize,
}

impl Walk {
    fn new(old: &Policy, new: &Policy) -> Self {
        let mut roles = vec![None];
        for document in [old, new].map(Policy::document) {
            for role in document
                .exemption
                .iter()
                .flat_map(|exemption| &exemption.roles)
            {
                if !roles.contains(&Some(role.clone())) {
                    roles.push(Some(role.clone()));
                }
            }
        }
        let none = Subject {
            apps: Vec::new(),
            presence: Presence::Absent,
            installed: None,
        };
        let empty = Rc::new(Stages::holding(old, new, None));
        let mut turns = empty.turns(None);
        let mut subjects = vec![none];
        let mut stages = vec![empty];
        for apps in alike(old, new) {
            let app = apps.first();
            let here = Rc::new(Stages::holding(old, new, app));
            turns.extend(here.turns(app));
            let those = here.subjects(&apps);
            stages.extend(those.iter().map(|_| Rc::clone(&here)));
            subjects.extend(those);
        }
        let grid = Grid {
            facts: every_fact(),
            subjects,
            classes: Vec::new(),
            roles,
            spans: spans(turns),
        };
        Self {
            stages,
            grid,
            differences: Vec::new(),
            cells: Vec::new(),
            changed: 0,
            situations: 0,
        }
    }

    fn go(&mut self) {
        let grid = &self.grid;
        let (facts, roles) = (grid.facts.clone(), grid.roles.clone());
        let mut of_the_span_before: Vec<Vec<usize>> = Vec::new();
        let subjects = grid.subjects.clone().into_iter();
        let subjects = subjects.zip(self.stages.clone());
        for (number, (subject, stages)) in subjects.enumerate() {
            let mut found = Vec::with_capacity(of_the_span_before.len());
            for (role_number, role) in roles.iter().enumerate() {
                for (hindrance_number, hindrance) in Hindrance::ALL.into_iter().enumerate() {
                    for facts in &facts {
                        let situation = Situation {
                            facts: *facts,
                            apps: subject.sight().into_iter().collect(),
                            impediment: hindrance,
                            role: role.clone(),
                        };
                        let (class, over_time) = self.over_time(&subject, &stages, &situation);
                        for (when, differences) in over_time.into_iter().enumerate() {
                            let each = subject.apps.len().max(1);
                            let possible = differences.as_ref().map_or(0, |_| each);
                            // Nobody installs an app in the future: such a cell counts nothing, and lets its neighbours be
                            // put together by looking like an installation before.
                            let before = || of_the_span_before.get(found.len()).cloned();
                            let differences = differences.or_else(before).unwrap_or_default();
                            self.situations += possible;
                            self.changed += if differences.is_empty() { 0 } else { possible };
                            let sides = [number, class, hindrance_number, role_number, when];
                            self.cells
                                .extend(differences.iter().map(|difference| Block {
                                    difference: *difference,
                                    sides: sides.map(|place| BTreeSet::from([place])),
                                    situations: possible,
                                }));
                            found.push(differences);
                        }
                    }
                }
            }
            of_the_span_before = found;
        }
    }

    /// For each span what changes in it, if anything; `None` where the situation cannot be. And the class of the device.
    fn over_time(
        &mut self,
        subject: &Subject,
        stages: &Stages,
        situation: &Situation,
    ) -> (usize, Vec<Option<Vec<usize>>>) {
        let turns = stages.turns(subject.apps.first());
        let Stages([old, new]) = stages;
        let (old_record, new_record) = (old.record(situation), new.record(situation));
        let mut over_time = Vec::with_capacity(self.grid.spans.len());
        let mut class = None;
        let mut last: Option<Vec<usize>> = None;
        for (when, span) in self.grid.spans.iter().enumerate() {
            if !self.grid.is_possible(subject, when) {
                over_time.push(None);
                continue;
            }
            // Between its own turning points an app changes nothing.
            let turns_here = span.from.is_none_or(|from| turns.contains(&from));
            if last.is_none() || turns_here {
                let at = span.representative();
                let (old, new) = (old.assess(&old_record, at), new.assess(&new_record, at));
                if let (Some(old), Some(new)) = (old.assessments.first(), new.assessments.first()) {
                    class = Some(Turned {
                        from: old.device_class.class,
                        to: new.device_class.class,
                    });
                    let differences = differences(old, new).into_iter();
                    let known = &mut self.differences;
                    last = Some(
                        differences
                            .map(|difference| place(known, difference))
                            .collect(),
                    );
                }
            }
            over_time.push(last.clone());
        }
        let class = class.map_or(0, |class| place(&mut self.grid.classes, class));
        (class, over_time)
    }
}

impl Grid {
    /// An app that is installed in some span is not there before it.
    fn is_possible(&self, subject: &Subject, when: usize) -> bool {
        let installed = subject.installed.and_then(|span| span.from);
        let until = self.spans.get(when).and_then(|span| span.until);
        match (installed, until) {
            (Some(installed), Some(until)) => installed < until,
            _ => true,
        }
    }
}

impl Subject {
    fn sight(&self) -> Option<(AppId, Sight)> {
        let sight = match self.presence {
            Presence::Absent => return None,
            Presence::Unknown => Sight::Unknown,
            Presence::Present => Sight::There {
                since: self.installed.map_or(Instant::MIN, Span::representative),
            },
        };
        Some((self.apps.first()?.clone(), sight))
    }
}

impl Span {
    fn representative(self) -> Instant {
        let before = || self.until.map_or(Instant::MIN, Instant::second_before);
        self.from.unwrap_or_else(before)
    }
}

/// Every completion of the four facts, the unknown ones among them.
fn every_fact() -> Vec<[Option<bool>; Fact::ALL.len()]> {
    let ways = [Some(true), Some(false), None];
    let mut all = vec![[None; Fact::ALL.len()]];
    for place in 0..Fact::ALL.len() {
        all = all
            .iter()
            .flat_map(|facts| {
                ways.map(|way| {
                    let mut facts = *facts;
                    facts
                        .iter_mut()
                        .skip(place)
                        .take(1)
                        .for_each(|fact| *fact = way);
                    facts
                })
            })
            .collect();
    }
    all
}

/// The apps that either policy regulates: those together that fall under the same rule of each.
pub(super) fn alike(old: &Policy, new: &Policy) -> Vec<Vec<AppId>> {
    let place = |policy: &Policy, app: &AppId| {
        let mut rules = policy.document().rules.iter();
        rules.position(|rule| rule.apps.contains(app))
    };
    let mut together: Vec<(_, Vec<AppId>)> = Vec::new();
    let mut seen = BTreeSet::new();
    let rules = [old, new].map(|policy| policy.document().rules.iter());
    for app in rules.into_iter().flatten().flat_map(|rule| &rule.apps) {
        if !seen.insert(app) {
            continue;
        }
        let rules = (place(old, app), place(new, app));
        match together.iter_mut().find(|(those, _)| *those == rules) {
            Some((_, apps)) => apps.push(app.clone()),
            None => together.push((rules, vec![app.clone()])),
        }
    }
    together.into_iter().map(|(_, apps)| apps).collect()
}

impl Stages {
    fn holding(old: &Policy, new: &Policy, app: Option<&AppId>) -> Self {
        Self([old, new].map(|policy| Stage::holding(policy, |here| Some(here) == app)))
    }

    /// When a policy begins to apply, when its review is due, and when it says something else of the app.
    fn turns(&self, app: Option<&AppId>) -> Vec<Instant> {
        let turns = self.0.iter().flat_map(|stage| {
            let document = stage.document();
            let review = document.review.as_ref().map(|review| review.on);
            let days = core::iter::once(document.in_force_from.date).chain(review);
            let of_app = app.map(|app| [stage.new_from(app), stage.overdue_from(app)]);
            let of_app = of_app.into_iter().flatten().flatten();
            days.map(|day| stage.starts(day)).chain(of_app)
        });
        turns.collect()
    }

    /// One of the apps unknown, and there, since each span of time that a policy tells from others.
    fn subjects(&self, apps: &[AppId]) -> Vec<Subject> {
        let subject = |presence, installed| Subject {
            apps: apps.to_vec(),
            presence,
            installed,
        };
        let stages = self.0.iter();
        let new_from = stages.filter_map(|stage| stage.new_from(apps.first()?));
        let spans = spans(new_from.collect());
        let matters = spans.len() > 1;
        let there = spans
            .into_iter()
            .map(|span| subject(Presence::Present, matters.then_some(span)));
        there
            .chain(core::iter::once(subject(Presence::Unknown, None)))
            .collect()
    }
}

/// The spans between those instants.
fn spans(mut turns: Vec<Instant>) -> Vec<Span> {
    turns.sort_unstable();
    turns.dedup();
    let starts = core::iter::once(None).chain(turns.iter().copied().map(Some));
    let ends = turns
        .iter()
        .copied()
        .map(Some)
        .chain(core::iter::once(None));
    starts
        .zip(ends)
        .map(|(from, until)| Span { from, until })
        .collect()
}

/// Spans that follow each other as one.
fn joined(spans: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.until == span.from => last.until = span.until,
            _ => joined.push(span),
        }
    }
    joined
}

fn differences(old: &PolicyAssessment, new: &PolicyAssessment) -> Vec<Difference> {
    let (from, to) = (&old.access, &new.access);
    let class = Turned::between(old.device_class.class, new.device_class.class);
    let decision = Turned::between(from.decision, to.decision);
    let status = Turned::between(old.status, new.status);
    let zone = Turned::between(from.zone, to.zone);
    let verdict = Difference::Verdict {
        decision,
        status,
        zone,
    };
    let stays = decision.is_none() && status.is_none() && zone.is_none();
    let (told, tells) = (told(old), told(new));
    let no_longer = told.iter().filter(|told| !tells.contains(told));
    let newly = tells.iter().filter(|tells| !told.contains(tells));
    class
        .map(Difference::Class)
        .into_iter()
        .chain((!stays).then_some(verdict))
        .chain(no_longer.copied().map(Difference::NoLonger))
        .chain(newly.copied().map(Difference::Newly))
        .collect()
}

fn told(said: &PolicyAssessment) -> Vec<Told> {
    let missing = said.access.missing.iter().map(|missing| match missing {
        Missing::Fact(fact) => Told::HangsOnFact(*fact),
        Missing::App(_) => Told::HangsOnApp,
    });
    let duties = said.obligations.iter().map(|duty| {
        Told::Obligation(Duty {
            kind: duty.kind,
            due: duty.due,
            state: duty.state,
        })
    });
    // That facts are to be settled is told already where they are missing.
    let advice = said.advice.iter().map(|advice| advice.code);
    let advice = advice.filter(|code| *code != Code::SettleMissingFact);
    missing
        .chain(duties)
        .chain(advice.map(Told::Advice))
        .collect()
}

/// Subjects that differ in the time of installation alone as one, if they follow each other.
fn at_any_time(subjects: Vec<Subject>) -> Vec<Subject> {
    let mut together: Vec<Subject> = Vec::new();
    for subject in subjects {
        let last = together.last_mut().filter(|last| last.apps == subject.apps);
        let spans = last.and_then(|last| Some((last.installed.as_mut()?, subject.installed?)));
        match spans {
            Some((last, next)) if last.until == next.from => last.until = next.until,
            _ => together.push(subject),
        }
    }
    for subject in &mut together {
        subject.installed = subject
            .installed
            .filter(|span| span.from.is_some() || span.until.is_some());
    }
    together
}

/// Where the value stands in the list, at its end if it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter()
        .position(|known| *known == value)
        .unwrap_or_else(|| {
            list.push(value);
            list.len() - 1
        })
}

/// Those that are listed; `None` if all are.
fn chosen<T: Clone>(all: &[T], places: &BTreeSet<usize>) -> Option<Vec<T>> {
    let chosen: Vec<T> = places
        .iter()
        .filter_map(|place| all.get(*place).cloned())
        .collect();
    (chosen.len() < all.len()).then_some(chosen)
}
