//! The gate itself.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use octroi_core::{
    Assessment, Code, Deployment, Explanation, Instant, Language, Observation, Platform, Policies,
    PolicyRef, Presence, Record, Seen, Source, Watched, Watchlist, assess, embedded, explain,
};

use crate::{
    answers::{Answers, Statement, Topic},
    clock::Clock,
    error::GateError,
    frame::Frame,
    managed::Managed,
    slots::{Locked, Slots},
    state::{Kept, State, Under},
};

/// A clock that is behind by less was corrected, not set back. In seconds.
const CORRECTION: i64 = 60;
/// The latest time is written at most so often, where nothing else changed. In seconds.
const HOURLY: i64 = 3600;

/// Decides, and keeps what must be kept so that a verdict stays true from one day to the next.
///
/// Several gates, also of several processes, may have the same folder: each sees what the others kept. Every method may be
/// called from any thread.
pub struct Gate {
    clock: Box<dyn Clock>,
    slots: Slots,
    /// What the app was given; the management may say otherwise.
    given: Deployment,
    inside: Mutex<Inside>,
}

struct Inside {
    rules: Rules,
    managed: Managed,
    state: State,
    /// Of the state that was last read or written; 0 if there is none.
    generation: u64,
    /// The latest time, as it stands on the disk.
    latest_kept: Option<Instant>,
    /// A state was there, and could not be used.
    lost: bool,
    /// A wrong configuration: nothing is decided under another one.
    wrong: Option<Wrong>,
}

/// A managed configuration that is wrong.
struct Wrong {
    error: GateError,
    /// The internal hosts that it names all the same: a slip in one key opens no host of another.
    guarded: Deployment,
}

/// Under what is assessed.
struct Rules {
    policies: Policies,
    under: Under,
}

impl Rules {
    fn new(deployment: Deployment) -> Result<Self, GateError> {
        let policies = Policies::select(&deployment, embedded().map_err(GateError::Embedded)?)?;
        let versions = policies.iter().map(|policy| PolicyRef {
            id: policy.id().clone(),
            version: policy.document().version,
        });
        let under = Under {
            octroi: env!("CARGO_PKG_VERSION").to_owned(),
            policies: versions.collect(),
            deployment,
        };
        Ok(Self { policies, under })
    }
}

impl Gate {
    /// Opens a gate that keeps its state in this folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// If the deployment names policies that this version does not carry, if the folder cannot be used, or if a newer version
    /// wrote its state.
    pub fn open(
        directory: &Path,
        deployment: Deployment,
        clock: Box<dyn Clock>,
    ) -> Result<Self, GateError> {
        let gate = Self {
            clock,
            slots: Slots::open(directory)?,
            given: deployment.clone(),
            inside: Mutex::new(Inside {
                rules: Rules::new(deployment)?,
                managed: Managed::default(),
                state: State::default(),
                generation: 0,
                latest_kept: None,
                lost: false,
                wrong: None,
            }),
        };
        let lock = gate.slots.lock()?;
        gate.inside().catch_up(&lock)?;
        drop(lock);
        Ok(gate)
    }

    /// Takes over a managed configuration, all of it, in place of an earlier one. Keys that do not begin with `octroi.` are left alone.
    ///
    /// # Errors
    ///
    /// A key or a value that is not allowed, or policies that this version does not carry. Nothing is decided then, and no earlier
    /// verdict counts, until a configuration is right again.
    pub fn configure(&self, entries: &BTreeMap<String, String>) -> Result<(), GateError> {
        let mut inside = self.inside();
        let read = Managed::read(entries).map_err(GateError::from);
        let read = read.and_then(|managed| {
            let deployment = managed.deployment_over(&self.given);
            let rules = match inside.rules.under.deployment == deployment {
                true => None,
                false => Some(Rules::new(deployment)?),
            };
            Ok((managed, rules))
        });
        inside.wrong = read.as_ref().err().map(|error| Wrong {
            error: error.clone(),
            guarded: Deployment {
                internal_hosts: Managed::hosts(entries),
                ..Deployment::default()
            },
        });
        let (managed, rules) = read?;
        if managed != inside.managed {
            inside.managed = managed;
            inside.state.last = None;
        }
        if let Some(rules) = rules {
            inside.rules = rules;
        }
        Ok(())
    }

    /// The deployment that counts: the one that was given, with what the management says in its place.
    pub fn deployment(&self) -> Deployment {
        self.inside().rules.under.deployment.clone()
    }

    /// What to look for on a device of the platform.
    pub fn watchlist(&self, platform: Platform) -> Watchlist {
        self.inside().rules.policies.watchlist(platform)
    }

    /// Whether a host is one that only a permitted device may reach. The hosts that a wrong configuration names are, too.
    pub fn is_internal(&self, host: &str) -> bool {
        let inside = self.inside();
        let wrong = inside.wrong.as_ref();
        inside.rules.under.deployment.is_internal(host)
            || wrong.is_some_and(|wrong| wrong.guarded.is_internal(host))
    }

    /// Assesses what was collected, together with what the person and the management say, and keeps the result.
    ///
    /// What the system observed without saying when was observed now. An app whose time of installation is not known, but which was
    /// proven absent before, was installed since.
    ///
    /// # Errors
    ///
    /// If the managed configuration is wrong, if the clock fails, or if a newer version wrote the state meanwhile. A state that cannot be written is logged and changes no verdict.
    pub fn check(&self, record: Record<'static>) -> Result<Assessment, GateError> {
        let clock = self.clock.now()?;
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        if let Some(wrong) = &inside.wrong {
            return Err(wrong.error.clone());
        }

        let at = inside.time(clock);
        let assessment = inside.assess(record, clock, at);
        let changed = inside.take_over(&assessment, at);
        let overdue = inside
            .latest_kept
            .is_none_or(|kept| since(kept, at) >= HOURLY);
        if (changed || overdue)
            && let Err(error) = inside.keep(&lock)
        {
            log::warn!("the verdict counts, and is not kept: {error}");
        }
        Ok(assessment)
    }

    /// Keeps what the person says, in place of what was said of the same before. The last assessment no longer counts: check again.
    ///
    /// # Errors
    ///
    /// If no policy and no catalogue knows the app, if the clock fails, or if it cannot be kept.
    pub fn declare(&self, statement: Statement) -> Result<(), GateError> {
        let clock = self.clock.now()?;
        self.change(|inside| {
            if let Some(app) = statement.app()
                && !inside.rules.policies.knows(app.as_str())
            {
                return Err(GateError::UnknownApp {
                    app: app.clone(),
                    known: inside.rules.policies.known_apps(),
                });
            }
            let at = inside.time(clock);
            inside.state.answers.declare(statement, at);
            Ok(())
        })
    }

    /// Forgets what the person said. The last assessment no longer counts: check again.
    ///
    /// # Errors
    ///
    /// If that cannot be kept.
    pub fn withdraw(&self, topic: &Topic) -> Result<(), GateError> {
        self.change(|inside| {
            inside.state.answers.withdraw(topic);
            Ok(())
        })
    }

    /// All that the person said and did not take back.
    ///
    /// # Errors
    ///
    /// If the state cannot be read.
    pub fn answers(&self) -> Result<Answers, GateError> {
        let mut inside = self.inside();
        inside.catch_up(&self.slots.lock()?)?;
        Ok(inside.state.answers.clone())
    }

    /// The last assessment under the policies and the deployment of today, however old; `None` if there is none, if something was
    /// said since, or if the managed configuration is wrong.
    ///
    /// # Errors
    ///
    /// If the state cannot be read.
    pub fn last(&self) -> Result<Option<Assessment>, GateError> {
        let mut inside = self.inside();
        inside.catch_up(&self.slots.lock()?)?;
        let Inside {
            state,
            rules,
            wrong,
            ..
        } = &*inside;
        let kept = state.last.as_ref();
        let kept = kept.filter(|last| wrong.is_none() && last.under == rules.under);
        Ok(kept.map(|last| last.assessment.clone()))
    }

    /// The last assessment, if it still holds: it is not older than that, and no day has come since on which the verdict changes by
    /// itself. `None`: check again. While the clock is behind what was seen before, nothing can be told of ages, and it is `None`.
    ///
    /// # Errors
    ///
    /// If the clock fails, or the state cannot be read.
    pub fn current(&self, not_older_than: Duration) -> Result<Option<Assessment>, GateError> {
        let clock = self.clock.now()?;
        let last = self.last()?;
        let at = self.inside().time(clock);
        let age = i64::try_from(not_older_than.as_secs()).unwrap_or(i64::MAX);
        let is_behind = since(clock, at) >= CORRECTION;
        Ok(last.filter(|last| {
            !is_behind
                && since(last.assessed_at, at) <= age
                && last.valid_until.is_none_or(|until| at < until)
        }))
    }

    /// Says an assessment of this gate in words.
    pub fn explain(&self, assessment: &Assessment, language: Language) -> Explanation {
        let inside = self.inside();
        let rules = &inside.rules;
        explain(
            assessment,
            &rules.policies,
            &rules.under.deployment,
            language,
        )
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Inside) -> Result<(), GateError>,
    ) -> Result<(), GateError> {
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        let before = inside.state.clone();
        let changed = change(&mut inside).and_then(|()| {
            inside.state.last = None;
            inside.keep(&lock)
        });
        changed.inspect_err(|_| inside.state = before)
    }

    /// A thread that panicked leaves no broken value behind: each is valid by its type.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Gate {
    /// Nothing of what is known about the device or the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Inside {
    /// Takes over what another gate kept in the meantime.
    fn catch_up(&mut self, lock: &Locked<'_>) -> Result<(), GateError> {
        let held = lock.read()?;
        self.lost |= held.lost && self.generation == 0;
        let Some(frame) = held.frame else {
            return Ok(());
        };
        // An older one is all that is left where the newest copy was damaged: what is in memory is newer.
        if frame.generation <= self.generation {
            return Ok(());
        }
        self.generation = frame.generation;
        let Some(state) = State::from_json(&frame.state) else {
            self.lost = true;
            return Ok(());
        };
        let latest = self.state.latest.max(state.latest);
        self.latest_kept = state.latest;
        self.state = State { latest, ..state };
        Ok(())
    }

    fn keep(&mut self, lock: &Locked<'_>) -> Result<(), GateError> {
        let frame = Frame {
            generation: self.generation.saturating_add(1),
            state: self.state.to_json(),
        };
        lock.write(&frame)?;
        self.generation = frame.generation;
        self.latest_kept = self.state.latest;
        Ok(())
    }

    /// The time that counts: the latest that was ever seen.
    fn time(&self, clock: Instant) -> Instant {
        self.state.latest.map_or(clock, |latest| latest.max(clock))
    }

    fn assess(&self, mut record: Record<'static>, clock: Instant, at: Instant) -> Assessment {
        self.managed.add_to(&mut record);
        self.state.answers.add_to(&mut record);
        let watchlist = self.rules.policies.watchlist(record.device.platform);
        for observation in &mut record.observations {
            if observation.source == Some(Source::Platform) {
                observation.taken_at.get_or_insert(at);
            }
            self.date(observation, &watchlist);
        }
        let Rules { policies, under } = &self.rules;
        let mut assessment = assess(policies, &record, &under.deployment, at);
        if since(clock, at) >= CORRECTION {
            assessment.note(Code::ClockWentBack);
        }
        if self.lost {
            assessment.note(Code::StateDamaged);
        }
        assessment
    }

    /// Says of what was seen without a date that it was installed after it was last proven absent.
    fn date(&self, observation: &mut Observation<'_>, watchlist: &Watchlist) {
        let Some(taken_at) = observation.taken_at else {
            return;
        };
        let absent = |watched: &[Watched], text: &str| {
            let mut watched = watched.iter();
            let watched = watched.find(|watched| watched.text.as_str() == text)?;
            let absences = watched.apps.iter().map(|app| self.state.absences.get(app));
            let absent = absences.min().flatten().copied()?;
            (absent < taken_at).then_some(absent)
        };
        for app in &mut observation.apps {
            if app.first_installed.is_none() {
                app.first_installed = match &app.seen {
                    Seen::Id { id, .. } => absent(&watchlist.ids, id.as_str()),
                    Seen::Scheme(scheme) => absent(&watchlist.schemes, scheme.as_str()),
                    Seen::Name(_) => None,
                };
            }
        }
    }

    /// Takes the assessment over into the state; true if anything but times changed.
    fn take_over(&mut self, assessment: &Assessment, at: Instant) -> bool {
        let mut changed = false;
        let findings = assessment
            .assessments
            .iter()
            .flat_map(|said| &said.findings);
        for finding in findings.filter(|finding| finding.presence == Presence::Absent) {
            let proofs = [
                Code::CompleteListLacksIt,
                Code::ProbedAbsent,
                Code::SchemesUnanswered,
            ];
            if proofs.iter().any(|proof| finding.evidence.contains(*proof)) {
                changed |= self
                    .state
                    .absences
                    .insert(finding.app.clone(), at)
                    .is_none();
            }
        }
        changed |= !self.state.last.as_ref().is_some_and(|last| {
            let now = Assessment {
                assessed_at: last.assessment.assessed_at,
                ..assessment.clone()
            };
            last.under == self.rules.under && last.assessment == now
        });
        self.state.latest = Some(at);
        self.state.last = Some(Kept {
            under: self.rules.under.clone(),
            assessment: assessment.clone(),
        });
        changed
    }
}

/// How many seconds later.
fn since(then: Instant, now: Instant) -> i64 {
    now.unix_seconds().saturating_sub(then.unix_seconds())
}
