//! What one policy says, sentence by sentence.

use super::{
    Citation, PolicyExplanation, Sentence, citation, codes, dates, fill, join, texts::Texts,
};
use crate::{
    assessment::{
        ClassName, Decision, Finding, Install, ObligationKind, ObligationState, PolicyAssessment,
        Presence, Status,
    },
    code::Code,
    deployment::Deployment,
    names::{AppId, BasisId, Language},
    policy::{Policy, Removal, Rule},
    time::Day,
};

/// One policy's part of an assessment, with what it takes to say it.
pub(super) struct Speaker<'a> {
    pub(super) said: &'a PolicyAssessment,
    pub(super) policy: &'a Policy,
    pub(super) deployment: &'a Deployment,
    pub(super) texts: &'static Texts,
    pub(super) language: Language,
    pub(super) today: Day,
}

impl Speaker<'_> {
    pub(super) fn explain(&self) -> PolicyExplanation {
        let title = self.policy.document().title.get(self.language);
        let findings = |known: bool| {
            let chosen = self
                .said
                .findings
                .iter()
                .filter(move |found| (found.presence != Presence::Unknown) == known);
            chosen.flat_map(|found| self.finding(found)).collect()
        };
        PolicyExplanation {
            policy: self.policy.id().clone(),
            title: fill(self.texts.label.under_policy, &[("policy", title)]),
            class: codes::class(self.texts, self.said.device_class.class).to_owned(),
            why: self.why(),
            what_to_do: self.what_to_do(),
            seen: findings(true),
            not_seen: findings(false),
            advice: self.advice(),
        }
    }

    fn why(&self) -> Vec<Sentence> {
        let mut sentences = Vec::new();
        for reason in &self.said.reasons {
            let mut say = |apps: &[&AppId], due: Option<Day>| {
                let text = self.under_condition(reason.code, self.say(reason.code, apps, due));
                sentences.push(self.sentence(text, reason.basis.as_ref(), reason.interpretation));
            };
            let apps = self.apps_of(reason.code, reason.basis.as_ref());
            match reason.code {
                // Each app has a term of its own.
                Code::WithinRemovalTerm | Code::RemovalTermPassed => {
                    for (app, due) in apps {
                        say(&[app], due);
                    }
                }
                _ => say(
                    &apps.into_iter().map(|(app, _)| app).collect::<Vec<_>>(),
                    None,
                ),
            }
        }
        sentences
    }

    fn what_to_do(&self) -> Vec<Sentence> {
        let mut sentences: Vec<_> = self
            .said
            .obligations
            .iter()
            .map(|duty| {
                let due = duty
                    .due
                    .map(|due| dates::day(self.texts, due))
                    .unwrap_or_default();
                let values = [("app", self.name(&duty.app)), ("due", due.as_str())];
                let mut text = fill(codes::obligation(self.texts, duty), &values);
                let supervisor = self
                    .deployment
                    .contacts
                    .as_ref()
                    .and_then(|contacts| contacts.supervisor.as_ref());
                if let Some(contact) = supervisor.filter(|_| {
                    duty.kind == ObligationKind::InformSupervisor
                        && duty.state == ObligationState::DueNow
                }) {
                    text = format!(
                        "{text} {}",
                        fill(
                            self.texts.label.supervisor,
                            &[("contact", contact.as_str())]
                        )
                    );
                }
                self.sentence(text, Some(&duty.basis), false)
            })
            .collect();
        let closing = self.closing_without_term();
        if !closing.is_empty() {
            let text = fill(
                self.texts.label.opens_without,
                &[("app", &join(closing, self.texts))],
            );
            sentences.push(self.sentence(text, None, false));
        } else if sentences.is_empty()
            && self.said.access.certain
            && self.said.access.decision == Decision::Permit
        {
            sentences.push(self.sentence(self.texts.label.no_obligation.to_owned(), None, false));
        }
        sentences
    }

    /// The apps that close access to a device of which nobody knows that it is a service device, where access opens without
    /// them: nobody is obliged to remove them, and of no other app it is unknown whether it is there.
    fn closing_without_term(&self) -> Vec<String> {
        let denied = self.said.status == Status::Noncompliant
            && self.said.device_class.class != ClassName::Service;
        let known = self
            .said
            .findings
            .iter()
            .all(|found| found.presence != Presence::Unknown);
        let closes = |found: &&Finding| {
            let rule = self.rule(&found.app);
            found.install.is_some()
                && rule.is_some_and(|rule| rule.personal.decision == Decision::Deny)
        };
        let found = self
            .said
            .findings
            .iter()
            .filter(|_| denied && known)
            .filter(closes);
        found
            .map(|found| self.name(&found.app).to_owned())
            .collect()
    }

    fn finding(&self, found: &Finding) -> Vec<Sentence> {
        let name = self.name(&found.app);
        let presence = fill(
            codes::presence(self.texts, found.presence),
            &[("app", name)],
        );
        let evidence = found
            .evidence
            .iter()
            .map(|code| self.say(code, &[&found.app], None));
        core::iter::once(presence)
            .chain(evidence)
            .map(|text| self.sentence(text, None, false))
            .collect()
    }

    fn advice(&self) -> Vec<Sentence> {
        let advice = self.said.advice.iter();
        advice
            .map(|advice| {
                let apps = self.apps_of(advice.code, advice.basis.as_ref());
                let apps: Vec<_> = apps.into_iter().map(|(app, _)| app).collect();
                self.sentence(
                    self.say(advice.code, &apps, None),
                    advice.basis.as_ref(),
                    false,
                )
            })
            .collect()
    }

    fn sentence(&self, text: String, basis: Option<&BasisId>, interpretation: bool) -> Sentence {
        let basis: Option<Citation> =
            basis.and_then(|basis| citation(self.policy, basis, self.texts, self.language));
        Sentence {
            text,
            basis,
            interpretation,
        }
    }

    fn say(&self, code: Code, apps: &[&AppId], due: Option<Day>) -> String {
        let document = self.policy.document();
        let day = |day: Option<Day>| {
            day.map(|day| dates::day(self.texts, day))
                .unwrap_or_default()
        };
        let names = join(
            apps.iter().map(|app| self.name(app).to_owned()).collect(),
            self.texts,
        );
        let since = self
            .policy
            .stale_since()
            .map(|since| document.time_zone.day(since));
        fill(
            codes::code(self.texts, code),
            &[
                ("app", &names),
                ("due", &day(due)),
                ("policy", document.title.get(self.language)),
                (
                    "notified_on",
                    &day(Some(self.policy.notified_on(self.deployment))),
                ),
                ("in_force_from", &day(Some(document.in_force_from.date))),
                (
                    "review_on",
                    &day(document.review.as_ref().map(|review| review.on)),
                ),
                ("since", &day(since)),
            ],
        )
    }

    /// While the class is open, what holds for one class is said as such.
    fn under_condition(&self, code: Code, text: String) -> String {
        let condition = match code {
            Code::ForbiddenOnServiceDevice
            | Code::WithinRemovalTerm
            | Code::RemovalTermPassed
            | Code::InstalledAfterNotification => self.texts.label.if_service,
            Code::PersonalDeviceWithApp => self.texts.label.if_personal,
            _ => return text,
        };
        match self.said.device_class.class {
            ClassName::Undetermined => fill(condition, &[("text", &text)]),
            _ => text,
        }
    }

    /// The apps that a reason or advice is about, each with the last day for removing it.
    fn apps_of(&self, code: Code, basis: Option<&BasisId>) -> Vec<(&AppId, Option<Day>)> {
        let mut apps = Vec::new();
        for found in &self.said.findings {
            let Some(rule) = self.rule(&found.app) else {
                continue;
            };
            let removal = rule
                .removal
                .as_ref()
                .filter(|_| found.install == Some(Install::Existing));
            let due =
                removal.map(|removal: &Removal| self.policy.due_day(removal.term, self.deployment));
            let due_or_passed = |passed: bool| due.is_some_and(|due| (due < self.today) == passed);
            let present = found.install.is_some();
            let about = match code {
                Code::NoRegulatedApp => true,
                Code::ForbiddenOnServiceDevice => present && Some(&rule.service.basis) == basis,
                Code::WithinRemovalTerm => {
                    due_or_passed(false) && removal.map(|removal| &removal.basis) == basis
                }
                Code::RemovalTermPassed => {
                    due_or_passed(true) && removal.map(|removal| &removal.basis) == basis
                }
                Code::InstalledAfterNotification => {
                    found.install == Some(Install::New)
                        && rule.removal.is_some()
                        && Some(&rule.service.basis) == basis
                }
                Code::PersonalDeviceWithApp => present && Some(&rule.personal.basis) == basis,
                Code::InformSupervisorIfPrevented => {
                    due.is_some()
                        && rule.impediment.as_ref().map(|asks| &asks.basis) == basis
                        && !self.informs_of(&found.app)
                }
                _ => present && rule.personal.advice == Some(code),
            };
            if about {
                apps.push((&found.app, due));
            }
        }
        apps
    }

    /// Whether an impediment to removing the app was declared.
    fn informs_of(&self, app: &AppId) -> bool {
        let mut duties = self.said.obligations.iter();
        duties.any(|duty| duty.kind == ObligationKind::InformSupervisor && duty.app == *app)
    }

    fn rule(&self, app: &AppId) -> Option<&Rule> {
        self.policy
            .document()
            .rules
            .iter()
            .find(|rule| rule.apps.contains(app))
    }

    fn name<'a>(&'a self, app: &'a AppId) -> &'a str {
        self.policy
            .entry(app)
            .map_or(app.as_str(), |entry| entry.name.as_str())
    }
}
