//! A second evaluator of octroi's rules, to hold against the first.
//!
//! It is written from the meaning of the verdicts and `docs/readings.md` alone, shares no code with the core, and
//! prefers the plain way over the clever one: it reads the JSON as it goes, enumerates every completion of what is
//! unknown, and finds out how long a verdict stands by assessing again at every instant that could matter.
//!
//! It trusts its input to be valid; what it cannot read is an `Err`, never a guess.

mod calendar;
mod catalogue;
mod completions;
mod facts;
mod json;
mod output;
mod presence;
mod view;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use calendar::Days;
use catalogue::Entry;
use completions::Verdict;
use facts::Fact;
use json::{Instant, entries, list, text};
use presence::Presence;
use view::View;

/// Assesses a device record: policies as wire JSON (each may carry a further key `stale_since`, an instant), a
/// record, a deployment and an RFC 3339 instant in; the whole assessment out.
///
/// # Errors
///
/// What could not be read, in plain words.
pub fn assess(
    policies: &[Value],
    record: &Value,
    deployment: &Value,
    at: &str,
) -> Result<Value, String> {
    let given = Given::read(policies, record, deployment)?;
    let at = json::instant(at)?;
    let now = Moment::at(&given, at)?;
    let mut later = Vec::new();
    for instant in given.instants_that_could_matter()? {
        if instant > at {
            later.push(Moment::at(&given, instant)?);
        }
    }

    let mut assessments = Vec::new();
    for (position, (view, verdict)) in now.views.iter().zip(&now.own).enumerate() {
        let valid_until = first_change(&later, verdict, |moment| moment.own.get(position));
        assessments.push(output::assessment(view, verdict, valid_until)?);
    }
    Ok(json!({
        "format": 1,
        "device_id": record.pointer("/device/id"),
        "assessed_at": json::print(at)?,
        "valid_until": first_change(&later, &now.joint, |moment| Some(&moment.joint)),
        "access": now.joint.access(),
        "status": now.joint.status,
        "assessments": assessments,
    }))
}

/// Everything but the instant.
struct Given<'a> {
    policies: &'a [Value],
    record: &'a Value,
    deployment: &'a Value,
    facts: Vec<Fact>,
    /// The regulated apps: policies in the order given, rules in order, apps in order.
    apps: Vec<(&'a str, Entry<'a>)>,
    /// For each policy.
    days: Vec<Days>,
}

/// How the same input looks at one instant.
struct Moment<'a> {
    at: Instant,
    views: Vec<View<'a>>,
    own: Vec<Verdict>,
    joint: Verdict,
}

impl<'a> Moment<'a> {
    fn at(given: &Given<'a>, at: Instant) -> Result<Self, String> {
        let mut presences: Vec<(&str, Presence)> = Vec::new();
        for (app, entry) in &given.apps {
            presences.push((
                app,
                presence::of(app, entry, given.record, given.deployment, at)?,
            ));
        }
        let mut views = Vec::new();
        for (policy, days) in given.policies.iter().zip(&given.days) {
            views.push(View::of(policy, days, given, &presences, at)?);
        }
        let fallback = text(given.deployment, "when_undetermined").unwrap_or("deny");
        let mut own = Vec::new();
        for view in &views {
            // Of its own apps alone, and in its own order.
            let of_its_apps: Vec<(&str, Presence)> = view
                .apps
                .iter()
                .map(|regulated| (regulated.app, regulated.presence.clone()))
                .collect();
            own.push(completions::verdict(
                &[view],
                &given.facts,
                &of_its_apps,
                fallback,
            )?);
        }
        let together: Vec<&View<'_>> = views.iter().collect();
        let joint = completions::verdict(&together, &given.facts, &presences, fallback)?;
        Ok(Moment {
            at,
            views,
            own,
            joint,
        })
    }
}

impl<'a> Given<'a> {
    fn read(
        policies: &'a [Value],
        record: &'a Value,
        deployment: &'a Value,
    ) -> Result<Self, String> {
        let platform = json::needed(record, "/device/platform")?;
        let mut apps: Vec<(&str, Entry<'_>)> = Vec::new();
        let mut days = Vec::new();
        for policy in policies {
            days.push(Days::of(policy, deployment)?);
            for (app, _) in view::apps_of(policy) {
                if !apps.iter().any(|(known, _)| *known == app) {
                    apps.push((app, Entry::of(app, platform, policies)));
                }
            }
        }
        let facts = facts::read(record, deployment)?;
        Ok(Given {
            policies,
            record,
            deployment,
            facts,
            apps,
            days,
        })
    }

    /// More instants than needed: every day that a policy or the record names begins or ends at one, and every instant
    /// that is named stands with each of the deployment's limits added.
    fn instants_that_could_matter(&self) -> Result<BTreeSet<Instant>, String> {
        let mut instants = BTreeSet::new();
        for days in &self.days {
            instants.extend([days.start_of_force, days.end_of_notification_day]);
            instants.extend(days.start_of_review);
            instants.extend(days.due.iter().flatten().map(|(_, end)| end));
            for (_, impediment) in entries(self.record, "impediments") {
                if let Some(day) = text(impediment, "supervisor_informed_on") {
                    instants.insert(calendar::start_of(json::date(day)?, &days.zone)?);
                }
            }
        }

        let mut named = Vec::new();
        for policy in self.policies {
            named.extend(text(policy, "stale_since"));
        }
        for observation in list(self.record, "observations") {
            named.extend(text(observation, "taken_at"));
        }
        for (_, declaration) in entries(self.record, "declarations") {
            named.extend(text(declaration, "declared_at"));
        }
        for name in named {
            let instant = json::instant(name)?;
            instants.insert(instant);
            for limit in [
                "observation_valid_for",
                "declaration_valid_for",
                "policy_stale_after",
            ] {
                if let Some(duration) = text(self.deployment, limit) {
                    instants.insert(instant.saturating_add(json::duration(duration)?));
                }
            }
        }
        Ok(instants)
    }
}

/// `valid_until`: the first later instant with another decision or status.
fn first_change<'m>(
    later: &'m [Moment<'_>],
    now: &Verdict,
    of: impl Fn(&'m Moment<'_>) -> Option<&'m Verdict>,
) -> Option<String> {
    for moment in later {
        if let Some(then) = of(moment)
            && (then.decision != now.decision || then.status != now.status)
        {
            return json::print(moment.at).ok();
        }
    }
    None
}
