//! What a term comes to where the deployment gives another day of notification, or another working week, than the policy.

use serde::Serialize;

use super::Turned;
use crate::{
    calendar::WorkingWeek,
    deployment::{Deployment, NotifiedOn},
    names::AppId,
    policy::{Policy, Term},
    time::Day,
};

/// So many days of notification are tried, from the day on which the first of the policies comes into force: ten years, in which
/// movable feasts fall early and late.
const DAYS: i64 = 3653;

/// The day on which a removal is due turns with the day of notification that a deployment gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueDays {
    /// The apps.
    pub apps: Vec<AppId>,
    /// From how many days of notification it is another day: under the working week of the policies, or under one that a deployment
    /// gives.
    pub days: usize,
    /// Of how many that were tried.
    pub of: usize,
    /// One of these days of notification.
    pub notified_on: Day,
    /// The working week, if it takes one that a deployment gives.
    pub working_week: Option<WorkingWeek>,
    /// The last day of the term.
    pub due: Turned<Day>,
}

pub(super) fn differences(old: &Policy, new: &Policy, alike: &[Vec<AppId>]) -> Vec<DueDays> {
    let term = |policy: &Policy, apps: &[AppId]| {
        let mut rules = policy.document().rules.iter();
        let rule = rules.find(|rule| apps.iter().any(|app| rule.apps.contains(app)))?;
        Some(rule.removal.as_ref()?.term)
    };
    let terms = alike.iter().filter_map(|apps| {
        let terms = Turned {
            from: term(old, apps)?,
            to: term(new, apps)?,
        };
        Some((apps, terms))
    });
    terms
        .filter_map(|(apps, terms)| of_term(old, new, apps, terms))
        .collect()
}

fn of_term(old: &Policy, new: &Policy, apps: &[AppId], terms: Turned<Term>) -> Option<DueDays> {
    let first = old
        .document()
        .in_force_from
        .date
        .min(new.document().in_force_from.date);
    let (mut days, mut found) = (0, None);
    for day in 0..DAYS {
        let notified_on = first.plus_days(day);
        let weeks = [None, Some(WorkingWeek::MonFri), Some(WorkingWeek::MonSat)];
        let mut turned = weeks.into_iter().filter_map(|working_week| {
            let deployment = Deployment {
                notified_on: Some(NotifiedOn::All(notified_on)),
                working_week,
                ..Deployment::default()
            };
            let due = Turned {
                from: old.due_day(terms.from, &deployment),
                to: new.due_day(terms.to, &deployment),
            };
            (due.from != due.to).then_some((notified_on, working_week, due))
        });
        if let Some(here) = turned.next() {
            days += 1;
            found.get_or_insert(here);
        }
    }
    let (notified_on, working_week, due) = found?;
    Some(DueDays {
        apps: apps.to_vec(),
        days,
        of: usize::try_from(DAYS).unwrap_or_default(),
        notified_on,
        working_week,
        due,
    })
}
