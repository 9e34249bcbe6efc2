//! What a gate keeps between two checks, and what it adds to what is observed.

use octroi_core::{
    Assessment, Code, Instant, Observation, Presence, Record, Seen, Source, Watched, Watchlist,
};
use octroi_store::{Frame, Locked, Since};

use crate::{
    configured::Configured,
    error::GateError,
    state::{Kept, State, Under},
};

/// A clock that is behind by less was corrected, not set back. In seconds.
pub(crate) const CORRECTION: i64 = 60;

/// What is kept. Who holds it may wait for the disk, and for other processes.
pub(crate) struct Inside {
    pub(crate) state: State,
    /// Of the state that was last read or written; 0 if there is none.
    pub(crate) generation: u64,
    /// The latest time, as it stands on the disk.
    pub(crate) latest_kept: Option<Instant>,
    /// A state was there, and could not be used.
    pub(crate) lost: bool,
}

impl Inside {
    /// Takes over what another gate kept in the meantime.
    pub(crate) fn catch_up(&mut self, lock: &Locked<'_>) -> Result<(), GateError> {
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

    pub(crate) fn keep(&mut self, lock: &Locked<'_>) -> Result<(), GateError> {
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
    pub(crate) fn time(&self, clock: Instant) -> Instant {
        self.state.latest.map_or(clock, |latest| latest.max(clock))
    }

    /// Adds to what was collected what the management and the person said, and what is remembered.
    pub(crate) fn complete(
        &self,
        record: &mut Record<'static>,
        configured: &Configured,
        at: Instant,
    ) {
        configured.managed.add_to(record);
        self.state.answers.add_to(record);
        let watchlist = configured.rules.policies.watchlist(record.device.platform);
        for observation in &mut record.observations {
            if observation.source == Some(Source::Platform) {
                observation.taken_at.get_or_insert(at);
            }
            self.date(observation, &watchlist);
        }
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
    pub(crate) fn take_over(
        &mut self,
        under: &Under,
        assessment: &Assessment,
        at: Instant,
    ) -> bool {
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
pub(crate) fn since(then: Instant, now: Instant) -> i64 {
    now.unix_seconds().saturating_sub(then.unix_seconds())
}
