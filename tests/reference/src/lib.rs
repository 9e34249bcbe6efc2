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

use completions::Verdict;
use json::{Instant, list, text};
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
    let given = Given {
        policies,
        record,
        deployment,
    };
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
        let facts = facts::read(given.record, given.deployment)?;
        let mut presences: Vec<(&str, Presence)> = Vec::new();
        for app in given.apps() {
            presences.push((
                app,
                presence::of(app, given.policies, given.record, given.deployment, at)?,
            ));
        }
        let mut views = Vec::new();
        for policy in given.policies {
            views.push(View::of(
                policy,
                given.record,
                given.deployment,
                &facts,
                &presences,
                at,
            )?);
        }
        let fallback = text(given.deployment, "when_undetermined").unwrap_or("deny");
        let apps = given.apps();
        let mut own = Vec::new();
        for view in &views {
            own.push(completions::verdict(&[view], &facts, &apps, fallback)?);
        }
        let together: Vec<&View<'_>> = views.iter().collect();
        let joint = completions::verdict(&together, &facts, &apps, fallback)?;
        Ok(Moment {
            at,
            views,
            own,
            joint,
        })
    }
}

impl<'a> Given<'a> {
    /// The regulated apps: policies in the order given, rules in order, apps in order.
    fn apps(&self) -> Vec<&'a str> {
        let mut apps = Vec::new();
        for policy in self.policies {
            for (app, _) in view::apps_of(policy) {
                if !apps.contains(&app) {
                    apps.push(app);
                }
            }
        }
        apps
    }

    /// More instants than needed: every date that a policy or the record names, as the first instant of the day and
    /// as the first one after it, and every instant with each of the deployment's limits added.
    fn instants_that_could_matter(&self) -> Result<BTreeSet<Instant>, String> {
        let mut days = Vec::new();
        for app in self
            .record
            .get("impediments")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            days.extend(
                text(app.1, "supervisor_informed_on")
                    .map(json::date)
                    .transpose()?,
            );
        }
        let mut instants = BTreeSet::new();
        for policy in self.policies {
            let zone = calendar::zone(policy)?;
            let mut days = days.clone();
            days.push(calendar::notified_on(policy, self.deployment)?);
            for pointer in ["/in_force_from/date", "/review/on"] {
                days.extend(
                    policy
                        .pointer(pointer)
                        .and_then(Value::as_str)
                        .map(json::date)
                        .transpose()?,
                );
            }
            for rule in list(policy, "rules") {
                days.extend(calendar::due_day(policy, rule, self.deployment)?);
            }
            for day in days {
                instants.insert(calendar::start_of(day, &zone)?);
                instants.insert(calendar::end_of(day, &zone)?);
            }
        }

        let mut named = Vec::new();
        for policy in self.policies {
            named.extend(text(policy, "stale_since"));
        }
        for observation in list(self.record, "observations") {
            named.extend(text(observation, "taken_at"));
        }
        for declaration in self
            .record
            .get("declarations")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            named.extend(text(declaration.1, "declared_at"));
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
