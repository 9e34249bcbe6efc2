//! What is asked of each device: its assessment, what changed since another, or how rules differ.

use octroi_core::{Assessment, Deployment, Instant, Policies, assess};
use octroi_exports::LineError;

use super::{
    before::Before,
    change::{Change, State},
    source::Reading,
};

/// What one set of rules says of a record.
pub(super) type Judged = Result<Assessment, LineError>;

/// Policies and what the administration sets over them.
pub(super) struct RuleSet {
    pub(super) deployment: Deployment,
    pub(super) policies: Policies,
}

/// What is asked of each device.
pub(super) enum Question {
    /// How it is judged.
    Assess(RuleSet),
    /// What changed since an earlier output.
    Since(RuleSet, Before),
    /// What changes with other rules.
    Simulate { new: RuleSet, old: Box<RuleSet> },
}

/// What is found of a record.
pub(super) struct Answer {
    /// What the rules say, the new ones if there are two.
    pub(super) judged: Judged,
    /// What changed, where that was asked.
    pub(super) change: Option<Change>,
    /// What the old rules say, where there are two.
    pub(super) against: Option<Judged>,
    /// Whether it is printed.
    pub(super) is_told: bool,
}

impl Question {
    /// The rules, the new ones if there are two.
    pub(super) fn rules(&self) -> &RuleSet {
        match self {
            Self::Assess(rules) | Self::Since(rules, _) | Self::Simulate { new: rules, .. } => {
                rules
            }
        }
    }

    /// What is said of a record.
    pub(super) fn answer(&self, reading: Reading<'_, '_>, at: Instant) -> Answer {
        let judged = self.rules().judge(reading, at);
        let (change, against) = match self {
            Self::Assess(_) => {
                return Answer {
                    judged,
                    change: None,
                    against: None,
                    is_told: true,
                };
            }
            Self::Since(_, before) => (before.change(&judged), None),
            Self::Simulate { old, .. } => {
                let against = old.judge(reading, at);
                (
                    State::of(&judged).since(&State::of(&against)),
                    Some(against),
                )
            }
        };
        Answer {
            judged,
            change,
            against,
            is_told: change.is_some(),
        }
    }
}

impl RuleSet {
    fn judge(&self, reading: Reading<'_, '_>, at: Instant) -> Judged {
        reading(&self.policies).map(|device| assess(&self.policies, &device, &self.deployment, at))
    }
}
