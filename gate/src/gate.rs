//! The gate itself.

use std::{
    collections::BTreeMap,
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use octroi_core::{
    Assessment, Deployment, Explanation, Language, Platform, PolicyId, Record, Watchlist, embedded,
    explain,
};
use octroi_evidence::{Claims, Request};
use octroi_store::Slots;
use octroi_updates::{Refreshed, Transport, Updates, Wanted};

use crate::{
    answers::{Answers, Statement, Topic},
    clock::Clock,
    configured::{Configuration, Rules},
    error::{GateError, RefreshError},
    inside::{CORRECTION, Inside, since},
    known::Known,
    state::{FORM, State},
};

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
    /// If the managed configuration is wrong, if a deployment that came names policies which are not there, if no policy and no catalogue knows an app that the record declares something of, if the
    /// clock fails, or if a newer version wrote the state meanwhile. A state that cannot be written is logged and changes no verdict.
    pub fn check(&self, record: Record<'static>) -> Result<Assessment, GateError> {
        let mut known = self.know(record)?;
        let assessment = known.assess();
        if let Err(error) = known.keep(&assessment) {
            log::warn!("the verdict counts, and is not kept: {error}");
        }
        Ok(assessment)
    }

    /// What the phone states of what was collected, together with what the person and the management say, for a server that asked: to be
    /// signed by a key of the phone's. Of the record it says what the policies ask about, and nothing else. Nothing is kept.
    ///
    /// # Errors
    ///
    /// As [`Gate::check`].
    pub fn statement(
        &self,
        record: Record<'static>,
        request: &Request,
    ) -> Result<Claims, GateError> {
        Ok(self.know(record)?.statement(request))
    }

    /// All that is known of the device now.
    fn know(&self, mut record: Record<'static>) -> Result<Known<'_>, GateError> {
        let clock = self.clock.now()?;
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        self.renew(&inside)?;
        // What is said from here on is for the next check.
        let configured = self.configuration.now();
        if let Some(refusal) = configured.refusal() {
            return Err(refusal.clone());
        }
        let policies = &configured.rules.policies;
        if let Some(app) = record.unknown_app(policies) {
            return Err(GateError::unknown_app(app, policies));
        }
        let at = inside.time(clock);
        inside.complete(&mut record, &configured, at);
        Ok(Known {
            inside,
            lock,
            configured,
            record,
            clock,
            at,
        })
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
        // Updates have a latest time of their own, at which a repository was believed: a clock that was ahead once does not end them.
        let now = self.clock.now().map_err(GateError::from)?;
        let ask = |policies: Vec<PolicyId>| {
            let wanted = Wanted {
                policies,
                deployment: deployment.cloned(),
            };
            let transport = Arc::clone(&transport);
            let refreshed = self.updates.refresh(root, transport, &wanted, now)?;
            self.tell()?;
            Ok::<_, RefreshError>(refreshed)
        };
        let wanted = self.configuration.wanted();
        let mut refreshed = ask(wanted.clone())?;
        let now_wanted = self.configuration.wanted();
        if now_wanted.iter().any(|id| !wanted.contains(id)) {
            // The deployment that came names other policies. Until they come nothing is decided, and the next refresh asks again.
            match ask(now_wanted) {
                Ok(more) => refreshed.changes.extend(more.changes),
                Err(error) => {
                    log::warn!("the policies that a deployment names did not come: {error}")
                }
            }
        }
        Ok(refreshed)
    }

    /// Takes over what came, and says so to the other gates on this folder.
    fn tell(&self) -> Result<(), GateError> {
        let mut inside = self.inside();
        let lock = self.slots.lock()?;
        inside.catch_up(&lock)?;
        let arrived = self.updates.current()?;
        let generation = arrived.generation;
        self.configuration.renew(arrived)?;
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
        let kept = inside.state.last.as_ref();
        let is_refused = configured.refusal().is_some();
        let kept = kept.filter(|last| !is_refused && last.under == configured.rules.under);
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
