//! One policy's assessment, written out: findings, obligations, reasons and advice.

use serde_json::{Value, json};

use crate::completions::Verdict;
use crate::facts::Class;
use crate::json::{list, needed, text};
use crate::view::{AppView, View};

/// The codes of reasons and of advice, in the order in which they are given.
const CODES: [&str; 25] = [
    "owned_by_organization",
    "purchase_funded",
    "subscription_funded",
    "usage_funded",
    "nothing_makes_it_service",
    "class_undetermined",
    "forbidden_on_service_device",
    "within_removal_term",
    "removal_term_passed",
    "installed_after_notification",
    "personal_device_with_app",
    "no_regulated_app",
    "not_in_force",
    "exempt_role",
    "undetermined_denied",
    "undetermined_permitted",
    "clock_went_back",
    "policy_stale",
    "update_needs_newer_app",
    "state_damaged",
    "ccb_advice",
    "inform_supervisor_if_prevented",
    "recommended_not_to_install",
    "settle_missing_fact",
    "review_date_passed",
];

/// The assessment of one policy.
pub(crate) fn assessment(
    view: &View<'_>,
    verdict: &Verdict,
    valid_until: Option<String>,
) -> Result<Value, String> {
    let findings: Vec<Value> = view.apps.iter().map(finding).collect();
    Ok(json!({
        "policy": { "id": view.policy.get("id"), "version": view.policy.get("version") },
        "valid_until": valid_until,
        "device_class": { "class": view.class.name(), "because": view.because, "missing": view.missing },
        "access": verdict.access(),
        "status": verdict.status,
        "findings": findings,
        "obligations": obligations(view)?,
        "reasons": reasons(view, verdict)?,
        "advice": advice(view, verdict)?,
    }))
}

fn finding(app: &AppView<'_>) -> Value {
    json!({
        "app": app.app,
        "presence": match app.presence.present {
            Some(true) => "present",
            Some(false) => "absent",
            None => "unknown",
        },
        "evidence": app.presence.evidence,
        "install": app.existing.map(|existing| if existing { "existing" } else { "new" }),
    })
}

fn obligations(view: &View<'_>) -> Result<Vec<Value>, String> {
    let mut obligations = Vec::new();
    if !view.applies() || view.class != Class::Service {
        return Ok(obligations);
    }
    for app in &view.apps {
        let Some(existing) = app.existing else {
            continue;
        };
        let due = app.due.map(|due| due.to_string());
        let (due, state, basis) = match (existing, app.due_day_is_over) {
            (true, false) => (due, "pending", "/removal/basis"),
            (true, true) => (due, "overdue", "/removal/basis"),
            (false, _) => (None, "due_now", "/service/basis"),
        };
        obligations.push(
            json!({ "kind": "remove_app", "app": app.app, "due": due, "state": state,
            "basis": needed(app.rule, basis)? }),
        );
        if let (Some(informed), Some(directive)) = (app.impediment, app.rule.get("impediment")) {
            let state = if informed { "done" } else { "due_now" };
            obligations.push(
                json!({ "kind": "inform_supervisor", "app": app.app, "due": null, "state": state,
                "basis": needed(directive, "/basis")? }),
            );
        }
    }
    Ok(obligations)
}

/// A reason or an advice before it is put in order.
struct Entry<'a> {
    code: &'a str,
    basis: Option<&'a str>,
    interpretation: bool,
}

fn reasons(view: &View<'_>, verdict: &Verdict) -> Result<Vec<Value>, String> {
    let policy = view.policy;
    let is_left_open = |point: &str| {
        list(policy, "interpretations")
            .iter()
            .any(|one| text(one, "point") == Some(point))
    };
    let mut found: Vec<Entry<'_>> = Vec::new();
    let mut say = |code, basis, interpretation| {
        found.push(Entry {
            code,
            basis,
            interpretation,
        })
    };

    // The class (reading 19).
    let made_by = Some(needed(policy, "/service_device/basis")?);
    for fact in &view.because {
        let code = match *fact {
            "ownership" => "owned_by_organization",
            "funding.purchase" => "purchase_funded",
            "funding.subscription" => "subscription_funded",
            _ => "usage_funded",
        };
        say(code, made_by, false);
    }
    match view.class {
        Class::Service => {}
        Class::Personal => {
            let self_declared =
                view.cleared_by_self_declaration && is_left_open("self_declared_facts");
            say(
                "nothing_makes_it_service",
                made_by,
                is_left_open("personal_class") || self_declared,
            );
        }
        Class::Undetermined => say("class_undetermined", made_by, false),
    }

    // Whether it applies (reading 20), and if so the apps (reading 21).
    if !view.in_force {
        say(
            "not_in_force",
            Some(needed(policy, "/in_force_from/basis")?),
            is_left_open("in_force"),
        );
    }
    if view.exempt {
        say(
            "exempt_role",
            Some(needed(policy, "/exemption/basis")?),
            false,
        );
    }
    if view.applies() {
        for app in &view.apps {
            let Some(existing) = app.existing else {
                continue;
            };
            let sightings = &app.presence.sightings;
            let marked = sightings
                .iter()
                .all(|sighting| sighting.through_marked_groups);
            if view.class != Class::Personal {
                let service = Some(needed(app.rule, "/service/basis")?);
                let read_so = marked || is_left_open("service_decision");
                say("forbidden_on_service_device", service, read_so);
                if existing {
                    let removal = Some(needed(app.rule, "/removal/basis")?);
                    let in_working_days = app.rule.pointer("/removal/term/working_days").is_some();
                    let a_time_is_unknown = sightings
                        .iter()
                        .any(|sighting| sighting.first_installed.is_none());
                    let mut open = marked;
                    open |= in_working_days && is_left_open("working_week");
                    open |= a_time_is_unknown && is_left_open("unknown_install_time");
                    if app.due_day_is_over {
                        open |= is_left_open("after_due");
                        open |= app.impediment.is_some() && is_left_open("impediment");
                        say("removal_term_passed", removal, open);
                    } else {
                        open |= is_left_open("until_due");
                        say("within_removal_term", removal, open);
                    }
                } else if app.due.is_some() {
                    say("installed_after_notification", service, read_so);
                }
            }
            if view.class != Class::Service {
                say(
                    "personal_device_with_app",
                    Some(needed(app.rule, "/personal/basis")?),
                    marked || is_left_open("personal_decision"),
                );
            }
        }
        if view
            .apps
            .iter()
            .all(|app| app.presence.present == Some(false))
        {
            let open = view
                .apps
                .iter()
                .any(|app| app.presence.absent_by_interpretation);
            say("no_regulated_app", None, open);
        }
    }

    // What the unknown and staleness add (reading 22).
    if !verdict.certain {
        let code = if verdict.decision == "deny" {
            "undetermined_denied"
        } else {
            "undetermined_permitted"
        };
        say(code, None, false);
    }
    if view.stale {
        say("policy_stale", None, false);
    }

    let mut reasons = Vec::new();
    for (code, basis, causes) in in_order(&found, policy) {
        let interpretation = causes.iter().any(|cause| cause.interpretation);
        reasons.push(json!({ "code": code, "basis": basis, "interpretation": interpretation }));
    }
    Ok(reasons)
}

/// Code by code, then basis by basis as the policy lists its directives, none first; equal code and basis are one
/// (reading 23, and for advice by the same habit reading 26).
fn in_order<'e, 'a>(
    found: &'e [Entry<'a>],
    policy: &'a Value,
) -> Vec<(&'static str, Option<&'a str>, Vec<&'e Entry<'a>>)> {
    let mut bases = vec![None];
    bases.extend(
        list(policy, "directives")
            .iter()
            .map(|directive| text(directive, "id")),
    );
    let mut in_order = Vec::new();
    for code in CODES {
        for basis in &bases {
            let same: Vec<&Entry<'_>> = found
                .iter()
                .filter(|entry| entry.code == code && entry.basis == *basis)
                .collect();
            if !same.is_empty() {
                in_order.push((code, *basis, same));
            }
        }
    }
    in_order
}

fn advice(view: &View<'_>, verdict: &Verdict) -> Result<Vec<Value>, String> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    let mut say = |code, basis| {
        found.push(Entry {
            code,
            basis,
            interpretation: false,
        })
    };

    for own in list(view.policy, "advice") {
        say(needed(own, "/code")?, text(own, "basis"));
    }
    for app in &view.apps {
        if !view.applies() || app.existing.is_none() {
            continue;
        }
        match view.class {
            Class::Service => {
                if let (Some(true), Some(directive), None) =
                    (app.existing, app.rule.get("impediment"), app.impediment)
                {
                    say("inform_supervisor_if_prevented", text(directive, "basis"));
                }
            }
            Class::Personal => {
                let personal = app.rule.get("personal").ok_or("a rule without personal")?;
                if let ("permit", Some(code)) = (verdict.decision, text(personal, "advice")) {
                    say(code, text(personal, "basis"));
                }
            }
            Class::Undetermined => {}
        }
    }
    if !verdict.missing.is_empty() {
        say("settle_missing_fact", None);
    }
    if view.review_passed {
        say(
            "review_date_passed",
            Some(needed(view.policy, "/review/basis")?),
        );
    }

    let mut advice = Vec::new();
    for (code, basis, _) in in_order(&found, view.policy) {
        advice.push(json!({ "code": code, "basis": basis }));
    }
    Ok(advice)
}
