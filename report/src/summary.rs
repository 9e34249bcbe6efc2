//! The summary, in one language: it needs no script.

use octroi_core::{
    Day, Directive, Language, Missing, Policy, Status, written_code, written_day, written_instant,
    written_strength,
};

use crate::{
    calendar,
    counts::{Duties, Task},
    duties::Duty,
    fill,
    html::Html,
    kinds::{Class, STATUSES},
    report::Report,
    rows::{Line, Unread},
    table::{self, Row, Table},
    texts::ReportTexts,
    texts::Texts,
    written_count,
};

/// So many combinations of questions are shown.
const TOGETHER: usize = 5;

pub(crate) fn summary(html: &mut Html, report: &Report<'_>, language: Language) {
    let writer = Writer {
        report,
        language,
        texts: crate::texts(language),
    };
    let code = language.as_str();
    let attributes = [
        ("class", "in"),
        ("lang", code),
        ("id", &*format!("in-{code}")),
    ];
    html.element("div", &attributes, |html| {
        writer.head(html);
        if report.broken_off > 0 {
            let count = writer.count(report.broken_off);
            let said = fill(writer.words().broken_off, "count", &count);
            html.element("p", &[("class", "notice")], |html| html.text(&said));
        }
        writer.tiles(html);
        writer.section(html, "who", writer.words().who, |html| writer.who(html));
        writer.section(html, "due", writer.words().due, |html| writer.due(html));
        writer.section(html, "ask", writer.words().ask, |html| writer.ask(html));
        writer.section(html, "unseen", writer.words().unseen, |html| {
            writer.unseen(html)
        });
        writer.section(html, "law", writer.words().law, |html| writer.law(html));
        if report.unread.lines() > 0 {
            writer.section(html, "unread", writer.words().unread, |html| {
                writer.unread(html)
            });
        }
        html.element("noscript", &[], |html| {
            html.line("p", writer.words().without_script)
        });
    });
}

/// The last lines of the page, in one language.
pub(crate) fn foot(html: &mut Html, language: Language) {
    let texts = &crate::texts(language).report;
    let code = language.as_str();
    html.element("p", &[("class", "in"), ("lang", code)], |html| {
        html.text(&fill(texts.made_by, "version", env!("CARGO_PKG_VERSION")));
    });
}

/// The name of a status.
pub(crate) const fn status(texts: &ReportTexts, status: Status) -> &'static str {
    match status {
        Status::Compliant => texts.status_compliant,
        Status::InGracePeriod => texts.status_in_grace_period,
        Status::Noncompliant => texts.status_noncompliant,
        Status::Unknown => texts.status_unknown,
        Status::NotApplicable => texts.status_not_applicable,
    }
}

/// The name of a class.
pub(crate) const fn class(texts: &ReportTexts, class: Class) -> &'static str {
    match class {
        Class::Service => texts.class_service,
        Class::Personal => texts.class_personal,
        Class::Undetermined => texts.class_undetermined,
        Class::Differs => texts.class_differs,
    }
}

struct Writer<'a> {
    report: &'a Report<'a>,
    language: Language,
    texts: &'static Texts,
}

impl Writer<'_> {
    fn words(&self) -> &'static ReportTexts {
        &self.texts.report
    }

    fn count(&self, count: u64) -> String {
        written_count(count, self.language)
    }

    /// A part of the page that links can name.
    fn section(&self, html: &mut Html, name: &str, heading: &str, inner: impl FnOnce(&mut Html)) {
        let id = format!("{name}-{}", self.language.as_str());
        html.element("section", &[("aria-labelledby", &id)], |html| {
            html.element("h2", &[("id", &id)], |html| html.text(heading));
            inner(html);
        });
    }

    fn head(&self, html: &mut Html) {
        let (report, words) = (self.report, self.words());
        html.line("h1", words.title);
        html.element("p", &[("class", "head")], |html| {
            let mut lines = Vec::new();
            if let Some(administration) = &report.deployment.administration {
                let name = octroi_core::visible(administration.as_str());
                lines.push(fill(words.administration, "administration", &name));
            }
            for policy in report.policies.iter() {
                let document = policy.document();
                let under = fill(words.under, "policy", document.title.get(self.language));
                lines.push(fill(&under, "version", &document.version.to_string()));
            }
            if let Some(policy) = report.policies.iter().next() {
                let zone = &policy.document().time_zone;
                let at = written_instant(report.at, zone, self.language);
                let state = fill(words.state_of, "instant", &at);
                lines.push(fill(&state, "zone", zone.name.as_str()));
            }
            lines.extend(report.is_pseudonymous.then(|| words.pseudonyms.to_owned()));
            for (at, line) in lines.iter().enumerate() {
                if at > 0 {
                    html.open("br", &[]);
                }
                html.text(line);
            }
        });
    }

    /// The numbers that are asked for first.
    fn tiles(&self, html: &mut Html) {
        let (counts, words) = (&self.report.counts, self.words());
        let open = counts.of(None, Some(Status::Unknown), None);
        let unread = self.report.unread.lines();
        // Who adds the tiles up would count these twice.
        let until = counts.denied_until_answered;
        let until = (until > 0).then(|| fill(words.deny_until, "count", &self.count(until)));
        let denied = until.map_or_else(
            || words.deny.to_owned(),
            |until| format!("{}{until}", words.deny),
        );
        let denied = denied.as_str();
        let mut tiles = vec![
            ("all", words.devices, counts.devices()),
            ("good", words.permit, counts.of(None, None, Some(false))),
            ("bad", denied, counts.of(None, None, Some(true))),
            ("care", words.to_do, counts.to_do),
            ("open", words.questions_open, open),
        ];
        tiles.extend((unread > 0).then_some(("none", words.not_read, unread)));
        html.element("ul", &[("class", "tiles")], |html| {
            for (kind, name, count) in tiles {
                html.element(
                    "li",
                    &[
                        ("class", kind),
                        ("data-tile", kind),
                        ("data-n", &count.to_string()),
                    ],
                    |html| {
                        html.line("b", &self.count(count));
                        html.text(" ");
                        html.line("span", name);
                    },
                );
            }
        });
    }

    fn who(&self, html: &mut Html) {
        let (counts, words) = (&self.report.counts, self.words());
        html.line("p", words.who_note);
        let mut columns = vec![words.kind, words.devices, words.permit, words.deny];
        columns.extend(STATUSES.map(|status| self::status(words, status)));
        let row = |name: &str, class: Option<Class>| {
            let mut cells = vec![
                counts.of(class, None, None),
                counts.of(class, None, Some(false)),
                counts.of(class, None, Some(true)),
            ];
            cells.extend(STATUSES.map(|status| counts.of(class, Some(status), None)));
            (name.to_owned(), cells)
        };
        let classes = Class::ALL
            .into_iter()
            .filter(|class| counts.of(Some(*class), None, None) > 0);
        let mut rows: Vec<Row> = classes
            .map(|class| row(self::class(words, class), Some(class)))
            .collect();
        rows.push(row(words.total, None));
        self.table(words.who, Some("status"), false, &columns)
            .write(html, &rows);
    }

    fn due(&self, html: &mut Html) {
        let (duties, words) = (&self.report.counts.duties, self.words());
        if duties.is_empty() {
            html.line("p", words.nothing_due);
            return;
        }
        html.line("p", words.due_note);
        calendar::months(html, duties, self.texts, self.language);
        let columns = [
            words.due_day,
            words.pending,
            words.overdue,
            words.due_now,
            words.done,
        ];
        let row = |(day, duties): (&Option<Day>, &Duties)| {
            let counts = vec![duties.pending, duties.overdue, duties.due_now, duties.done];
            (self.day(*day), counts)
        };
        let rows: Vec<Row> = duties.iter().map(row).collect();
        self.table(words.due, Some("duties"), false, &columns)
            .write(html, &rows);
        self.tasks(html);
    }

    /// What must be done, and with which app.
    fn tasks(&self, html: &mut Html) {
        let (report, words) = (self.report, self.words());
        html.line("h3", words.what_to_do);
        let columns = [
            words.duty,
            words.pending,
            words.overdue,
            words.due_now,
            words.done,
            words.first_day,
        ];
        let row = |html: &mut Html, duty: &Duty, task: &Task| {
            let duties = task.duties;
            let (id, open) = (duty.id(), duties.open().to_string());
            let attributes = [("data-task", &*id), ("data-n", &open)];
            html.element("tr", &attributes, |html| {
                html.element("th", &[("scope", "row")], |html| {
                    html.line("b", &duty.written(report.policies, words));
                });
                let counts = [duties.pending, duties.overdue, duties.due_now, duties.done];
                for (count, column) in counts.into_iter().zip(columns.into_iter().skip(1)) {
                    table::cell(html, count, column, self.language);
                }
                let first = task.first.map_or_else(String::new, |day| self.day(day));
                let attributes = [("class", "day"), ("data-column", words.first_day)];
                html.element("td", &attributes, |html| html.text(&first));
            });
        };
        self.table(words.what_to_do, None, true, &columns)
            .around(html, |html| {
                for (duty, task) in &report.counts.tasks {
                    row(html, duty, task);
                }
            });
    }

    /// A last day in words.
    fn day(&self, day: Option<Day>) -> String {
        day.map_or_else(
            || self.words().at_once.to_owned(),
            |day| written_day(day, self.language),
        )
    }

    fn ask(&self, html: &mut Html) {
        let (report, words) = (self.report, self.words());
        let missing = report.counts.missing();
        if missing.is_empty() && report.counts.stale == 0 {
            html.line("p", words.no_question);
            return;
        }
        if !missing.is_empty() {
            html.line("p", words.ask_note);
            html.line("p", words.asked_of_holder);
        }
        let text = |fact: &Missing| {
            let mut questions = report.kinds.questions.list();
            let text = questions
                .find(|(known, _)| *known == fact)
                .and_then(|(_, texts)| texts.get(self.place()));
            text.cloned().unwrap_or_default()
        };
        let numbered = missing.iter().enumerate();
        let mut rows: Vec<Row> = numbered
            .map(|(at, (fact, asked))| {
                (
                    format!("{}. {}", at + 1, text(fact)),
                    vec![asked.alone, asked.with_others],
                )
            })
            .collect();
        if report.counts.stale > 0 {
            rows.push((words.stale.to_owned(), vec![0, report.counts.stale]));
        }
        let columns = [words.question, words.decides, words.one_of_several];
        self.table(words.ask, Some("questions"), true, &columns)
            .write(html, &rows);
        let number = |fact: &Missing| {
            missing
                .iter()
                .position(|(known, _)| *known == fact)
                .map_or(0, |at| at + 1)
        };
        let together = report.counts.together();
        let rows: Vec<Row> = together
            .iter()
            .take(TOGETHER)
            .map(|(facts, devices)| {
                let mut numbers: Vec<_> = facts.iter().map(number).collect();
                numbers.sort_unstable();
                let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
                (numbers.join(" + "), vec![*devices])
            })
            .collect();
        if !rows.is_empty() {
            let columns = [words.together, words.devices];
            self.table(words.together, None, false, &columns)
                .write(html, &rows);
        }
    }

    fn unseen(&self, html: &mut Html) {
        let (report, words) = (self.report, self.words());
        let mut reasons: Vec<_> = report.counts.unseen.iter().collect();
        if reasons.is_empty() {
            html.line("p", words.all_seen);
            return;
        }
        html.line("p", words.unseen_note);
        reasons.sort_by_key(|(_, devices)| std::cmp::Reverse(**devices));
        let text = |app: &octroi_core::AppId, code| {
            let policy = report
                .policies
                .iter()
                .find(|policy| policy.entry(app).is_some());
            policy
                .map(|policy| written_code(code, std::slice::from_ref(app), policy, self.language))
        };
        let rows: Vec<Row> = reasons
            .into_iter()
            .map(|((app, code), devices)| (text(app, *code).unwrap_or_default(), vec![*devices]))
            .collect();
        let columns = [words.reason, words.devices];
        self.table(words.unseen, None, true, &columns)
            .write(html, &rows);
    }

    fn law(&self, html: &mut Html) {
        let words = self.words();
        html.line("p", words.law_note);
        for policy in self.report.policies.iter() {
            let caption = policy.document().title.get(self.language);
            html.line("h3", caption);
            let columns = [
                words.directive,
                words.in_reasons,
                words.in_duties,
                words.in_advice,
            ];
            self.table(caption, None, true, &columns)
                .around(html, |html| {
                    for directive in &policy.document().directives {
                        self.directive(html, policy, directive);
                    }
                });
        }
    }

    fn directive(&self, html: &mut Html, policy: &Policy, directive: &Directive) {
        let rests = self.report.counts.rests(policy.id(), &directive.id);
        let documents = &policy.document().documents;
        let document = documents
            .iter()
            .find(|document| document.id == directive.document);
        let id = directive.id.to_string();
        html.element("tr", &[("data-basis", &id)], |html| {
            html.element("th", &[("scope", "row")], |html| {
                html.line("b", &id);
                let strength = written_strength(directive.strength, self.language);
                let said = fill(self.words().strong, "strength", strength);
                let said = fill(&said, "text", directive.text.get(self.language));
                html.text(&format!(" {said} "));
                if let Some(document) = document {
                    let cited = format!(
                        "{}, {}",
                        document.title.get(self.language),
                        written_day(document.date, self.language)
                    );
                    match document.link.as_ref().filter(|link| is_web(link.as_str())) {
                        Some(link) => {
                            let attributes = [
                                ("href", link.as_str()),
                                ("rel", "noopener noreferrer"),
                                ("title", self.words().read_document),
                            ];
                            html.element("a", &attributes, |html| html.text(&cited));
                        }
                        None => html.line("cite", &cited),
                    }
                }
            });
            let words = self.words();
            for (count, column) in [
                (rests.reasons, words.in_reasons),
                (rests.duties, words.in_duties),
                (rests.advice, words.in_advice),
            ] {
                table::cell(html, count, column, self.language);
            }
        });
    }

    fn unread(&self, html: &mut Html) {
        let words = self.words();
        html.line("p", words.unread_note);
        let rows: Vec<Row> = self
            .report
            .unread
            .iter()
            .map(|(why, lines, numbers)| {
                let why = match why {
                    Unread::Encoding => words.unread_encoding,
                    Unread::Json => words.unread_json,
                    Unread::Record => words.unread_record,
                    Unread::TooLong => words.unread_too_long,
                };
                let mut listed: Vec<_> = numbers.iter().map(|line| self.line(*line)).collect();
                let more = lines - numbers.len() as u64;
                listed.extend((more > 0).then(|| fill(words.and_more, "count", &self.count(more))));
                let listed = fill(words.line_numbers, "numbers", &listed.join("; "));
                (format!("{why} – {listed}"), vec![lines])
            })
            .collect();
        let columns = [words.reason, words.lines];
        self.table(words.unread, None, true, &columns)
            .write(html, &rows);
    }

    fn table<'a>(
        &self,
        caption: &'a str,
        chart: Option<&'a str>,
        is_said: bool,
        columns: &'a [&'a str],
    ) -> Table<'a> {
        Table {
            caption,
            chart,
            is_said,
            columns,
            language: self.language,
        }
    }

    fn line(&self, line: Line) -> String {
        // It is pasted into other tools, so it has no separators.
        let number = line.number;
        match line.file {
            0 => number.to_string(),
            file => format!("{file} : {number}"),
        }
    }

    fn place(&self) -> usize {
        Language::ALL
            .iter()
            .position(|language| *language == self.language)
            .unwrap_or_default()
    }
}

/// A policy may come from anyone: no link of it runs a script.
fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
