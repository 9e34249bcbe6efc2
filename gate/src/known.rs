//! All that is known of a device at one moment.

use std::sync::{Arc, MutexGuard};

use octroi_core::{Assessment, Code, Instant, Record, assess};
use octroi_evidence::{Claims, Request, statement};
use octroi_store::Locked;

use crate::{
    configured::{Configured, Rules},
    error::GateError,
    inside::{CORRECTION, Inside, since},
};

/// The latest time is written at most so often, where nothing else changed. In seconds.
const HOURLY: i64 = 3600;

/// All that is known of a device now, and what it is judged under.
pub(crate) struct Known<'a> {
    pub(crate) inside: MutexGuard<'a, Inside>,
    pub(crate) lock: Locked<'a>,
    pub(crate) configured: Arc<Configured>,
    pub(crate) record: Record<'static>,
    /// What the clock says.
    pub(crate) clock: Instant,
    /// The time that counts.
    pub(crate) at: Instant,
}

impl Known<'_> {
    /// What is decided.
    pub(crate) fn assess(&self) -> Assessment {
        let Self {
            inside, configured, ..
        } = self;
        let Rules { policies, under } = &*configured.rules;
        let mut assessment = assess(policies, &self.record, &under.deployment, self.at);
        if since(self.clock, self.at) >= CORRECTION {
            assessment.note(Code::ClockWentBack);
        }
        // What came and is gone is lost, too.
        let is_gone = configured.arrived.generation < inside.state.updates;
        if inside.lost || configured.arrived.damaged || is_gone {
            assessment.note(Code::StateDamaged);
        }
        let mut newer = configured.arrived.needs_newer.iter();
        if newer.any(|newer| policies.iter().any(|policy| *policy.id() == newer.id)) {
            assessment.note(Code::UpdateNeedsNewerApp);
        }
        assessment
    }

    /// Keeps what was decided, if anything but the time changed, and the time now and then.
    pub(crate) fn keep(&mut self, assessment: &Assessment) -> Result<(), GateError> {
        let rules = &self.configured.rules;
        let inside = &mut self.inside;
        let changed = inside.take_over(&self.record, rules, assessment, self.at);
        let kept = self.inside.latest_kept;
        let is_overdue = kept.is_none_or(|kept| since(kept, self.at) >= HOURLY);
        if changed || is_overdue {
            self.inside.keep(&self.lock)?;
        }
        Ok(())
    }

    /// What of it is stated for a server.
    pub(crate) fn statement(&self, request: &Request) -> Claims {
        let Rules { policies, under } = &*self.configured.rules;
        statement(request, policies, &self.record, &under.deployment, self.at)
    }
}
