//! A policy as a lawyer reads it.

use octroi_core::{
    AppId, Code, Decision, Directive, Entry, Fact, Group, Holiday, Language, Platform, Point,
    Policy, Rule, Term, Text, WorkingWeek, written_code, written_day, written_month_day,
    written_strength,
};

use crate::{
    language,
    page::Page,
    texts::{PointTexts, ShowTexts},
};

pub(crate) fn page(policy: &Policy, language: Language) -> Page {
    let texts = language::texts(language);
    let sheet = Sheet {
        policy,
        language,
        show: &texts.show,
    };
    let mut page = Page::new();
    sheet.head(&mut page);
    sheet.decisions(&mut page);
    sheet.law(&texts.point, &mut page);
    sheet.apps(&mut page);
    page
}

struct Sheet<'a> {
    policy: &'a Policy,
    language: Language,
    show: &'static ShowTexts,
}

impl Sheet<'_> {
    fn head(&self, page: &mut Page) {
        let (document, show) = (self.policy.document(), self.show);
        let (title, version) = (self.text(&document.title), document.version);
        page.paragraph(0, &format!("{}: {title}", show.title));
        page.paragraph(
            0,
            &format!("{}, {} {version}", self.policy.id(), show.version),
        );
        page.paragraph(0, show.official);
        page.blank();
        let day = |day| written_day(day, self.language);
        let mut lines = vec![
            (show.issuer, self.text(&document.issuer).to_owned()),
            (show.addressees, self.text(&document.addressees).to_owned()),
            (
                show.in_force_from,
                format!(
                    "{} [{}]",
                    day(document.in_force_from.date),
                    document.in_force_from.basis
                ),
            ),
            (show.notified_on, day(document.notified_on)),
        ];
        lines.extend(
            document
                .review
                .iter()
                .map(|due| (show.review_on, format!("{} [{}]", day(due.on), due.basis))),
        );
        lines.push((show.time_zone, document.time_zone.name.to_string()));
        for (label, value) in lines {
            page.paragraph(0, &format!("{label}: {value}"));
        }
    }

    fn decisions(&self, page: &mut Page) {
        let (document, show) = (self.policy.document(), self.show);
        let basis = &document.service_device.basis;
        let facts = document
            .service_device
            .facts
            .iter()
            .map(|fact| self.fact(fact).to_owned());
        page.list(&format!("{} [{basis}]", show.service_device_is), facts);

        page.heading(show.rules);
        for rule in &document.rules {
            for line in self.rule(rule) {
                page.item(2, &line);
            }
        }
        if let Some(exemption) = &document.exemption {
            let roles: Vec<_> = exemption.roles.iter().map(|role| role.as_str()).collect();
            page.item(
                2,
                &format!(
                    "{}: {} [{}]",
                    show.exempt_roles,
                    roles.join(", "),
                    exemption.basis
                ),
            );
        }
        if let Some(zones) = &document.zones {
            page.item(2, &format!("{} [{}]", show.zones, zones.basis));
        }
        let apps = document.rules.iter().flat_map(|rule| rule.apps.clone());
        let apps: Vec<_> = apps.collect();
        let advice = document.advice.iter();
        page.list(
            show.advice,
            advice.map(|advice| format!("{} [{}]", self.advice(advice.code, &apps), advice.basis)),
        );

        let week = match document.calendar.working_week {
            WorkingWeek::MonFri => show.working_week_mon_fri,
            WorkingWeek::MonSat => show.working_week_mon_sat,
        };
        let holidays: Vec<_> = document
            .calendar
            .holidays
            .iter()
            .map(|holiday| self.holiday(*holiday))
            .collect();
        let holidays = if holidays.is_empty() {
            show.none.to_owned()
        } else {
            holidays.join("; ")
        };
        let lines = [week.to_owned(), format!("{}: {holidays}", show.holidays)];
        page.list(show.working_week, lines);
    }

    fn rule(&self, rule: &Rule) -> Vec<String> {
        let show = self.show;
        let decision = |decision| match decision {
            Decision::Permit => show.permit,
            Decision::Deny => show.deny,
        };
        let apps: Vec<_> = rule
            .apps
            .iter()
            .filter_map(|app| Some(self.policy.entry(app)?.name.as_str()))
            .collect();
        let apps = apps.join(", ");
        let mut lines = vec![format!(
            "{apps}. {}: {} [{}]",
            show.service_device,
            decision(rule.service.decision),
            rule.service.basis
        )];
        if let Some(removal) = &rule.removal {
            let term = match removal.term {
                Term::WorkingDays(days) => show
                    .removal_term_working_days
                    .replace("{days}", &days.to_string()),
                Term::CalendarDays(days) => show
                    .removal_term_calendar_days
                    .replace("{days}", &days.to_string()),
                Term::By(day) => show
                    .removal_term_by
                    .replace("{date}", &written_day(day, self.language)),
            };
            let (until, after) = (decision(removal.until_due), decision(removal.after_due));
            let line = format!(
                "{term}. {}: {until}. {}: {after}",
                show.until_due, show.after_due
            );
            lines.push(format!("{apps}. {line} [{}]", removal.basis));
        }
        lines.extend(
            rule.impediment
                .iter()
                .map(|asks| format!("{apps}. {} [{}]", show.impediment, asks.basis)),
        );
        let personal = decision(rule.personal.decision);
        let advice = rule.personal.advice;
        let advice = advice.map(|code| format!(". {}", self.advice(code, &rule.apps)));
        lines.push(format!(
            "{apps}. {}: {personal}{} [{}]",
            show.personal_device,
            advice.unwrap_or_default(),
            rule.personal.basis
        ));
        lines
    }

    fn advice(&self, code: Code, apps: &[AppId]) -> String {
        written_code(code, apps, self.policy, self.language)
    }

    fn law(&self, points: &PointTexts, page: &mut Page) {
        let (document, show) = (self.policy.document(), self.show);
        let documents = document.documents.iter().map(|legal| {
            let link = legal
                .link
                .as_ref()
                .map(|link| format!(" <{link}>"))
                .unwrap_or_default();
            format!(
                "{}: {}, {}{link}",
                legal.id,
                self.text(&legal.title),
                written_day(legal.date, self.language)
            )
        });
        page.list(show.documents, documents);
        let directives = document.directives.iter().map(|directive: &Directive| {
            let strength = written_strength(directive.strength, self.language);
            format!(
                "{} ({strength}): {}",
                directive.id,
                self.text(&directive.text)
            )
        });
        page.list(show.directives, directives);
        let interpretations = document.interpretations.iter().map(|choice| {
            format!(
                "{}: {}",
                point(choice.point, points),
                self.text(&choice.text)
            )
        });
        page.list(show.interpretations, interpretations);
    }

    fn apps(&self, page: &mut Page) {
        page.heading(self.show.apps);
        for app in self
            .policy
            .document()
            .rules
            .iter()
            .flat_map(|rule| &rule.apps)
        {
            if let Some(entry) = self.policy.entry(app) {
                page.paragraph(2, &format!("{} ({app})", entry.name));
                for line in self.entry(entry) {
                    page.item(4, &line);
                }
            }
        }
    }

    fn entry(&self, entry: &Entry) -> Vec<String> {
        let show = self.show;
        let mut lines: Vec<_> = entry
            .identifiers
            .iter()
            .map(|group| self.group(group))
            .collect();
        for absent in &entry.not_published {
            let why = absent
                .interpretation
                .as_ref()
                .map(|why| format!(" {}", self.text(why)))
                .unwrap_or_default();
            lines.push(format!(
                "{}: {}.{why}",
                show.not_published,
                platforms(&absent.platforms)
            ));
        }
        let names: Vec<_> = entry
            .display_names
            .iter()
            .map(|name| name.as_str())
            .collect();
        if !names.is_empty() {
            lines.push(format!("{}: {}", show.display_names, names.join(", ")));
        }
        let ids = entry.identifiers.iter().flat_map(|group| &group.ids);
        let mut ids: Vec<_> = ids.map(|id| id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let signers: Vec<_> = entry
                .signers_of(id)
                .iter()
                .map(ToString::to_string)
                .collect();
            if !signers.is_empty() {
                lines.push(format!(
                    "{}, {id}: {}",
                    show.known_signers,
                    signers.join(", ")
                ));
            }
        }
        lines
    }

    fn group(&self, group: &Group) -> String {
        let show = self.show;
        let words = |label: &str, words: Vec<String>| {
            if words.is_empty() {
                String::new()
            } else {
                format!(" {label}: {}.", words.join(", "))
            }
        };
        let why = group
            .interpretation
            .as_ref()
            .map(|why| format!(" {}", self.text(why)))
            .unwrap_or_default();
        format!(
            "{}.{}{}{} {}: {}.{why}",
            platforms(&group.platforms),
            words(
                show.identifiers,
                group.ids.iter().map(ToString::to_string).collect()
            ),
            words(
                show.schemes,
                group.schemes.iter().map(ToString::to_string).collect()
            ),
            words(
                show.developer_signers,
                group
                    .developer_signers
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            ),
            show.learnt_from,
            group.learnt_from,
        )
    }

    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.language)
    }

    const fn fact(&self, fact: Fact) -> &'static str {
        match fact {
            Fact::Ownership => self.show.fact_ownership,
            Fact::Purchase => self.show.fact_funding_purchase,
            Fact::Subscription => self.show.fact_funding_subscription,
            Fact::Usage => self.show.fact_funding_usage,
        }
    }

    fn holiday(&self, holiday: Holiday) -> String {
        match holiday {
            Holiday::Day(day) => written_month_day(day, self.language),
            Holiday::Easter(1) => self.show.easter_monday.to_owned(),
            Holiday::Easter(39) => self.show.ascension.to_owned(),
            Holiday::Easter(50) => self.show.whit_monday.to_owned(),
            Holiday::Easter(days) => self.show.easter_offset.replace("{days}", &days.to_string()),
            Holiday::Date(day) => written_day(day, self.language),
        }
    }
}

fn platforms(platforms: &[Platform]) -> String {
    platforms
        .iter()
        .map(|platform| platform.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

const fn point(point: Point, texts: &PointTexts) -> &'static str {
    match point {
        Point::InForce => texts.in_force,
        Point::PersonalClass => texts.personal_class,
        Point::SelfDeclaredFacts => texts.self_declared_facts,
        Point::ServiceDecision => texts.service_decision,
        Point::PersonalDecision => texts.personal_decision,
        Point::UntilDue => texts.until_due,
        Point::AfterDue => texts.after_due,
        Point::WorkingWeek => texts.working_week,
        Point::UnknownInstallTime => texts.unknown_install_time,
        Point::Impediment => texts.impediment,
        Point::Zones => texts.zones,
        Point::Review => texts.review,
    }
}
