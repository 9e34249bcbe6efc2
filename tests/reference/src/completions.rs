//! The verdict: every way in which the unknown could turn out, decided one by one.

use serde_json::{Value, json};

use crate::facts::{self, Class, FACTS, Fact};
use crate::json::needed;
use crate::view::View;

/// Decision and status, of one policy or of several together.
pub(crate) struct Verdict {
    pub(crate) decision: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) certain: bool,
    pub(crate) missing: Vec<String>,
    pub(crate) status: &'static str,
    /// Staleness has a part in it.
    pub(crate) stale: bool,
}

impl Verdict {
    pub(crate) fn access(&self) -> Value {
        json!({ "decision": self.decision, "zone": self.zone, "certain": self.certain, "missing": self.missing })
    }
}

/// One way in which everything could be: what each fact says, and whether each app is there.
#[derive(Clone)]
struct Completion<'a> {
    says_service: Vec<(&'static str, bool)>,
    present: Vec<(&'a str, bool)>,
}

impl Completion<'_> {
    fn is_present(&self, app: &str) -> bool {
        self.present
            .iter()
            .any(|(name, present)| *name == app && *present)
    }

    fn says_service(&self, fact: &str) -> Option<bool> {
        self.says_service
            .iter()
            .find(|(name, _)| *name == fact)
            .map(|(_, says)| *says)
    }
}

/// The verdict of the policies viewed. `apps` are all the regulated apps, in the order in which they are named.
pub(crate) fn verdict(
    views: &[&View<'_>],
    facts: &[Fact],
    apps: &[&str],
    fallback: &str,
) -> Result<Verdict, String> {
    let mut all = vec![Completion {
        says_service: Vec::new(),
        present: Vec::new(),
    }];
    let mut unknown = Vec::new();
    for fact in FACTS {
        let says = facts
            .iter()
            .find(|one| one.name == fact)
            .and_then(|one| one.says_service);
        if says.is_none() {
            unknown.push(fact.to_owned());
        }
        all = with_each(&all, says, |completion, says| {
            completion.says_service.push((fact, says))
        });
    }
    for app in apps {
        let seen = views
            .iter()
            .flat_map(|view| &view.apps)
            .find(|one| one.app == *app);
        let Some(seen) = seen else { continue }; // no policy viewed here regulates it
        if seen.presence.present.is_none() {
            unknown.push(format!("app.{app}"));
        }
        all = with_each(&all, seen.presence.present, |completion, there| {
            completion.present.push((app, there))
        });
    }

    let mut denied = Vec::new();
    for completion in &all {
        denied.push(denies(views, completion)?);
    }
    let certain = !(denied.contains(&true) && denied.contains(&false));
    let certain_permit = !denied.contains(&true);
    let mut missing = Vec::new();
    if !certain {
        for name in unknown {
            let mut matters = false;
            for completion in &all {
                matters |= denies(views, completion)? != denies(views, &turned(completion, &name))?;
            }
            if matters {
                missing.push(name);
            }
        }
    }

    // A stale policy leaves no permit certain; denials stand.
    let certain_denial = certain && !certain_permit;
    let stale = views.iter().any(|view| view.stale) && !certain_denial;
    let certain = certain && !stale;

    let decision = match (certain, fallback) {
        (true, _) if certain_permit => "permit",
        (true, _) => "deny",
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
        stale,
    })
}

/// Every completion so far, continued with the known value, or once with each of the two.
fn with_each<'a>(
    all: &[Completion<'a>],
    known: Option<bool>,
    mut put: impl FnMut(&mut Completion<'a>, bool),
) -> Vec<Completion<'a>> {
    let values = match known {
        Some(value) => vec![value],
        None => vec![false, true],
    };
    let mut continued = Vec::new();
    for completion in all {
        for value in &values {
            let mut next = completion.clone();
            put(&mut next, *value);
            continued.push(next);
        }
    }
    continued
}

/// The same completion with one fact the other way round.
fn turned<'a>(completion: &Completion<'a>, name: &str) -> Completion<'a> {
    let mut turned = completion.clone();
    for (fact, says) in &mut turned.says_service {
        if *fact == name {
            *says = !*says;
        }
    }
    for (app, there) in &mut turned.present {
        if format!("app.{app}") == name {
            *there = !*there;
        }
    }
    turned
}

/// A completion is denied if any policy that applies denies it for any of its apps.
fn denies(views: &[&View<'_>], completion: &Completion<'_>) -> Result<bool, String> {
    for view in views {
        if !view.applies() {
            continue;
        }
        let service =
            facts::class(view.policy, |fact| completion.says_service(fact)) == Class::Service;
        for app in &view.apps {
            if !completion.is_present(app.app) {
                continue;
            }
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
