//! Two policies, or two versions of one: in which situations they say something else, and how they recognise apps.
//!
//! Every situation is walked through, each app by itself and all others absent. Of apps that fall under the same rule of the old
//! policy and under the same of the new one, one is walked through for all: a rule says the same of each of its apps. That one
//! app at a time is enough, because under one policy apps meet nowhere but in these (`judge.rs`, `verdict.rs`):
//!
//! - Access as a service device is closed if *some* app closes it, likewise as a personal device; a removal is pending if *some*
//!   is; an unknown app brings in whether it would close the one and the other. What an app brings in hangs on that app alone.
//! - A device of known class with one app shows what that app brings in: the decision, whether it is certain, the status.
//! - The class, being in force and being exempt hang on no app. Obligations are each app's own; advice names none.
//!
//! So where no single app makes a difference, on a device of known class or on another, no set of apps does: what all of them
//! bring in is the same. Conversely what several apps change together is a change that one of them makes alone, at the same time
//! and for the same holder, once the class is known. A test holds this against every set of two apps.
//!
//! What a deployment sets over a policy is looked at where it can bring out more than the policy itself: under another day of
//! notification and another working week, terms may end on other days (`terms.rs`).
//!
//! The rest is whole as well. Nothing but a turning point changes a verdict with time, so one instant between two of them speaks
//! for all; the day on which a supervisor is informed is one more, and the same under both policies. Facts are what the
//! deployment lets count. `when_undetermined` decides where a verdict is not certain, and that is compared; which network it
//! opens then hangs on the class, which is compared too.

mod blocks;
mod recognition;
mod space;
mod terms;

use serde::Serialize;
use serde_json::Value;

pub use recognition::{Recognition, Sign};
pub use terms::DueDays;

use crate::{
    assessment::{
        ClassName, Decision, NetworkZone, ObligationKind, ObligationState, Presence, Status,
    },
    code::Code,
    facts::{Fact, FactSet},
    names::AppId,
    policy::Policy,
    read::NonEmpty,
    situation::Hindrance,
    time::{Day, Instant},
};

/// What two policies say differently.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// How many situations there are.
    pub situations: usize,
    /// In how many of them something changes.
    pub changed: usize,
    /// What changes: one thing after the other, each with the neighbouring situations put together.
    pub changes: Vec<Change>,
    /// Where a term ends on another day if the deployment gives another day of notification or another working week than the policies.
    pub due_days: Vec<DueDays>,
    /// By what apps are recognised no longer, or newly; of apps that both regulate.
    pub recognition: Vec<Recognition>,
    /// The facts that make a service device, if they are others.
    pub facts: Option<Turned<FactSet>>,
    /// The names of both time zones, if they are two: then every day begins at another instant.
    pub time_zone: Option<Turned<String>>,
    /// The top-level keys of the policy whose content differs, what is compared above included.
    pub keys: Vec<String>,
}

impl Comparison {
    /// Whether nothing that is decided or recognised changes; the words of the policy may.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.due_days.is_empty()
            && self.recognition.is_empty()
            && self.time_zone.is_none()
    }
}

/// One thing that changes, and the situations in which it does: every combination of what is listed, `None` being all there is.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What is known of the apps.
    pub subjects: Option<Vec<Subject>>,
    /// The class of the device under both policies.
    pub classes: Option<Vec<Turned<ClassName>>>,
    /// What prevents a removal.
    pub hindrances: Option<Vec<Hindrance>>,
    /// The holder's role, of those that one of the policies exempts.
    pub roles: Option<Vec<Option<NonEmpty>>>,
    /// When.
    pub when: Option<Vec<Span>>,
    /// In how many situations it changes. That may be some only, where facts of the device make the same class.
    pub situations: usize,
    /// What changes.
    pub what: Difference,
}

/// What is known of one app, all others being absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The app: any one of these, which have the same rule under each policy; empty where none is there.
    pub apps: Vec<AppId>,
    /// Whether it is there.
    pub presence: Presence,
    /// When it was installed, where that may make a difference.
    pub installed: Option<Span>,
}

/// A span of time: from its first instant until before the other; open where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first instant.
    pub from: Option<Instant>,
    /// The first instant after it.
    pub until: Option<Instant>,
}

/// What something was, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Turned<T> {
    /// Under the old policy.
    pub from: T,
    /// Under the new one.
    pub to: T,
}

/// One thing that changes in a situation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The class of the device.
    Class(Turned<ClassName>),
    /// What is decided; what stays the same is left out. It is certain unless the status is `unknown`.
    Verdict {
        /// The decision.
        decision: Option<Turned<Decision>>,
        /// The status.
        status: Option<Turned<Status>>,
        /// The network.
        zone: Option<Turned<NetworkZone>>,
    },
    /// Something no longer holds.
    NoLonger(Told),
    /// Something holds newly.
    Newly(Told),
}

/// Something that an assessment lists.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The verdict hangs on an unknown fact.
    HangsOnFact(Fact),
    /// It hangs on whether the app is there.
    HangsOnApp,
    /// The holder must do something about the app.
    Obligation(Duty),
    /// Something is advised.
    Advice(Code),
}

/// What the holder must do about an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Duty {
    /// What.
    pub kind: ObligationKind,
    /// The last day on which it is done in time.
    pub due: Option<Day>,
    /// How it stands.
    pub state: ObligationState,
}

/// Compares what two policies say, each under the default deployment; and their terms under any day of notification.
pub fn compare(old: &Policy, new: &Policy) -> Comparison {
    let (old_zone, new_zone) = (&old.document().time_zone, &new.document().time_zone);
    let space::Changes {
        changes,
        changed,
        situations,
    } = space::changes(old, new);
    Comparison {
        situations,
        changed,
        changes,
        due_days: terms::differences(old, new, &space::alike(old, new)),
        recognition: recognition::differences(old, new),
        facts: Turned::between(
            old.document().service_device.facts,
            new.document().service_device.facts,
        ),
        time_zone: (old_zone != new_zone).then(|| Turned {
            from: old_zone.name.to_string(),
            to: new_zone.name.to_string(),
        }),
        keys: keys(old, new),
    }
}

fn keys(old: &Policy, new: &Policy) -> Vec<String> {
    let keys = |policy: &Policy| match serde_json::to_value(policy.document()) {
        Ok(Value::Object(keys)) => keys,
        _ => serde_json::Map::new(),
    };
    let (old, new) = (keys(old), keys(new));
    let mut differing: Vec<_> = old.keys().chain(new.keys()).collect();
    differing.retain(|key| old.get(*key) != new.get(*key));
    differing.sort_unstable();
    differing.dedup();
    differing.into_iter().cloned().collect()
}

impl<T: PartialEq> Turned<T> {
    fn between(from: T, to: T) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }
}
