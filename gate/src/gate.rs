//! The gate itself.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use octroi_core::{
    Assessment, Code, Deployment, Explanation, Instant, Language, Observation, Platform, PolicyId,
    Presence, Record, Seen, Source, Watched, Watchlist, assess, embedded, explain,
};
use octroi_store::{Frame, Locked, Since, Slots};
use octroi_updates::{Current, Refreshed, Transport, Updates, Wanted};

use crate::{
    answers::{Answers, Statement, Topic},
    clock::Clock,
    configured::{Configuration, Configured, Rules},
    error::{GateError, RefreshError},
    state::{FORM, Kept, State, Under},
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
    updates: Updates,
    configuration: Configuration,
    inside: Mutex<Inside>,
}

/// What is kept. Who holds it may wait for the disk, and for other processes.
struct Inside {
    state: State,
    /// Of the state that was last read or written; 0 if there is none.
    generation: u64,
    /// The latest time, as it stands on the disk.
    latest_kept: Option<Instant>,
    /// A state was there, and could not be used.
    lost: bool,
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
        let updates = Updates::open(directory, embedded().map_err(GateError::Embedded)?)?;
        let arrived = updates.current()?;
        let gate = Self {
            clock,
            slots: Slots::open(directory, FORM)?,
            updates,
            configuration: Configuration::new(deployment, arrived)?,
            inside: Mutex::new(Inside {
                state: State::default(),
                generation: 0,
                latest_kept: None,
                lost: false,
            }),
        };
        gate.inside().catch_up(&gate.slots.lock()?)?;
        Ok(gate)
    }

    /// Takes over a managed configuration, all of it, in place of an earlier one. Keys that do not begin with `octroi.` are left alone.
    /// Waits for no file, like all that does not ask for what is kept.
    ///
    /// # Errors
    ///
    /// A key or a value that is not allowed, or policies that this version does not carry. Nothing is decided then, and no earlier
    /// verdict counts, until a configuration is right again.
    pub fn configure(&self, entries: &BTreeMap<String, String>) -> Result<(), GateError> {
        self.configuration.configure(entries)
    }

    /// The deployment that counts: the one that was given, with what the management says in its place.
    pub fn deployment(&self) -> Deployment {
        self.configuration.now().rules.under.deployment.clone()
    }

    /// What to look for on a device of the platform.
    pub fn watchlist(&self, platform: Platform) -> Watchlist {
        self.configuration.now().rules.policies.watchlist(platform)
    }

    /// Whether a host is one that only a permitted device may reach. The hosts that a wrong configuration names are, too.
    pub fn is_internal(&self, host: &str) -> bool {
        self.configuration.now().is_internal(host)
    }

    /// Assesses what was collected, together with what the person and the management say, and keeps the result.
    ///
    /// What the system observed without saying when was observed now. An app whose time of installation is not known, but which was
    /// proven absent before, was installed since.
    ///
    /// # Errors
    ///
    /// If the managed configuration is wrong, if no policy and no catalogue knows an app that the record declares something of, if the
    /// clock fails, or if a newer version wrote the state meanwhile. A state that cannot be written is logged and changes no verdict.
    pub fn check(&self, record: Record<'static>) -> Result<Assessment, GateError> {
        let clock = self.clock.now()?;
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        self.renew(&inside)?;
        // What is said from here on is for the next check.
        let configured = self.configuration.now();
        if let Some(wrong) = &configured.wrong {
            return Err(wrong.error.clone());
        }
        let policies = &configured.rules.policies;
        if let Some(app) = record.unknown_app(policies) {
            return Err(GateError::unknown_app(app, policies));
        }

        let at = inside.time(clock);
        let assessment = inside.assess(&configured, record, clock, at);
        let changed = inside.take_over(&configured.rules.under, &assessment, at);
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

    /// Asks a repository for news of the policies that count, and of what a device management sets under that name, if one is given.
    /// What came counts from the next check on; whatever fails changes nothing (`octroi_updates`).
    ///
    /// The root of trust is the metadata of the role `root` that the app brings. This waits for the transport: no thread that draws
    /// may call it.
    ///
    /// # Errors
    ///
    /// If the clock fails, if the repository is not believed or not heard, or if the news cannot be kept.
    pub fn refresh(
        &self,
        root: &[u8],
        deployment: Option<&PolicyId>,
        transport: Arc<dyn Transport>,
    ) -> Result<Refreshed, RefreshError> {
        let now = self.clock.now().map_err(GateError::from)?;
        let now = self.inside().time(now);
        let ask = || {
            let wanted = Wanted {
                policies: self.deployment().policies,
                deployment: deployment.cloned(),
            };
            let refreshed = self
                .updates
                .refresh(root, Arc::clone(&transport), &wanted, now)?;
            let arrived = self.updates.current().map_err(GateError::from)?;
            self.tell(arrived)?;
            let is_whole = self.deployment().policies == wanted.policies;
            Ok::<_, RefreshError>((refreshed, is_whole))
        };
        let (mut refreshed, is_whole) = ask()?;
        if !is_whole {
            // The deployment that came names other policies.
            refreshed.changes.extend(ask()?.0.changes);
        }
        Ok(refreshed)
    }

    /// Takes over what came, and says so to the other gates on this folder.
    fn tell(&self, arrived: Current) -> Result<(), GateError> {
        let generation = arrived.generation;
        self.configuration.renew(arrived)?;
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        if inside.state.updates != generation {
            inside.state.updates = generation;
            inside.keep(&lock)?;
        }
        Ok(())
    }

    /// Takes over what another gate on this folder was brought.
    fn renew(&self, inside: &Inside) -> Result<(), GateError> {
        let generation = self.configuration.now().arrived.generation;
        if generation < inside.state.updates {
            self.configuration.renew(self.updates.current()?)?;
        }
        Ok(())
    }

    /// Keeps what the person says, in place of what was said of the same before. The last assessment no longer counts: check again.
    ///
    /// # Errors
    ///
    /// If no policy and no catalogue knows the app, if the clock fails, or if it cannot be kept.
    pub fn declare(&self, statement: Statement) -> Result<(), GateError> {
        let clock = self.clock.now()?;
        let rules = Arc::clone(&self.configuration.now().rules);
        if let Some(app) = statement.app()
            && !rules.policies.knows(app.as_str())
        {
            return Err(GateError::unknown_app(app, &rules.policies));
        }
        self.change(|inside| {
            let at = inside.time(clock);
            inside.state.answers.declare(statement, at);
        })
    }

    /// Forgets what the person said. The last assessment no longer counts: check again.
    ///
    /// # Errors
    ///
    /// If that cannot be kept.
    pub fn withdraw(&self, topic: &Topic) -> Result<(), GateError> {
        self.change(|inside| inside.state.answers.withdraw(topic))
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
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        self.renew(&inside)?;
        let configured = self.configuration.now();
        let Configured { rules, wrong, .. } = &*configured;
        let kept = inside.state.last.as_ref();
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
        let Rules { policies, under } = &*self.configuration.now().rules;
        explain(assessment, policies, &under.deployment, language)
    }

    fn change(&self, change: impl FnOnce(&mut Inside)) -> Result<(), GateError> {
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        let before = inside.state.clone();
        change(&mut inside);
        inside.state.last = None;
        inside.keep(&lock).inspect_err(|_| inside.state = before)
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
        let frame = match lock.since(self.generation)? {
            Since::Nothing => return Ok(()),
            Since::Newer(frame) => frame,
            Since::Lost => {
                self.lost = true;
                return Ok(());
            }
        };
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

    fn assess(
        &self,
        configured: &Configured,
        mut record: Record<'static>,
        clock: Instant,
        at: Instant,
    ) -> Assessment {
        configured.managed.add_to(&mut record);
        self.state.answers.add_to(&mut record);
        let Rules { policies, under } = &*configured.rules;
        let watchlist = policies.watchlist(record.device.platform);
        for observation in &mut record.observations {
            if observation.source == Some(Source::Platform) {
                observation.taken_at.get_or_insert(at);
            }
            self.date(observation, &watchlist);
        }
        let mut assessment = assess(policies, &record, &under.deployment, at);
        if since(clock, at) >= CORRECTION {
            assessment.note(Code::ClockWentBack);
        }
        // What came and is gone is lost, too.
        let is_gone = configured.arrived.generation < self.state.updates;
        if self.lost || configured.arrived.damaged || is_gone {
            assessment.note(Code::StateDamaged);
        }
        let mut newer = configured.arrived.needs_newer.iter();
        if newer.any(|newer| policies.iter().any(|policy| *policy.id() == newer.id)) {
            assessment.note(Code::UpdateNeedsNewerApp);
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
    fn take_over(&mut self, under: &Under, assessment: &Assessment, at: Instant) -> bool {
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
            last.under == *under && last.assessment == now
        });
        self.state.latest = Some(at);
        self.state.last = Some(Kept {
            under: under.clone(),
            assessment: assessment.clone(),
        });
        changed
    }
}

/// How many seconds later.
fn since(then: Instant, now: Instant) -> i64 {
    now.unix_seconds().saturating_sub(then.unix_seconds())
}
