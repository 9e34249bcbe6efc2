//! The verdict: every way in which the unknown could turn out, decided one by one.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::facts::{self, Class, Fact};
use crate::json::needed;
use crate::presence::Presence;
use crate::view::View;

/// Decision and status, of one policy or of several together.
pub(crate) struct Verdict {
    pub(crate) decision: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) certain: bool,
    pub(crate) missing: Vec<String>,
    pub(crate) status: &'static str,
}

impl Verdict {
    pub(crate) fn access(&self) -> Value {
        json!({ "decision": self.decision, "zone": self.zone, "certain": self.certain, "missing": self.missing })
    }
}

/// One way in which everything could be: for each fact whether it makes a service device, then for each app whether it
/// is there.
type Completion = Vec<bool>;

/// The verdict of the policies viewed. `presences` has every app that any of them regulates.
pub(crate) fn verdict(
    views: &[&View<'_>],
    facts: &[Fact],
    presences: &[(&str, Presence)],
    fallback: &str,
) -> Result<Verdict, String> {
    // Everything that a completion settles, each with what is known of it.
    let mut questions: Vec<(String, Option<bool>)> = Vec::new();
    for fact in facts {
        questions.push((fact.name.to_owned(), fact.says_service));
    }
    for (app, presence) in presences {
        questions.push((format!("app.{app}"), presence.present));
    }

    let mut completions: Vec<Completion> = vec![Vec::new()];
    for (_, known) in &questions {
        let mut continued = Vec::new();
        for completion in &completions {
            for answer in [false, true] {
                if known.is_none_or(|known| known == answer) {
                    let mut next = completion.clone();
                    next.push(answer);
                    continued.push(next);
                }
            }
        }
        completions = continued;
    }

    let mut denied: HashMap<Completion, bool> = HashMap::new();
    for completion in &completions {
        denied.insert(
            completion.clone(),
            denies(views, facts, presences, completion)?,
        );
    }
    let some_denied = denied.values().any(|denied| *denied);
    let all_denied = denied.values().all(|denied| *denied);
    let mut missing = Vec::new();
    for (position, (name, known)) in questions.iter().enumerate() {
        let mut matters = false;
        for completion in &completions {
            // The same completion with this one fact the other way round.
            let mut other = completion.clone();
            if let Some(answer) = other.get_mut(position) {
                *answer = !*answer;
            }
            matters |= known.is_none() && denied.get(completion) != denied.get(&other);
        }
        if matters {
            missing.push(name.clone());
        }
    }

    // A stale policy leaves no permit certain; denials stand.
    let certain = if some_denied {
        all_denied
    } else {
        !views.iter().any(|view| view.stale)
    };
    let decision = match (certain, fallback) {
        (true, _) if all_denied => "deny",
        (true, _) => "permit",
        (false, "deny") => "deny",
        (false, "permit") => "permit",
        (false, other) => return Err(format!("when_undetermined: {other}")),
    };
    let zone = if decision == "deny" {
        "none"
    } else if views.iter().all(|view| view.class == Class::Service) {
        "service"
    } else {
        "personal"
    };
    let status = if !certain {
        "unknown"
    } else if views.iter().all(|view| !view.applies()) {
        "not_applicable"
    } else if decision == "deny" {
        "noncompliant"
    } else if views.iter().any(|view| view.has_pending_removal()) {
        "in_grace_period"
    } else {
        "compliant"
    };
    Ok(Verdict {
        decision,
        zone,
        certain,
        missing,
        status,
    })
}

/// A completion is denied if any policy that applies denies it for any of its apps.
fn denies(
    views: &[&View<'_>],
    facts: &[Fact],
    presences: &[(&str, Presence)],
    completion: &Completion,
) -> Result<bool, String> {
    let (says_service, is_there) = completion
        .split_at_checked(facts.len())
        .ok_or("a completion too short")?;
    for view in views {
        if !view.applies() {
            continue;
        }
        let answers: Vec<Option<bool>> = says_service.iter().copied().map(Some).collect();
        let service = facts::class(&view.lists, &answers) == Class::Service;
        for ((name, _), there) in presences.iter().zip(is_there) {
            let Some(app) = view.apps.iter().find(|app| app.app == *name && *there) else {
                continue;
            };
            // What was neither seen nor declared is taken as new.
            let existing = app.existing.unwrap_or(false);
            let decision = needed(
                app.rule,
                match (service, existing, app.due_day_is_over) {
                    (true, true, false) => "/removal/until_due",
                    (true, true, true) => "/removal/after_due",
                    (true, false, _) => "/service/decision",
                    (false, _, _) => "/personal/decision",
                },
            )?;
            if decision == "deny" {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
