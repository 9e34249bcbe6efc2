//! What changed for a device between two verdicts: the earlier one and this one, or that of the old rules and that of the new.

use octroi_core::{
    Access, AppId, Assessment, Day, Decision, Obligation, ObligationKind, ObligationState, Status,
};
use octroi_exports::LineError;
use serde::{Deserialize, Serialize};

/// What changed: a closed list, in the order in which one is chosen where several would fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    /// Nobody can say: the device has no id, or earlier lines of the same id contradict each other.
    NotComparable,
    /// No earlier line has its id.
    NewDevice,
    /// It cannot be read any more.
    NewlyUnreadable,
    /// It could not be read before.
    NewlyAssessed,
    /// It had access.
    NewlyDenied,
    /// It had none.
    NewlyPermitted,
    /// The holder must do something that was not asked for, or whose day has come, or is earlier.
    NewlyDue,
    /// Anything else of access, status and obligations.
    OtherwiseChanged,
}

impl Change {
    pub(super) const ALL: [Change; 8] = [
        Change::NotComparable,
        Change::NewDevice,
        Change::NewlyUnreadable,
        Change::NewlyAssessed,
        Change::NewlyDenied,
        Change::NewlyPermitted,
        Change::NewlyDue,
        Change::OtherwiseChanged,
    ];
}

/// What is compared of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) enum State {
    Unreadable,
    Assessed {
        access: Access,
        status: Status,
        duties: Vec<Duty>,
    },
}

/// What the holder must do, whichever policy asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Duty {
    kind: ObligationKind,
    app: AppId,
    due: Option<Day>,
    state: ObligationState,
}

impl State {
    pub(super) fn of(outcome: &Result<Assessment, LineError>) -> Self {
        match outcome {
            Ok(assessment) => Self::assessed(
                assessment.access.clone(),
                assessment.status,
                assessment
                    .assessments
                    .iter()
                    .flat_map(|said| &said.obligations),
            ),
            Err(_) => Self::Unreadable,
        }
    }

    pub(super) fn assessed<'a>(
        access: Access,
        status: Status,
        obligations: impl Iterator<Item = &'a Obligation>,
    ) -> Self {
        let mut duties = Vec::new();
        for obligation in obligations {
            let duty = Duty {
                kind: obligation.kind,
                app: obligation.app.clone(),
                due: obligation.due,
                state: obligation.state,
            };
            if !duties.contains(&duty) {
                duties.push(duty);
            }
        }
        // Whatever the order of the policies.
        duties.sort_by(|one, other| {
            (&one.app, one.kind as u8, one.state as u8, one.due).cmp(&(
                &other.app,
                other.kind as u8,
                other.state as u8,
                other.due,
            ))
        });
        Self::Assessed {
            access,
            status,
            duties,
        }
    }

    /// What is new in this state, for a device that was in that one.
    pub(super) fn since(&self, before: &State) -> Option<Change> {
        let (access, duties, access_before, duties_before) = match (self, before) {
            _ if self == before => return None,
            (Self::Unreadable, _) => return Some(Change::NewlyUnreadable),
            (_, Self::Unreadable) => return Some(Change::NewlyAssessed),
            (
                Self::Assessed { access, duties, .. },
                Self::Assessed {
                    access: access_before,
                    duties: duties_before,
                    ..
                },
            ) => (access, duties, access_before, duties_before),
        };
        Some(match (access_before.decision, access.decision) {
            (Decision::Permit, Decision::Deny) => Change::NewlyDenied,
            (Decision::Deny, Decision::Permit) => Change::NewlyPermitted,
            _ if duties.iter().any(|duty| duty.is_new_since(duties_before)) => Change::NewlyDue,
            _ => Change::OtherwiseChanged,
        })
    }
}

impl Duty {
    /// Whether it presses more than all that was asked for of the same kind with the same app.
    fn is_new_since(&self, before: &[Duty]) -> bool {
        let alike = before
            .iter()
            .filter(|duty| (duty.kind, &duty.app) == (self.kind, &self.app));
        let now = self.pressure();
        now.0 > 0 && alike.map(Duty::pressure).max() < Some(now)
    }

    /// How much it presses: its day has come, or how early it will.
    fn pressure(&self) -> (u8, Option<std::cmp::Reverse<Day>>) {
        match self.state {
            ObligationState::Done => (0, None),
            ObligationState::Pending => (1, self.due.map(std::cmp::Reverse)),
            ObligationState::Overdue | ObligationState::DueNow => (2, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A decision, whether it is certain, a status and what must be done.
    fn state(text: &str) -> State {
        let mut words = text.split(' ');
        let (decision, status) = (words.next().unwrap(), words.next().unwrap());
        if decision == "error" {
            return State::Unreadable;
        }
        let json = |text: String| -> serde_json::Value { serde_json::from_str(&text).unwrap() };
        let certain = status != "unknown";
        let access = json(format!(
            r#"{{"decision":"{decision}","zone":"none","certain":{certain},"missing":[]}}"#
        ));
        let obligations: Vec<Obligation> = words
            .map(|duty| {
                let parts: Vec<_> = duty.split(':').collect();
                let [kind, app, due, state] = parts[..] else {
                    panic!("{duty}");
                };
                let due = if due.is_empty() { "null".to_owned() } else { format!("\"{due}\"") };
                serde_json::from_value(json(format!(
                    r#"{{"kind":"{kind}","app":"{app}","due":{due},"state":"{state}","basis":"LAW#1"}}"#
                )))
                .unwrap()
            })
            .collect();
        State::assessed(
            serde_json::from_value(access).unwrap(),
            serde_json::from_value(json(format!("\"{status}\""))).unwrap(),
            obligations.iter(),
        )
    }

    #[test]
    fn each_change_has_its_word() {
        use Change::*;
        let pending = "permit in_grace_period remove_app:tiktok:2023-04-03:pending";
        let overdue = "deny noncompliant remove_app:tiktok:2023-04-03:overdue";
        for (before, now, change) in [
            ("permit compliant", "permit compliant", None),
            ("error -", "error -", None),
            (pending, pending, None),
            ("error -", "deny noncompliant", Some(NewlyAssessed)),
            ("error -", "permit compliant", Some(NewlyAssessed)),
            ("deny noncompliant", "error -", Some(NewlyUnreadable)),
            ("permit compliant", "error -", Some(NewlyUnreadable)),
            // Access comes before what must be done.
            ("permit compliant", "deny noncompliant", Some(NewlyDenied)),
            (pending, overdue, Some(NewlyDenied)),
            ("permit compliant", "deny unknown", Some(NewlyDenied)),
            (overdue, pending, Some(NewlyPermitted)),
            ("deny unknown", "permit compliant", Some(NewlyPermitted)),
            // What must be done comes before the rest.
            ("permit compliant", pending, Some(NewlyDue)),
            ("deny unknown", overdue, Some(NewlyDue)),
            (
                "deny noncompliant remove_app:tiktok:2023-04-03:pending",
                overdue,
                Some(NewlyDue),
            ),
            (
                pending,
                "permit in_grace_period remove_app:tiktok:2023-04-02:pending",
                Some(NewlyDue),
            ),
            (
                pending,
                "permit in_grace_period remove_app:tiktok:2023-04-04:pending",
                Some(OtherwiseChanged),
            ),
            (
                overdue,
                "deny noncompliant remove_app:tiktok::due_now",
                Some(OtherwiseChanged),
            ),
            (
                "deny noncompliant inform_supervisor:tiktok::done",
                "deny noncompliant inform_supervisor:tiktok::due_now",
                Some(NewlyDue),
            ),
            (
                "deny noncompliant",
                "deny noncompliant inform_supervisor:tiktok::done",
                Some(OtherwiseChanged),
            ),
            // Another app, and another kind, are another duty.
            (
                overdue,
                "deny noncompliant remove_app:tiktok:2023-04-03:overdue remove_app:kaspersky:2023-05-03:pending",
                Some(NewlyDue),
            ),
            (
                overdue,
                "deny noncompliant remove_app:tiktok:2023-04-03:overdue inform_supervisor:tiktok::due_now",
                Some(NewlyDue),
            ),
            // Another policy that asks for the same on the same day changes nothing.
            (
                overdue,
                "deny noncompliant remove_app:tiktok:2023-04-03:overdue remove_app:tiktok:2023-04-03:overdue",
                None,
            ),
            // Asked for once more, and less pressing than it is already.
            (
                overdue,
                "deny noncompliant remove_app:tiktok:2023-05-03:pending remove_app:tiktok:2023-04-03:overdue",
                Some(OtherwiseChanged),
            ),
            (overdue, "deny noncompliant", Some(OtherwiseChanged)),
            ("deny unknown", "deny noncompliant", Some(OtherwiseChanged)),
            (
                "permit compliant",
                "permit not_applicable",
                Some(OtherwiseChanged),
            ),
        ] {
            let found = state(now).since(&state(before));
            assert_eq!(found, change, "{before} -> {now}");
        }
    }
}
