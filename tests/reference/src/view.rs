//! How one policy sees the device at one instant.

use jiff::civil::Date;
use serde_json::Value;

use crate::Given;
use crate::calendar::{self, Days};
use crate::facts::{self, Class, Fact};
use crate::json::{self, Instant, list, text, texts};
use crate::presence::Presence;

/// One policy's view.
pub(crate) struct View<'a> {
    pub(crate) policy: &'a Value,
    pub(crate) class: Class,
    /// For each of the four facts, whether it is listed.
    pub(crate) lists: Vec<bool>,
    /// The listed facts that make a service device.
    pub(crate) because: Vec<&'static str>,
    /// The listed facts that are unknown, while the class is undetermined.
    pub(crate) missing: Vec<&'static str>,
    /// Every fact that it lists is clear, one of them by self-declared statements alone.
    pub(crate) cleared_by_self_declaration: bool,
    pub(crate) in_force: bool,
    pub(crate) exempt: bool,
    pub(crate) stale: bool,
    pub(crate) review_passed: bool,
    /// One for each regulated app, in policy order.
    pub(crate) apps: Vec<AppView<'a>>,
}

/// One app under one policy.
pub(crate) struct AppView<'a> {
    pub(crate) app: &'a str,
    pub(crate) rule: &'a Value,
    pub(crate) presence: Presence,
    /// Whether it is an existing install, if it is present.
    pub(crate) existing: Option<bool>,
    pub(crate) due: Option<Date>,
    pub(crate) due_day_is_over: bool,
    /// Whether the holder declares an impediment; if so, whether the supervisor was informed by now.
    pub(crate) impediment: Option<bool>,
}

/// The apps of a policy, each with its rule.
pub(crate) fn apps_of(policy: &Value) -> Vec<(&str, &Value)> {
    let mut apps = Vec::new();
    for rule in list(policy, "rules") {
        for app in texts(rule, "apps") {
            apps.push((app, rule));
        }
    }
    apps
}

impl<'a> View<'a> {
    pub(crate) fn of(
        policy: &'a Value,
        days: &Days,
        given: &Given<'a>,
        presences: &[(&str, Presence)],
        at: Instant,
    ) -> Result<Self, String> {
        let lists = facts::listed(policy);
        let says_service: Vec<Option<bool>> =
            given.facts.iter().map(|fact| fact.says_service).collect();
        let class = facts::class(&lists, &says_service);
        let listed: Vec<&Fact> = given
            .facts
            .iter()
            .zip(&lists)
            .filter(|(_, listed)| **listed)
            .map(|(fact, _)| fact)
            .collect();
        let named = |says: Option<bool>| -> Vec<&'static str> {
            listed
                .iter()
                .filter(|fact| fact.says_service == says)
                .map(|fact| fact.name)
                .collect()
        };

        let roles = given
            .record
            .get("holder")
            .map(|holder| texts(holder, "roles"))
            .unwrap_or_default();
        let exempt_roles = policy
            .get("exemption")
            .map(|exemption| texts(exemption, "roles"))
            .unwrap_or_default();
        let stale = match (
            text(policy, "stale_since"),
            text(given.deployment, "policy_stale_after"),
        ) {
            (Some(since), Some(after)) => {
                at >= json::instant(since)?.saturating_add(json::duration(after)?)
            }
            _ => false,
        };

        let mut apps = Vec::new();
        for (rule, due) in list(policy, "rules").iter().zip(&days.due) {
            for app in texts(rule, "apps") {
                let presence = presences
                    .iter()
                    .find(|(name, _)| *name == app)
                    .map(|(_, presence)| presence.clone());
                let presence = presence.ok_or("an app without presence")?;
                let is_existing = due.is_some()
                    && presence.sightings.iter().all(|sighting| {
                        sighting
                            .first_installed
                            .is_none_or(|first| first < days.end_of_notification_day)
                    });
                let impediment = given
                    .record
                    .get("impediments")
                    .and_then(|impediments| impediments.get(app));
                let supervisor_informed =
                    match impediment.and_then(|one| text(one, "supervisor_informed_on")) {
                        None => false,
                        Some(day) => at >= calendar::start_of(json::date(day)?, &days.zone)?,
                    };
                apps.push(AppView {
                    app,
                    rule,
                    existing: (presence.present == Some(true)).then_some(is_existing),
                    presence,
                    due: due.map(|(day, _)| day),
                    due_day_is_over: due.is_some_and(|(_, end)| at >= end),
                    impediment: impediment.map(|_| supervisor_informed),
                });
            }
        }
        Ok(View {
            policy,
            class,
            because: named(Some(true)),
            missing: if class == Class::Undetermined {
                named(None)
            } else {
                Vec::new()
            },
            cleared_by_self_declaration: listed
                .iter()
                .any(|fact| fact.cleared_by_self_declaration_alone),
            lists,
            in_force: at >= days.start_of_force,
            exempt: roles.iter().any(|role| exempt_roles.contains(role)),
            stale,
            review_passed: days.start_of_review.is_some_and(|review| at >= review),
            apps,
        })
    }

    /// In force, and addressed to this holder.
    pub(crate) fn applies(&self) -> bool {
        self.in_force && !self.exempt
    }

    /// Whether a removal is owed that is still in time.
    pub(crate) fn has_pending_removal(&self) -> bool {
        self.applies()
            && self.class == Class::Service
            && self
                .apps
                .iter()
                .any(|app| app.existing == Some(true) && !app.due_day_is_over)
    }
}
