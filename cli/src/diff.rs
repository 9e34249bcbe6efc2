//! `octroi policy diff`: in which situations two policies decide differently, in words.

use std::{
    collections::BTreeSet,
    fmt::{Display, Write},
};

use octroi_core::{
    AppId, Change, Comparison, Day, Difference, DueDays, Duty, Fact, FactSet, Hindrance, Instant,
    Language, NonEmpty, ObligationKind, Platform, Policy, Presence, Recognition, Sign, Span,
    Subject, Told, Turned, WorkingWeek, compare, visible, written_day,
};
use serde::Serialize;

use crate::{
    Outcome,
    arguments::{Diff, Format},
    failure::Failure,
    page, policy,
};

pub(crate) fn diff(arguments: &Diff) -> Result<Outcome, Failure> {
    let (old, new) = (policy::find(&arguments.old)?, policy::find(&arguments.new)?);
    let comparison = compare(&old, &new);
    page::print(&match arguments.format {
        Format::Json => {
            serde_json::to_string_pretty(&comparison).map_err(std::io::Error::other)? + "\n"
        }
        Format::Human => {
            let report = Report {
                old: &old,
                new: &new,
            };
            report
                .text(&comparison)
                .lines()
                .map(|line| visible(line) + "\n")
                .collect()
        }
    })?;
    Ok(if comparison.is_empty() {
        Outcome::Good
    } else {
        Outcome::Bad
    })
}

struct Report<'a> {
    old: &'a Policy,
    new: &'a Policy,
}

impl Report<'_> {
    fn text(&self, comparison: &Comparison) -> String {
        let named =
            |policy: &Policy| format!("{} version {}", policy.id(), policy.document().version);
        let mut text = format!("{} -> {}\n", named(self.old), named(self.new));
        let Comparison {
            changed,
            situations,
            ..
        } = comparison;
        let _ = writeln!(text, "{changed} of {situations} situations change.");
        if let Some(Turned { from, to }) = &comparison.facts {
            let facts = |facts: &FactSet| {
                facts
                    .iter()
                    .map(Fact::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let _ = writeln!(
                text,
                "\nThe facts that make a service device: {} -> {}",
                facts(from),
                facts(to)
            );
        }
        if let Some(Turned { from, to }) = &comparison.time_zone {
            let _ = writeln!(
                text,
                "\nThe time zone, by which every day begins and ends: {from} -> {to}"
            );
        }
        let (mut subject, mut conditions) = (String::new(), String::new());
        for change in &comparison.changes {
            if subject != self.subject(change) {
                subject = self.subject(change);
                let _ = write!(text, "\n{subject}\n");
                conditions = String::new();
            }
            if conditions != self.conditions(change) {
                conditions = self.conditions(change);
                let _ = writeln!(text, "  {conditions}");
            }
            let (what, situations) = (what(&change.what), change.situations);
            let _ = writeln!(text, "    {what} ({situations})");
        }
        if !comparison.changes.is_empty()
            && [self.old, self.new]
                .into_iter()
                .any(|policy| regulated(policy).count() > 1)
        {
            text.push_str("\nEach app is looked at by itself, all others being absent: together they change nothing more.\n");
        }
        for due_days in &comparison.due_days {
            let _ = writeln!(text, "\n{}", self.due_days(due_days));
        }
        if !comparison.recognition.is_empty() {
            text.push_str("\nRecognition, which decides whether an app counts as there, and whether its signer is expected:\n");
            for sign in &comparison.recognition {
                let _ = writeln!(text, "  {}", self.recognition(sign));
            }
        }
        if !comparison.keys.is_empty() {
            let _ = writeln!(text, "\nKeys that differ: {}", comparison.keys.join(", "));
        }
        text
    }

    /// Where a term ends on another day under another deployment.
    fn due_days(&self, due_days: &DueDays) -> String {
        let day = |day| written_day(day, Language::En);
        let week = match due_days.working_week {
            None => "",
            Some(WorkingWeek::MonFri) => " under `working_week = \"mon-fri\"`",
            Some(WorkingWeek::MonSat) => " under `working_week = \"mon-sat\"`",
        };
        let apps: Vec<_> = due_days.apps.iter().collect();
        format!(
            "{}: notified on another day, its removal is due on another one ({} of {} days, such as {}{week}: {} -> {})",
            self.names(&apps),
            due_days.days,
            due_days.of,
            day(due_days.notified_on),
            day(due_days.due.from),
            day(due_days.due.to),
        )
    }

    /// What is known of the apps.
    fn subject(&self, change: &Change) -> String {
        let Some(subjects) = &change.subjects else {
            return "Whatever apps are there".to_owned();
        };
        // First the states of the same apps, then the apps of the same states.
        let mut states_of: Vec<(&[AppId], Vec<String>)> = Vec::new();
        for subject in subjects {
            let state = self.state(subject);
            match states_of.iter_mut().find(|(apps, _)| *apps == subject.apps) {
                Some((_, states)) => states.push(state),
                None => states_of.push((&subject.apps, vec![state])),
            }
        }
        let mut parts: Vec<(Vec<&AppId>, Vec<String>)> = Vec::new();
        for (apps, states) in states_of {
            let alike = parts.iter_mut().find(|(_, those)| *those == states);
            match alike.filter(|_| !apps.is_empty()) {
                Some((those, _)) => those.extend(apps),
                None => parts.push((apps.iter().collect(), states)),
            }
        }
        let parts = parts.into_iter().map(|(apps, states)| {
            let states = states.join(" or ");
            if apps.is_empty() {
                states
            } else {
                format!("{}: {states}", self.names(&apps))
            }
        });
        let parts: Vec<_> = parts.collect();
        parts.join("; ")
    }

    /// Any one of the apps. Where that is every app of a long list, their number says it.
    fn names(&self, apps: &[&AppId]) -> String {
        let every: BTreeSet<_> = [self.old, self.new]
            .into_iter()
            .flat_map(regulated)
            .collect();
        if apps.len() > LONG && apps.len() == every.len() {
            return format!("Any of the {} apps", apps.len());
        }
        let names: Vec<_> = apps.iter().map(|app| self.name(app)).collect();
        names.join(", ")
    }

    fn state(&self, subject: &Subject) -> String {
        match (subject.presence, subject.installed) {
            (Presence::Absent, _) => "None of the apps is there".to_owned(),
            (Presence::Unknown, _) => "nobody knows whether it is there".to_owned(),
            (Presence::Present, None) => "it is there".to_owned(),
            (Presence::Present, Some(span)) => {
                let since = self.span(span);
                let unknown = if span.from.is_none() {
                    ", or at an unknown time"
                } else {
                    ""
                };
                format!("it is there, installed {since}{unknown}")
            }
        }
    }

    /// Device, holder and time.
    fn conditions(&self, change: &Change) -> String {
        let mut parts = Vec::new();
        if let Some(classes) = &change.classes {
            let classes = classes.iter().map(|class| {
                let (from, to) = (word(&class.from), word(&class.to));
                if from == to {
                    format!("{from} device")
                } else {
                    format!("{from} device, now {to}")
                }
            });
            parts.push(alternatives(classes));
        } else {
            parts.push("any device".to_owned());
        }
        if let Some(hindrances) = &change.hindrances {
            parts.push(alternatives(hindrances.iter().map(|hindrance| {
                match hindrance {
                    Hindrance::None => "nothing prevents the removal",
                    Hindrance::Declared => "the removal is prevented",
                    Hindrance::Reported => "the removal is prevented and the supervisor informed",
                }
                .to_owned()
            })));
        }
        if let Some(roles) = &change.roles {
            parts.push(alternatives(roles.iter().map(|role| {
                let role = role.as_ref().map(NonEmpty::as_str);
                role.map_or_else(
                    || "no exempt role".to_owned(),
                    |role| format!("role `{role}`"),
                )
            })));
        }
        if let Some(spans) = &change.when {
            parts.push(alternatives(spans.iter().map(|span| self.span(*span))));
        }
        parts.join("; ")
    }

    fn recognition(&self, recognition: &Recognition) -> String {
        let sign = match &recognition.sign {
            Sign::Id(id) => format!("by the identifier `{id}`"),
            Sign::Scheme(scheme) => format!("by the scheme `{scheme}`"),
            Sign::DeveloperSigner(signer) => format!("by the developer's signer `{signer}`"),
            Sign::Name(name) => format!("by the name `{name}`"),
            Sign::NotPublished => "as absent, for it does not exist".to_owned(),
            Sign::KnownSigner { id, signer } => {
                format!("as itself by the signer `{signer}` of `{id}`")
            }
        };
        let word = if recognition.newly {
            "newly"
        } else {
            "no longer"
        };
        let platforms = if recognition.platforms == Platform::ALL {
            String::new()
        } else {
            let platforms: Vec<_> = recognition
                .platforms
                .iter()
                .map(|platform| platform.as_str())
                .collect();
            format!(" on {}", platforms.join(", "))
        };
        format!("{}: {word} {sign}{platforms}", self.name(&recognition.app))
    }

    fn name(&self, app: &AppId) -> String {
        let entry = self.new.entry(app).or_else(|| self.old.entry(app));
        entry.map_or_else(|| app.to_string(), |entry| entry.name.to_string())
    }

    fn span(&self, span: Span) -> String {
        match (span.from, span.until) {
            (None, None) => "at any time".to_owned(),
            (None, Some(until)) => format!("until {}", self.end(until)),
            (Some(from), None) => format!("from {}", self.start(from)),
            (Some(from), Some(until)) => {
                let (from, until) = (self.start(from), self.end(until));
                if from == until {
                    format!("on {from}")
                } else {
                    format!("from {from} to {until}")
                }
            }
        }
    }

    fn start(&self, instant: Instant) -> String {
        match self.first_of(instant) {
            Some(day) => written(day),
            None => instant.to_string(),
        }
    }

    fn end(&self, instant: Instant) -> String {
        let last = Instant::from_unix_seconds(instant.unix_seconds() - 1);
        match self.first_of(instant) {
            Some(_) => written(self.new.document().time_zone.day(last)),
            None => last.to_string(),
        }
    }

    /// The day that begins then, where both policies count days alike.
    fn first_of(&self, instant: Instant) -> Option<Day> {
        let (old, new) = (
            &self.old.document().time_zone,
            &self.new.document().time_zone,
        );
        let day = new.day(instant);
        (old == new && new.start_of(day) == instant).then_some(day)
    }
}

/// A list of apps that is longer is not written out.
const LONG: usize = 10;

fn regulated(policy: &Policy) -> impl Iterator<Item = &AppId> {
    policy.document().rules.iter().flat_map(|rule| &rule.apps)
}

fn what(difference: &Difference) -> String {
    match difference {
        Difference::Class(class) => turn("class", class),
        Difference::Verdict {
            decision,
            status,
            zone,
        } => {
            let decision = decision.as_ref().map(|turned| turn("access", turned));
            let status = status.as_ref().map(|turned| turn("status", turned));
            let zone = zone.as_ref().map(|turned| turn("network", turned));
            let parts: Vec<_> = [decision, status, zone].into_iter().flatten().collect();
            parts.join(", ")
        }
        Difference::NoLonger(told) => format!("no longer: {}", said(told)),
        Difference::Newly(told) => format!("newly: {}", said(told)),
    }
}

fn said(told: &Told) -> String {
    match told {
        Told::HangsOnFact(fact) => format!("hangs on {}", fact.as_str()),
        Told::HangsOnApp => "hangs on whether the app is there".to_owned(),
        Told::Obligation(told) => duty(told),
        Told::Advice(code) => format!("advice {code}"),
    }
}

fn duty(duty: &Duty) -> String {
    let what = match duty.kind {
        ObligationKind::RemoveApp => "remove the app",
        ObligationKind::InformSupervisor => "inform the supervisor",
    };
    let due = duty
        .due
        .map(|due| format!(" by {}", written(due)))
        .unwrap_or_default();
    format!("{what}{due} ({})", word(&duty.state))
}

fn written(day: Day) -> String {
    written_day(day, Language::En)
}

fn turn<T: Serialize>(what: &str, turned: &Turned<T>) -> String {
    format!("{what}: {} -> {}", word(&turned.from), word(&turned.to))
}

/// A value as the forms write it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(value) => value.to_string(),
        Err(_) => String::new(),
    }
}

fn alternatives(parts: impl Iterator<Item = impl Display>) -> String {
    let parts: Vec<_> = parts.map(|part| part.to_string()).collect();
    parts.join(" or ")
}
