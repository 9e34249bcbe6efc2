//! What is asked of each device: its assessment, what changed since another, or how rules differ.

use octroi_core::{Assessment, Deployment, Instant, Policies, assess};
use octroi_exports::{LineError, read_line};

use super::{
    before::Before,
    change::{Change, State},
};

/// What one set of rules says of a line.
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

/// What is found of a line.
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

    /// What is said of a line; `None` is one that is too long.
    pub(super) fn answer(&self, line: Option<&[u8]>, at: Instant) -> Answer {
        let judged = self.rules().judge(line, at);
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
                let against = old.judge(line, at);
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
    fn judge(&self, line: Option<&[u8]>, at: Instant) -> Judged {
        let read = match line {
            Some(line) => read_line(line, &self.policies),
            None => Err(LineError::too_long()),
        };
        read.map(|device| assess(&self.policies, &device, &self.deployment, at))
    }
}
