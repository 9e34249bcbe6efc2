//! What a gate keeps between two checks, and what it adds to what is observed.

use octroi_core::{
    Assessment, Code, Instant, Observation, Presence, Record, Seen, Source, Watched, Watchlist,
};
use octroi_store::{Frame, Locked, Since};

use crate::{
    configured::{Configured, Rules},
    error::GateError,
    state::{Kept, State},
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
        for observation in &mut record.observations {
            if observation.source == Some(Source::Platform) {
                observation.taken_at.get_or_insert(at);
            }
            self.date(observation);
        }
    }

    /// Says of what was seen without a date that it was installed after it was last proven absent.
    fn date(&self, observation: &mut Observation<'_>) {
        let Some(taken_at) = observation.taken_at else {
            return;
        };
        for app in &mut observation.apps {
            let text = match &app.seen {
                Seen::Id { id, .. } => id.as_str(),
                Seen::Scheme(scheme) => scheme.as_str(),
                Seen::Name(_) => continue,
            };
            if app.first_installed.is_none() {
                let absent = self.state.absences.get(text).copied();
                app.first_installed = absent.filter(|absent| *absent < taken_at);
            }
        }
    }

    /// Takes over what was just proven absent; true if something was not before.
    fn take_over_absences(&mut self, known: &Record<'_>, rules: &Rules, said: &Assessment) -> bool {
        // Which of several observations proved it is not known. What has no time proves nothing of one.
        let times = known.observations.iter().map(|seen| seen.taken_at);
        let Some(proven_at) = times.min().flatten() else {
            return false;
        };
        let findings = said.assessments.iter().flat_map(|said| &said.findings);
        let proven = findings.filter(|finding| {
            let proofs = [
                Code::CompleteListLacksIt,
                Code::ProbedAbsent,
                Code::SchemesUnanswered,
            ];
            let mut proofs = proofs.iter();
            finding.presence == Presence::Absent
                && proofs.any(|proof| finding.evidence.contains(*proof))
        });
        let proven: Vec<_> = proven.map(|finding| &finding.app).collect();
        let Watchlist { ids, schemes, .. } = rules.policies.watchlist(known.device.platform);
        let mut changed = false;
        for Watched { text, apps } in ids.iter().chain(&schemes) {
            if apps.iter().all(|app| proven.contains(&app)) {
                let absences = &mut self.state.absences;
                let before = absences.get(text.as_str()).copied();
                absences.insert(
                    text.to_string(),
                    before.max(Some(proven_at)).unwrap_or(proven_at),
                );
                changed |= before.is_none();
            }
        }
        changed
    }

    /// Takes the assessment over into the state; true if anything but times changed.
    pub(crate) fn take_over(
        &mut self,
        known: &Record<'_>,
        rules: &Rules,
        assessment: &Assessment,
        at: Instant,
    ) -> bool {
        let mut changed = self.take_over_absences(known, rules, assessment);
        let under = &rules.under;
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
