//! The policies that came, kept beside those that ship.

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use octroi_core::{Deployment, Instant, Policy, PolicyId, PolicyRef, ReadError};
use octroi_store::{Files, Folder, Frame, Locked, Since, Slots, StoreError};

use crate::{
    candidate::Refusal,
    error::{UpdateError, UpdatesError},
    news::{News, deployment_path, version_of},
    repository::{Metadata, Repository},
    state::{FORM, Kept, State, Unheard},
    transport::Transport,
};

const SECONDS_AN_HOUR: i64 = 3600;

/// What is asked of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Policies, by their ids.
    pub policies: Vec<PolicyId>,
    /// The name under which a device management publishes what it sets for the administration: `targets/deployments/NAME.json`.
    /// A name has the form of a policy's id.
    pub deployment: Option<PolicyId>,
}

/// What holds.
#[derive(Clone, Debug)]
pub struct Current {
    /// The policies that ship, with what came in place of them, and what came beside them. What came is unconfirmed from the
    /// day on which its metadata expires.
    pub policies: Vec<Policy>,
    /// What the device management sets, under the name that was asked for last.
    pub deployment: Option<Deployment>,
    /// Policies that came in a form which only a newer version knows, and which would replace one of these.
    pub needs_newer: Vec<PolicyRef>,
    /// Something was kept, and nothing of it could be used: these are the policies that ship.
    pub damaged: bool,
    /// How often something was kept: as long as it is the same, so is all of this.
    pub generation: u64,
}

/// What a refresh brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Refreshed {
    /// What happened to each document that was asked for and is not as it was.
    pub changes: Vec<Change>,
}

/// What happened to a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A policy replaces an older version, or is new.
    Replaced(PolicyRef),
    /// A policy has a form that only a newer version knows. What it would replace goes on.
    NeedsNewerApp(PolicyRef),
    /// A policy replaces none.
    Refused {
        /// The policy.
        policy: PolicyRef,
        /// Why.
        refusal: Refusal,
    },
    /// Of a document nothing could be learnt: those who sign it are not believed, or it could not be fetched. What was there stays,
    /// and the next refresh asks again. The others are not held up by it.
    NotHeard {
        /// What was asked for.
        path: String,
        /// Why.
        error: UpdateError,
    },
    /// What the device management sets is another.
    Deployed,
    /// The device management sets nothing any more, or another name was asked for.
    Withdrawn,
    /// What the device management sets is no deployment. What it set before stays.
    DeploymentRefused(ReadError),
}

/// The policies that came, in a folder.
///
/// Several may have the same folder, also of several processes: a refresh of one is seen by the others.
pub struct Updates<F: Files = Folder> {
    slots: Slots<F>,
    shipped: Vec<Policy>,
    seen: Mutex<Seen>,
}

/// What was read last.
#[derive(Default)]
struct Seen {
    generation: u64,
    state: State,
}

impl Updates {
    /// In this folder, which is made if it is not there. The policies that ship are the floor.
    ///
    /// # Errors
    ///
    /// If the folder cannot be used.
    pub fn open(directory: &Path, shipped: &[Policy]) -> Result<Self, StoreError> {
        Ok(Self::new(Slots::open(directory, FORM)?, shipped))
    }
}

impl<F: Files> Updates<F> {
    /// Among these files.
    pub fn among(files: F, shipped: &[Policy]) -> Self {
        Self::new(Slots::new(files, FORM), shipped)
    }

    fn new(slots: Slots<F>, shipped: &[Policy]) -> Self {
        Self {
            slots,
            shipped: shipped.to_vec(),
            seen: Mutex::default(),
        }
    }

    /// What holds now.
    ///
    /// # Errors
    ///
    /// If what was kept cannot be read, or if a newer version wrote it.
    pub fn current(&self) -> Result<Current, StoreError> {
        let mut seen = self.seen();
        seen.catch_up(&self.slots.lock()?)?;
        let State {
            expires,
            policies,
            newer,
            unheard,
            deployment,
            lost,
            ..
        } = &seen.state;
        let mut current = Current {
            policies: self.shipped.clone(),
            deployment: None,
            needs_newer: Vec::new(),
            damaged: *lost,
            generation: seen.generation,
        };
        for kept in policies {
            current.add(kept, *expires);
        }
        for Unheard { id, expires } in unheard {
            current.doubt(id, *expires);
        }
        for newer in newer {
            let known = version_of(&current.policies, &newer.id);
            if known.is_none_or(|known| known < newer.version) {
                current.needs_newer.push(newer.clone());
            }
        }
        let deployment = deployment.as_ref();
        let deployment = deployment.map(|kept| Deployment::from_json(kept.text.as_bytes()));
        current.damaged |= matches!(deployment, Some(Err(_)));
        current.deployment = deployment.and_then(Result::ok);
        Ok(current)
    }

    /// The metadata that is believed, for those who want to look at it.
    ///
    /// # Errors
    ///
    /// Those of [`Updates::current`].
    pub fn metadata(&self) -> Result<Metadata, StoreError> {
        let mut seen = self.seen();
        seen.catch_up(&self.slots.lock()?)?;
        Ok(seen.state.metadata.clone())
    }

    /// Asks the repository for news. Whatever fails changes nothing: what held before holds.
    ///
    /// The root of trust is the metadata of the role `root` that the app brings.
    ///
    /// The latest time at which the repository was believed counts, if it is later than this one: a clock set back brings no
    /// expired metadata back.
    ///
    /// # Errors
    ///
    /// If the repository is not believed or not heard, or if the news cannot be kept.
    pub fn refresh(
        &self,
        root: &[u8],
        transport: Arc<dyn Transport>,
        wanted: &Wanted,
        now: Instant,
    ) -> Result<Refreshed, UpdatesError> {
        let (generation, before) = {
            let mut seen = self.seen();
            seen.catch_up(&self.slots.lock()?)?;
            (seen.generation, seen.state.clone())
        };
        // Nobody waits for the lock while a server takes its time.
        let now = before.latest.map_or(now, |latest| latest.max(now));
        let mut repository = Repository::new(root, before.metadata.clone(), transport)
            .map_err(UpdatesError::Root)?;
        let at_first = repository.metadata();
        if let Err(error) = repository.refresh(now) {
            // What was verified until then is believed: nobody can take it back who could not have made it.
            let metadata = repository.metadata();
            if metadata != at_first {
                self.keep(State { metadata, ..before }, generation)?;
            }
            return Err(error.into());
        }

        let mut news = News {
            state: State {
                latest: Some(now),
                expires: repository.expires(),
                at: repository.at(),
                asked: wanted.asked(),
                lost: false,
                ..before.clone()
            },
            changes: Vec::new(),
        };
        if news.state.at != before.at || news.state.asked != before.asked {
            for id in &wanted.policies {
                let heard = news.policy(&mut repository, &self.shipped, id, now);
                news.note_unheard(id, heard.is_err(), before.expires);
                news.hear(heard, || format!("policies/{id}"));
            }
            let name = wanted.deployment.as_ref();
            let heard = news.deployment(&mut repository, name, now);
            news.hear(heard, || name.map(deployment_path).unwrap_or_default());
        }
        news.state.metadata = repository.metadata();

        self.keep(news.state, generation)?;
        Ok(Refreshed {
            changes: news.changes,
        })
    }

    /// Keeps a state that goes back to that generation, with what another one kept since.
    fn keep(&self, mut state: State, generation: u64) -> Result<(), StoreError> {
        let mut seen = self.seen();
        let lock = self.slots.lock()?;
        seen.catch_up(&lock)?;
        if seen.generation != generation {
            state = state.with(seen.state.clone());
        }
        seen.keep(state, &lock)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Files> fmt::Debug for Updates<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updates").finish_non_exhaustive()
    }
}

impl Wanted {
    /// What is asked, and by whom: another version may be able to use what this one cannot.
    fn asked(&self) -> Vec<String> {
        let mut asked = vec![format!("octroi {}", env!("CARGO_PKG_VERSION"))];
        asked.extend(self.policies.iter().map(|id| format!("policies/{id}")));
        asked.extend(self.deployment.iter().map(deployment_path));
        asked
    }
}

impl Current {
    /// Puts a policy that came into its place; what ships is the floor.
    fn add(&mut self, kept: &Kept, expires: Option<Instant>) {
        let PolicyRef { id, version } = &kept.policy;
        let known = version_of(&self.policies, id);
        if known.is_some_and(|known| known >= *version) {
            return;
        }
        let policy = match Policy::from_json(kept.text.as_bytes()) {
            Ok(policy) if policy.id() == id => policy,
            // It was right when it came.
            _ => {
                self.damaged = true;
                return;
            }
        };
        let stale_since = expires.map_or(kept.expires, |expires| expires.min(kept.expires));
        let policy = policy.with_stale_since(Some(stale_since));
        match self.policies.iter_mut().find(|known| known.id() == id) {
            Some(known) => *known = policy,
            None => self.policies.push(policy),
        }
    }
}

impl Current {
    /// Holds a policy for unconfirmed from that instant on, if it is not from an earlier one.
    fn doubt(&mut self, id: &PolicyId, since: Instant) {
        if let Some(known) = self.policies.iter_mut().find(|known| known.id() == id) {
            let since = known.stale_since().map_or(since, |known| known.min(since));
            *known = known.clone().with_stale_since(Some(since));
        }
    }
}

impl Seen {
    /// Takes over what another one kept in the meantime.
    fn catch_up<F: Files>(&mut self, lock: &Locked<'_, F>) -> Result<(), StoreError> {
        match lock.since(self.generation)? {
            Since::Nothing => {}
            Since::Lost => self.state.lost = true,
            Since::Newer(frame) => {
                self.generation = frame.generation;
                match State::from_json(&frame.state) {
                    Some(state) => self.state = state,
                    None => self.state.lost = true,
                }
            }
        }
        Ok(())
    }

    fn keep<F: Files>(&mut self, state: State, lock: &Locked<'_, F>) -> Result<(), StoreError> {
        let later = State {
            latest: state.latest,
            ..self.state.clone()
        };
        let (kept, latest) = (self.state.latest, state.latest);
        let hours = kept.zip(latest).map(|(kept, latest)| {
            latest.unix_seconds().saturating_sub(kept.unix_seconds()) / SECONDS_AN_HOUR
        });
        if state != later || hours != Some(0) {
            let frame = Frame {
                generation: self.generation.saturating_add(1),
                state: state.to_json(),
            };
            lock.write(&frame)?;
            self.generation = frame.generation;
            self.state = state;
        }
        Ok(())
    }
}
