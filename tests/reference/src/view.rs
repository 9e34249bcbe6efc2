//! How one policy sees the device at one instant.

use jiff::civil::Date;
use serde_json::Value;

use crate::calendar;
use crate::facts::{self, Class, Fact};
use crate::json::{self, Instant, list, text, texts};
use crate::presence::Presence;

/// One policy's view.
pub(crate) struct View<'a> {
    pub(crate) policy: &'a Value,
    pub(crate) class: Class,
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
        record: &Value,
        deployment: &Value,
        facts: &[Fact],
        presences: &[(&str, Presence)],
        at: Instant,
    ) -> Result<Self, String> {
        let zone = calendar::zone(policy)?;
        let listed: Vec<&Fact> = facts
            .iter()
            .filter(|fact| facts::lists(policy, fact.name))
            .collect();
        let class = facts::class(policy, |name| {
            facts
                .iter()
                .find(|fact| fact.name == name)
                .and_then(|fact| fact.says_service)
        });
        let named = |says: Option<bool>| -> Vec<&'static str> {
            listed
                .iter()
                .filter(|fact| fact.says_service == says)
                .map(|fact| fact.name)
                .collect()
        };

        let in_force_from = json::date(json::needed(policy, "/in_force_from/date")?)?;
        let roles = record
            .get("holder")
            .map(|holder| texts(holder, "roles"))
            .unwrap_or_default();
        let exempt_roles = policy
            .get("exemption")
            .map(|exemption| texts(exemption, "roles"))
            .unwrap_or_default();
        let review = policy
            .pointer("/review/on")
            .and_then(Value::as_str)
            .map(json::date)
            .transpose()?;
        let stale = match (
            text(policy, "stale_since"),
            text(deployment, "policy_stale_after"),
        ) {
            (Some(since), Some(after)) => {
                at >= json::instant(since)?.saturating_add(json::duration(after)?)
            }
            _ => false,
        };

        let end_of_notification_day =
            calendar::end_of(calendar::notified_on(policy, deployment)?, &zone)?;
        let mut apps = Vec::new();
        for (app, rule) in apps_of(policy) {
            let presence = presences
                .iter()
                .find(|(name, _)| *name == app)
                .map(|(_, presence)| presence.clone())
                .ok_or("an app without presence")?;
            let due = calendar::due_day(policy, rule, deployment)?;
            let all_before_the_end = presence.sightings.iter().all(|sighting| {
                sighting
                    .first_installed
                    .is_none_or(|first| first < end_of_notification_day)
            });
            let existing =
                (presence.present == Some(true)).then_some(due.is_some() && all_before_the_end);
            let impediment = match record
                .get("impediments")
                .and_then(|impediments| impediments.get(app))
            {
                None => None,
                Some(impediment) => match text(impediment, "supervisor_informed_on") {
                    None => Some(false),
                    Some(on) => Some(at >= calendar::start_of(json::date(on)?, &zone)?),
                },
            };
            apps.push(AppView {
                app,
                rule,
                presence,
                existing,
                due,
                due_day_is_over: match due {
                    Some(due) => at >= calendar::end_of(due, &zone)?,
                    None => false,
                },
                impediment,
            });
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
            in_force: at >= calendar::start_of(in_force_from, &zone)?,
            exempt: roles.iter().any(|role| exempt_roles.contains(role)),
            stale,
            review_passed: match review {
                Some(review) => at >= calendar::start_of(review, &zone)?,
                None => false,
            },
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
